import { inIdleSlices } from './idle.ts';

/** Begins to read what can be found as soon as the page has come to rest, so that the first search is answered at once. */
export function loadFinding(): void {
  inIdleSlices(
    () => false,
    () =>
      void import('./find-desk.svelte.ts').then(
        ({ findDesk }) => findDesk.begin(),
        // Without a line and not kept yet: who opens the search is told so.
        () => undefined,
      ),
  );
}
