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
import { cleanupOutdatedCaches, PrecacheController, PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

/** Files of the version before, for tabs that still run it: they load screens when these are opened. */
const formerCache = 'nuanlin-former';
const precache = new PrecacheController();
precache.addToCacheList([
  // Their names carry a hash of what is in them.
  ...build.map((url) => ({ url, revision: null })),
  ...[...files, ...prerendered].map((url) => ({ url, revision: version })),
]);
cleanupOutdatedCaches();
self.addEventListener('install', (event) => event.waitUntil(precache.install(event)));
self.addEventListener('activate', (event) => event.waitUntil(keepFormer().then(() => precache.activate(event))));

/** Taking over throws away what this version does not have; a tab of the old one may still ask for it. */
async function keepFormer(): Promise<void> {
  await caches.delete(formerCache);
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length === 0) return;
  const [from, to] = await Promise.all([caches.open(precache.strategy.cacheName), caches.open(formerCache)]);
  const mine = new Set(precache.getCachedURLs());
  for (const request of await from.keys()) {
    const found = mine.has(request.url) ? undefined : await from.match(request);
    if (found) await to.put(request, found);
  }
}

registerRoute(new PrecacheRoute(precache));
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/_app/immutable/'),
  async ({ request }) => (await caches.match(request, { cacheName: formerCache })) ?? fetch(request),
);
registerRoute(
  new NavigationRoute(precache.createHandlerBoundToURL('/shell'), {
    denylist: [/^\/(api|healthz|readyz|metrics)(\/|$)/],
  }),
);
clientsClaim();

// A new version waits until every tab is closed, or until the person has said so.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
