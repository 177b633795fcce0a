import { expect, it } from 'vitest';
import { missingIn, missingWords, type BrowserParts, type Missing } from './missing-features.ts';

const whole = {
  navigator: { serviceWorker: {}, locks: {}, wakeLock: {}, storage: { getDirectory: {}, persist: {} } },
  ...{ caches: {}, localStorage: {}, BroadcastChannel: {}, EventSource: {}, OffscreenCanvas: {} },
};
const { serviceWorker, locks, wakeLock, storage } = whole.navigator;
const forbidden = Object.defineProperty({ ...whole }, 'localStorage', {
  get: () => {
    throw new Error('The person has forbidden it.');
  },
});

it.each<[string, BrowserParts, Missing[]]>([
  ['a browser that has everything', whole, []],
  ['no service worker', { ...whole, navigator: { locks, wakeLock, storage } }, ['offlineStart']],
  ['no locks', { ...whole, navigator: { serviceWorker, wakeLock, storage } }, ['oneTab']],
  ['no channel', { ...whole, BroadcastChannel: undefined }, ['oneTab']],
  ['no file of its own', { ...whole, navigator: { ...whole.navigator, storage: { persist: {} } } }, ['ownFile']],
  ['no storage manager', { ...whole, navigator: { serviceWorker, locks, wakeLock } }, ['ownFile', 'lasting']],
  ['a cache less', { ...whole, caches: undefined }, []],
  [
    'neither file nor cache',
    { ...whole, navigator: { serviceWorker, locks, wakeLock }, caches: undefined },
    ['secondPlace', 'lasting'],
  ],
  ['no local storage', { ...whole, localStorage: null }, ['memory']],
  ['storage that lasts as long as the page', { ...whole, localStorage: { lasts: false } }, ['memory']],
  ['forbidden storage', forbidden, ['memory']],
  ['no events', { ...whole, EventSource: undefined }, ['news']],
  ['a screen that goes dark', { ...whole, navigator: { serviceWorker, locks, storage } }, ['awake']],
  ['no canvas beside the page', { ...whole, OffscreenCanvas: undefined }, ['photos']],
])('%s', (_name, parts, expected) => {
  expect(missingIn(parts)).toEqual(expected);
  const said = missingWords(parts);
  expect(new Set(said).size).toBe(expected.length);
  // One sentence each.
  for (const sentence of said) expect(sentence).toMatch(/^[^。]+。$/);
});
