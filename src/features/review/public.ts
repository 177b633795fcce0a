export { default as GivenBack } from './given-back.svelte';
export { default as LostMine } from './lost-mine.svelte';
