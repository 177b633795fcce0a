/** The search of the whole office; its code is fetched when it is opened. */
export const loadFindBox = () => import('./find-box.svelte');
export { loadFinding } from './load-finding.ts';
