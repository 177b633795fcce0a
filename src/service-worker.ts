/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/**
 * Puts the whole app on the phone, so that a cold start needs nobody: the built files, the static ones, and one empty
 * page that is handed out under every address. Answers of the server are never kept here; what the phone holds of
 * people lies sealed in its own store.
 */
import { build, files, prerendered, version } from '$service-worker';
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

precacheAndRoute([
  // Their names carry a hash of what is in them.
  ...build.map((url) => ({ url, revision: null })),
  ...[...files, ...prerendered].map((url) => ({ url, revision: version })),
]);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/shell'), { denylist: [/^\/(api|healthz|readyz|metrics)(\/|$)/] }),
);
clientsClaim();

// A new version waits until every tab is closed, or until the person has said so.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
