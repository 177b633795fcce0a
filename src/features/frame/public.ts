export { default as FieldFrame } from './field-frame.svelte';
export { default as OfficeFrame } from './office-frame.svelte';
export { loadOfficeFrame } from './load-office-frame.ts';
export { onAsked } from './on-asked.svelte.ts';
export { sectionsFor, type SectionId } from './sections.ts';
