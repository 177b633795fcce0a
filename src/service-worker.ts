/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/**
 * Puts the whole app on the phone, so that a cold start needs nobody: the built files, the static ones, and one empty
 * page that is handed out under every address. Answers of the server are never kept here; what the phone holds of
 * people lies sealed in its own store. What only people at desks open is put on the phones and computers of those who
 * work at one, when a page says so (decision 0031).
 */
import { build, files, prerendered, version } from '$service-worker';
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, PrecacheController, PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/** `deskFiles`: written in front of this code by the build. Without it everybody keeps everything. */
declare const self: ServiceWorkerGlobalScope & { readonly deskFiles?: readonly string[] };

/** Files of the version before, for tabs that still run it: they load screens when these are opened. */
const formerCache = 'nuanlin-former';
/** Its being there says that somebody of this phone works at a desk. */
const deskCache = 'nuanlin-desk';
const deskFiles = self.deskFiles ?? [];
const ofDesk = new Set(deskFiles);
const precache = new PrecacheController();
precache.addToCacheList([
  // Their names carry a hash of what is in them.
  ...build.filter((url) => !ofDesk.has(url)).map((url) => ({ url, revision: null })),
  ...[...files, ...prerendered].map((url) => ({ url, revision: version })),
]);
cleanupOutdatedCaches();
self.addEventListener('install', (event) => event.waitUntil(Promise.all([precache.install(event), keepDeskAgain()])));
self.addEventListener('activate', (event) => event.waitUntil(keepFormer().then(() => precache.activate(event))));

/** A new version comes whole or not at all: with the desk's files where those of the version before are. */
async function keepDeskAgain(): Promise<void> {
  if (await caches.has(deskCache)) await keepDesk();
}

/** One after the other: the work of the page goes first. Rejects when one cannot be fetched; the next asking goes on. */
async function keepDesk(): Promise<void> {
  const cache = await caches.open(deskCache);
  const here = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  for (const url of deskFiles) if (!here.has(url)) await cache.add(url);
}

/** Taking over throws away what this version does not have; a tab of the old one may still ask for it. */
async function keepFormer(): Promise<void> {
  await caches.delete(formerCache);
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const former = tabs.length === 0 ? null : await caches.open(formerCache);
  const mine = new Set(precache.getCachedURLs());
  await moveOut(await caches.open(precache.strategy.cacheName), (url) => !mine.has(url), former, false);
  if (!(await caches.has(deskCache))) return;
  await moveOut(await caches.open(deskCache), (url) => !ofDesk.has(new URL(url).pathname), former, true);
}

/** Copies what matches to where an old tab finds it; with `drop` it leaves the place where it was. */
async function moveOut(from: Cache, leaves: (url: string) => boolean, to: Cache | null, drop: boolean): Promise<void> {
  for (const request of await from.keys()) {
    if (!leaves(request.url)) continue;
    const found = to && (await from.match(request));
    if (found) await to.put(request, found);
    if (drop) await from.delete(request);
  }
}

registerRoute(new PrecacheRoute(precache));
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/_app/immutable/'),
  async ({ request }) =>
    (await caches.match(request, { cacheName: deskCache })) ??
    (await caches.match(request, { cacheName: formerCache })) ??
    fetch(request),
);
registerRoute(
  new NavigationRoute(precache.createHandlerBoundToURL('/shell'), {
    denylist: [/^\/(api|healthz|readyz|metrics)(\/|$)/],
  }),
);
clientsClaim();

/** What a page tells: that the version which waits may take over, and whether its person works at a desk. */
interface Told {
  readonly type?: string;
  readonly atDesk?: boolean;
}

self.addEventListener('message', (event) => {
  const told = event.data as Told | null;
  // A new version waits until every tab is closed, or until the person has said so.
  if (told?.type === 'SKIP_WAITING') void self.skipWaiting();
  if (told?.type === 'KEEP') event.waitUntil(keepFor(told.atDesk === true));
});

/** What is being done about the desk's files, one thing at a time. */
let turn: Promise<unknown> = Promise.resolve();

function keepFor(atDesk: boolean): Promise<unknown> {
  turn = turn.then(() => (atDesk ? keepDesk() : caches.delete(deskCache))).catch(() => undefined);
  return turn;
}
