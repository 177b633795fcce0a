export { default as MoreEntries } from './more-entries.svelte';
export { offeredKinds } from './offered.ts';
