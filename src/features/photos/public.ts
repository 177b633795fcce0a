export { default as PhotoInput } from './photo-input.svelte';
export { default as PhotoView } from './photo-view.svelte';
export { default as PhotosWaiting } from './photos-waiting.svelte';
