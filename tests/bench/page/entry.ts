import { beginOpening } from '#engine/client/begin.ts';

// As the app does it: the store is opened while the rest of the code is on its way.
beginOpening();

void import('./page.ts');
