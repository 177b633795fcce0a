import type { HandleClientError } from '@sveltejs/kit';
import { beginOpening } from '#engine/client/begin.ts';

// Kit runs this file before it fetches any screen.
beginOpening();

/** What browsers say when the code of a page cannot be fetched, each in its own words. */
const notFetched = /dynamically imported module|importing a module script|unable to preload/i;

/** A page whose code is neither on this phone nor to be fetched is not broken: the words for it are others. */
export const handleError: HandleClientError = ({ error, message, status }) => {
  if (error instanceof Error && notFetched.test(error.message)) return { message: 'not-here' };
  if (status !== 404) reportError(error);
  return { message };
};
