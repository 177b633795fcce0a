export { default as GivenBack } from './given-back.svelte';
