import { beginOpening } from '#engine/client/begin.ts';

// Kit runs this file before it fetches any screen.
beginOpening();
