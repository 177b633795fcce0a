import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect } from 'vitest';
import { Station } from './station.svelte.ts';
import { lamps, MemoryCentre, SharedBrowser, StoodTime, surroundings } from './testing.ts';

let phones = 0;

/** Each phone has a disk of its own; a store found on it without a note would be taken for this phone's. */
export function freshDisks(): void {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });
}

/** A phone with a browser of its own; `open` is one more tab of it. */
export function phone() {
  const centre = new MemoryCentre();
  centre.device = `station-test-${(phones += 1)}`;
  centre.rows = [{ row: { id: 'l1', room: 'hall', lit: false }, version: 1 }];
  const time = new StoodTime();
  const browser = new SharedBrowser();
  const open = async () => {
    const station = new Station();
    await station.start({ registry: lamps, server: centre, around: surroundings(time, browser) });
    return station;
  };
  return { centre, time, browser, open };
}

/** A phone that has joined and holds all there is. */
export async function enrolled() {
  const parts = phone();
  const station = await parts.open();
  await station.join('token');
  await reached(parts, station);
  return { ...parts, station };
}

/** Lets time pass until the phone has nothing left to fetch or to send. */
export async function reached({ time }: { time: StoodTime }, station: Station) {
  const isReached = () => station.filling === null && station.status.word === 'received';
  for (let tries = 0; tries < 300 && !(tries > 0 && isReached()); tries += 1) {
    if (tries % 20 === 0) station.lookNow();
    await time.pass(500);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect([station.filling, station.status.word]).toEqual([null, 'received']);
}

/** Lets time pass until nothing is in trouble; a broken connection is tried again with growing waits. */
export async function healed(station: Station, time: StoodTime) {
  for (let tries = 0; tries < 200 && station.status.keeping === 'troubled'; tries += 1) {
    await time.pass(200);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Lets the moment pass after which acts are on their way from the journal to the store. */
export async function onTheirWay(time: StoodTime) {
  await time.pass(150);
}
