export { default as MoreEntries } from './more-entries.svelte';
export { actsAbove, offeredKinds } from './offered.ts';
export { formPath, listPath } from './paths.ts';
