export { default as ChangedMeanwhile } from './changed-meanwhile.svelte';
export { LiveForm, type ChangedField } from './live-form.svelte.ts';
