export { default as InstallHint } from './install-hint.svelte';
export { justJoined } from './just-joined.svelte.ts';
