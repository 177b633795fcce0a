import { mount } from 'svelte';
import { station } from '#engine/client/station.svelte.ts';
import { beginOpening } from '#engine/client/begin.ts';
import { LaterServer } from '#engine/client/later-server.ts';
import { browserTimers } from '#engine/client/timers.ts';
import { makeRecords, writeSeed } from '../care-records.ts';
import { argumentsOf, benchRegistry, careRecord, careRecordActs } from '../kinds.ts';
import FirstList from './first-list.svelte';
import RouteList from './route-list.svelte';
import { Rounds } from './rounds.ts';

/**
 * The real engine on a page: Station, journal, IndexedDB, seals, exchange. Driven from outside through `window.bench`.
 * Without a line (`?offline`) it starts from what the disk holds, as a phone does in the morning.
 */
const asked = new URLSearchParams(location.search);
let offline = asked.has('offline');
/** Nothing was asked for so long: then nothing is on its way (ms). A poke is followed up after half a second. */
const restMs = Number(asked.get('rest') ?? 1_200);
const rounds = new Rounds();
const { around, found } = beginOpening();
/** When the list was painted for the first time with so many rows (ms since the page was asked for). */
const paintedAt = new Map<number, number>();

function lineOrNothing(url: string | URL | Request, options?: RequestInit): Promise<Response> {
  return offline ? Promise.reject(new TypeError('There is no line.')) : fetch(url, options);
}

function noteShown(count: number): void {
  // The second frame begins when the first one with the rows in it has been painted.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (!paintedAt.has(count)) paintedAt.set(count, performance.now());
    }),
  );
}

const started = station.start({
  registry: benchRegistry,
  server: rounds.over(
    new LaterServer(async () => {
      const { TrpcServer } = await import('#engine/client/transport.ts');
      return new TrpcServer({ fetch: lineOrNothing, timers: browserTimers });
    }),
  ),
  found,
  around: { ...around, channel: (name) => rounds.beside(around.channel(name)) },
});
mount(asked.has('route') ? RouteList : FirstList, {
  target: document.querySelector('#app') as HTMLElement,
  props: { onShown: noteShown },
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Waits until nothing has been asked for a while: pokes about one's own work bring an exchange without news. */
async function rest(): Promise<void> {
  for (let before = -1; before !== rounds.count;) {
    before = rounds.count;
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

const exchangeEntries = (): PerformanceResourceTiming[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
    name.includes('sync.exchange'),
  );

const bench = {
  /** Becomes the device whose session this browser has, unless it is. Nothing is asked for yet. */
  async open() {
    await started;
    if (station.me) return;
    rounds.holdBack();
    const result = await station.recover();
    if (result !== 'done') throw new Error(`The phone did not open: ${JSON.stringify(result)}.`);
  },

  /** Everything there is, committed; how many records are shown then. */
  async pull() {
    const ms = await timed(() => {
      const done = rounds.settled();
      rounds.letGo();
      return done;
    });
    return { ms, count: station.records(careRecord).all().length, shown: [...paintedAt.keys()].length };
  },

  rest,

  /** Acts without a line, one after the other; how long each took until it was called saved. */
  async write(count: number) {
    offline = true;
    const records = makeRecords(count, writeSeed).map(argumentsOf);
    const times: number[] = [];
    const ms = await timed(async () => {
      for (const args of records) {
        const from = performance.now();
        const outcome = await station.mutate(careRecordActs.write, args);
        if ('refusal' in outcome) throw new Error(`An act was refused: ${outcome.refusal.code}.`);
        times.push(performance.now() - from);
      }
    });
    return { ms, times, keeping: station.status.keeping };
  },

  /** The line is back: until the screen may say that the centre has everything. */
  async push() {
    offline = false;
    const before = station.status.unsent;
    const ms = await timed(async () => {
      const done = rounds.settled();
      station.lookNow();
      await done;
    });
    return { ms, count: before - station.status.unsent, word: station.status.word };
  },

  /** One look at the centre that brings nothing. */
  async look() {
    return timed(async () => {
      const done = rounds.settled();
      station.lookNow();
      await done;
    });
  },

  /** From here on exchanges wait, so that a poke does not fetch what is to be measured. */
  holdBack() {
    rounds.holdBack();
    station.lookNow();
  },

  async news() {
    const ms = await timed(() => {
      const done = rounds.settled();
      rounds.letGo();
      return done;
    });
    return { ms };
  },

  /** When the list stood with at least so many rows, and when the first byte of the first answer was there (ms). */
  async shown(atLeast: number) {
    await started;
    const painted = (): number[] => [...paintedAt].filter(([count]) => count >= atLeast).map(([, at]) => at);
    while (painted().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return { paintedAt: Math.min(...painted()), firstByteAt: exchangeEntries()[0]?.responseStart ?? null };
  },

  count: () => station.records(careRecord).all().length,
};
export type Bench = typeof bench;

Object.assign(globalThis, { bench });
