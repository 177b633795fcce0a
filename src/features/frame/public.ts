export { default as FieldFrame } from './field-frame.svelte';
export { default as OfficeFrame } from './office-frame.svelte';
/** For pages that both see: only people of the office fetch its frame. */
export const loadOfficeFrame = () => import('./office-frame.svelte');
export { onAsked } from './on-asked.svelte.ts';
export { sectionsFor, type SectionId } from './sections.ts';
