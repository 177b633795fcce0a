export { default as FieldFrame } from './field-frame.svelte';
export { default as OfficeFrame } from './office-frame.svelte';
export { sectionsFor, type SectionId } from './sections.ts';
