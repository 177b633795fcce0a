/** For pages that both see: only people of the office fetch its frame, with the search that it brings. */
export const loadOfficeFrame = () => import('./office-frame.svelte');
