import { building, dev } from '$app/environment';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { log } from '#server/log.ts';
import { quietStation, startStation, stopStation } from '#server/start.ts';
import sprite from './icons.svg?raw';

export const init: ServerInit = async () => {
  if (building) return;
  await startStation(process.env);
  process.on('sveltekit:shutdown', () => stopStation());
  // Lines of pokes are open for hours; the server waits for them unless they are ended first.
  if (!dev) for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, quietStation);
};

/**
 * The signs stand in the page itself: asked for as a file, the browser makes a document of its own of them, and again
 * whenever a new sign comes up, which held a slow phone up for a tenth of a second after every door.
 */
const withSigns = ({ html }: { html: string }): string => html.replace('%sprite%', () => sprite);

/** Heads that keep other pages and curious eyes out; the content policy itself comes from the configuration. */
export const handle: Handle = async ({ event, resolve }) => {
  const response = await resolve(event, { transformPageChunk: withSigns });
  // Most answers of a day say that nothing is new and have no body of which anything could be made.
  if (response.status !== 204) response.headers.set('x-content-type-options', 'nosniff');
  // Answers of the procedures are JSON that no page can be made of; on a weak line their heads count.
  if (event.url.pathname.startsWith('/api/')) return response;
  response.headers.set('x-frame-options', 'DENY');
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  response.headers.set('cross-origin-resource-policy', 'same-origin');
  response.headers.set('permissions-policy', 'camera=(self), geolocation=(self), microphone=()');
  if (event.url.protocol === 'https:') response.headers.set('strict-transport-security', 'max-age=31536000');
  return response;
};

/** Nothing of the inside leaves the server; the log says where it went wrong. */
export const handleError: HandleServerError = ({ error, event, status }) => {
  if (status !== 404) log.error({ err: error, route: event.route.id, status }, 'a page failed');
  return { message: status === 404 ? 'not-found' : 'internal' };
};
