import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StationDatabase } from './database.ts';
import { Station } from './station.svelte.ts';
import type { MemoryJournals } from './testing-journal.ts';
import { lamp, lampActs, lamps, MemoryCentre, SharedBrowser, StoodTime, surroundings, until } from './testing.ts';

let phones = 0;

// Each phone has a disk of its own; a store found on it without a note would be taken for this phone's.
beforeEach(() => {
  Dexie.dependencies.indexedDB = new IDBFactory();
});

/** A phone with a browser of its own; `open` is one more tab of it. */
function phone() {
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

async function enrolled() {
  const parts = phone();
  const station = await parts.open();
  await station.join('token');
  await reached(parts, station);
  return { ...parts, station };
}

/** Lets time pass until the phone has nothing left to fetch or to send. */
async function reached({ time }: { time: StoodTime }, station: Station) {
  station.lookNow();
  await time.pass(500);
  await until(() => {
    expect(station.filling).toBeNull();
    expect(station.status.word).toBe('received');
  });
}

/** Lets time pass until nothing is in trouble; a broken connection is tried again with growing waits. */
async function healed(station: Station, time: StoodTime) {
  for (let tries = 0; tries < 200 && station.status.keeping === 'troubled'; tries += 1) {
    await time.pass(200);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a phone', () => {
  it('is nobody’s first, and fills itself after joining', async () => {
    const parts = phone();
    const station = await parts.open();
    expect(station.phase.name).toBe('nobody');
    // The centre is out of reach at first, so that what stands before the filling can be looked at in peace.
    parts.centre.failing = { kind: 'no-answer' };
    expect(await station.join('token')).toBe('done');
    expect(station.phase.name).toBe('ready');
    expect(station.filling).toEqual({ rows: 0 });
    expect(station.status.word).toBe('onPhone');
    parts.centre.failing = null;
    await reached(parts, station);
    expect(station.who.person).toBe('p1');
    expect(station.records(lamp).where({ room: 'hall' })).toHaveLength(1);
  });

  it('says 中心已收到 only when the centre’s verdict covers the act', async () => {
    const { station, time, centre } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    expect(station.can(lampActs.light, { lampId: 'l1' })).toBe(true);
    expect(await station.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    expect(station.records(lamp).get('l1')?.lit).toBe(true);
    expect(station.status).toMatchObject({ word: 'onPhone', unsent: 1 });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ word: 'onPhone', unsent: 1, misses: 1 }));
    centre.failing = null;
    centre.rows = [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }];
    await reached({ time }, station);
    expect(station.status.unsent).toBe(0);
    expect(centre.taken.size).toBe(1);
  });

  it('says 发送中 while the act is on its way', async () => {
    const { station, time, centre } = await enrolled();
    const exchange = centre.exchange;
    let answer = () => {};
    centre.exchange = async (request) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return exchange(request);
    };
    await station.mutate(lampActs.hang, { room: 'attic' });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ word: 'sending', sending: 1 }));
    answer();
    await until(() => expect(station.status.word).toBe('received'));
  });

  it('keeps a copy of what a screen hands in', async () => {
    const { station } = await enrolled();
    const args = { room: 'attic' };
    await station.mutate(lampActs.hang, args);
    args.room = 'cellar';
    expect(station.open[0]?.args).toEqual({ room: 'attic' });
  });

  it('has words for every refusal and keeps a refused act until it is read', async () => {
    const { station, time, centre } = await enrolled();
    centre.refusing = 'already-lit';
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await reached({ time }, station);
    expect(station.status.refusedUnread).toBe(1);
    const [entry] = station.open;
    if (entry?.state !== 'refused') throw new Error('It should stand there as refused.');
    expect(station.refusalWords(entry.code, entry.name)).toBe('It is lit.');
    for (const code of ['not-allowed', 'held', 'not-saved', 'never-heard-of'])
      expect(station.refusalWords(code, entry.name)).toMatch(/。$/);
    await station.acknowledgeRefusal(entry.seq);
    expect(station.status.refusedUnread).toBe(0);
  });

  it('does not show as saved what the disk did not take', async () => {
    const { station, browser } = await enrolled();
    browser.journals = Object.assign(browser.journals as MemoryJournals, { failing: true });
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('Connection is closing.', 'UnknownError');
    });
    const outcome = await station.mutate(lampActs.light, { lampId: 'l1' });
    vi.restoreAllMocks();
    expect(outcome).toMatchObject({ refusal: { code: 'not-saved' } });
    expect(station.records(lamp).get('l1')?.lit).toBe(false);
    expect(station.status.unsent).toBe(0);
  });

  it('opens again without the centre, with everything it had', async () => {
    const parts = await enrolled();
    parts.centre.failing = { kind: 'no-answer' };
    await parts.station.mutate(lampActs.light, { lampId: 'l1' });
    const again = await parts.open();
    expect(again.phase.name).toBe('ready');
    expect(again.filling).toBeNull();
    expect(again.records(lamp).get('l1')?.lit).toBe(true);
    expect(again.status).toMatchObject({ unsent: 1, word: 'onPhone' });
  });

  it('pauses when it is not known any more, deletes nothing, and goes on after signing in', async () => {
    const { station, time, centre } = await enrolled();
    centre.failing = { kind: 'sign-in' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ needsSignIn: true, unsent: 1 }));
    const asked = centre.requests.length;
    await time.pass(600_000);
    expect(centre.requests).toHaveLength(asked);
    centre.failing = null;
    expect(await station.join('another')).toBe('done');
    await time.pass(0);
    await until(() => expect(station.status).toMatchObject({ needsSignIn: false, unsent: 0 }));
    expect(centre.taken.size).toBe(1);
  });

  it('takes its person’s unsent work along when it comes back as a new device, and nobody else’s', async () => {
    const { station, time, centre, browser } = await enrolled();
    centre.failing = { kind: 'sign-in' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await time.pass(1_000);
    await until(() => expect(station.status.needsSignIn).toBe(true));
    const { join } = centre;
    const device = `${centre.device}-again`;
    centre.join = async () => {
      const { answer } = await join();
      return { kind: 'answer', answer: { ...answer, device, identity: { ...answer.identity, person: 'p2' } } };
    };
    expect(await station.join('stranger')).toEqual({ code: 'others-work' });
    expect(station.status.unsent).toBe(1);
    centre.join = join;
    centre.device = device;
    centre.failing = null;
    expect(await station.join('own')).toBe('done');
    await reached({ time }, station);
    expect([...centre.taken.values()]).toEqual([{ name: 'lamp.light', args: { lampId: 'l1' } }]);
    // What has moved must not be found in the old place after the next loss.
    expect([...(browser.journals?.files.keys() ?? [])]).toEqual([device]);
  });

  it('is not taken over while it belongs to somebody', async () => {
    const { station } = await enrolled();
    expect(await station.join('other')).toEqual({ code: 'belongs-to-somebody' });
  });
});

describe('a phone whose store was emptied', () => {
  /** Two acts without the centre, and the browser throws the store away; the app is closed unless `open`. */
  async function emptied(part: 'closed' | 'open' = 'closed') {
    const parts = await enrolled();
    parts.centre.failing = { kind: 'no-answer' };
    await parts.station.mutate(lampActs.light, { lampId: 'l1' });
    await parts.station.mutate(lampActs.hang, { room: 'attic' });
    if (part === 'closed') parts.station.close();
    await Dexie.delete(new StationDatabase(parts.centre.device).name);
    return parts;
  }

  it('says so, and that the journal still has what was unsent', async () => {
    const { open } = await emptied();
    expect((await open()).phase).toEqual({ name: 'lost', unsent: 2, gone: 0 });
  });

  it('says so too when the note is gone as well, and when only the note is left', async () => {
    const { open, browser } = await emptied();
    const note = browser.canary.read();
    browser.canary.clear();
    expect((await open()).phase).toEqual({ name: 'lost', unsent: 2, gone: 0 });
    browser.journals?.files.clear();
    expect((await open()).phase.name).toBe('nobody');
    browser.canary.write(note as NonNullable<typeof note>);
    expect((await open()).phase).toEqual({ name: 'lost', unsent: 2, gone: 2 });
  });

  it('says so too when the browser has made an empty store in its place', async () => {
    const { open, centre } = await emptied();
    const empty = new StationDatabase(centre.device);
    await empty.open();
    empty.close();
    expect((await open()).phase.name).toBe('lost');
  });

  it('hands in what the journal held when the centre knows it again, once each', async () => {
    const { open, centre, time } = await emptied();
    centre.failing = null;
    const station = await open();
    expect(await station.recover()).toBe('done');
    expect(station.status.unsent).toBe(2);
    await reached({ time }, station);
    expect([...centre.taken.values()].map(({ name }) => name)).toEqual(['lamp.light', 'lamp.hang']);
  });

  it.each([true, false])('never gives a number out twice, with (%s) or without a journal', async (journal) => {
    const { open, centre, browser } = await emptied();
    if (!journal) browser.journals = null;
    const used = browser.canary.read()?.highestSeq ?? Number.NaN;
    centre.failing = null;
    const station = await open();
    expect(await station.recover()).toBe('done');
    await station.mutate(lampActs.hang, { room: 'cellar' });
    expect(station.open.at(-1)?.seq).toBeGreaterThan(used + 500);
  });

  it('heals while the app is open: goes on, and the store holds everything again', async () => {
    const { station, time, open } = await emptied('open');
    expect(await station.mutate(lampActs.hang, { room: 'cellar' })).toHaveProperty('saved');
    await until(() => expect(station.status.keeping).toBe('troubled'));
    await healed(station, time);
    expect(station.status).toMatchObject({ keeping: 'twice', unsent: 3 });
    station.close();
    const again = await open();
    expect(again.phase.name).toBe('ready');
    expect(again.status.unsent).toBe(3);
    expect(again.records(lamp).get('l1')?.lit).toBe(true);
  });

  it('leaves a store alone that another tab has made meanwhile, and starts anew from it', async () => {
    const { station: first, open, centre, time } = await emptied('open');
    centre.failing = null;
    const second = await open();
    expect(await second.recover()).toBe('done');
    // What the first tab does lands in the journal, whichever store stands at that moment.
    await until(() => expect(first.phase.name).toBe('ready'));
    const saved = await first.mutate(lampActs.hang, { room: 'cellar' });
    if ('refusal' in saved) {
      await until(() => expect(first.phase.name).toBe('ready'));
      expect(await first.mutate(lampActs.hang, { room: 'cellar' })).toHaveProperty('saved');
    }
    await time.pass(1_000);
    await until(() => expect(first.phase.name).toBe('ready'));
    await reached({ time }, second);
    await until(() => expect([...centre.taken.values()].map(({ args }) => args)).toHaveLength(3));
    expect((await open()).phase.name).toBe('ready');
  });
});

describe('a phone whose disk takes nothing more into the store', () => {
  it('saves in the journal, says that one home is missing, and makes good for it', async () => {
    const { station, time, open } = await enrolled();
    const full = () => {
      throw new DOMException('Connection is closing.', 'UnknownError');
    };
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full);
    expect(await station.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    await until(() => expect(station.status.keeping).toBe('troubled'));
    vi.restoreAllMocks();
    await healed(station, time);
    expect(station.status.keeping).toBe('twice');
    station.close();
    expect((await open()).records(lamp).get('l1')?.lit).toBe(true);
  });

  it('opens with what only the journal has', async () => {
    const { station, open, centre } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('Connection is closing.', 'UnknownError');
    });
    await station.mutate(lampActs.light, { lampId: 'l1' });
    station.close();
    vi.restoreAllMocks();
    const again = await open();
    expect(again.status.unsent).toBe(1);
    expect(again.records(lamp).get('l1')?.lit).toBe(true);
  });

  it('says so when there is no journal at all', async () => {
    const { open, browser } = await enrolled();
    browser.journals = null;
    expect((await open()).status.keeping).toBe('once');
  });
});

describe('leaving', () => {
  it('waits for unsent work, then wipes the phone', async () => {
    const { station, time, centre, open, browser } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    expect(await station.signOut()).toEqual({ code: 'unsent' });
    centre.failing = null;
    await reached({ time }, station);
    expect(await station.signOut()).toBe('done');
    expect(station.phase.name).toBe('nobody');
    expect(browser.canary.read()).toBeNull();
    expect(await Dexie.exists(new StationDatabase(centre.device).name)).toBe(false);
    expect((await open()).phase.name).toBe('nobody');
  });
});

describe('two tabs of one phone', () => {
  it('have one that talks to the centre, and show the same', async () => {
    const parts = await enrolled();
    const { station: first, time, centre } = parts;
    const second = await parts.open();
    centre.rows = [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }];
    const asked = centre.requests.length;
    await second.mutate(lampActs.light, { lampId: 'l1' });
    await until(() => expect(first.records(lamp).get('l1')?.lit).toBe(true));
    expect(first.status.unsent).toBe(1);
    await time.pass(1_000);
    await until(() => expect(second.status).toMatchObject({ word: 'received', unsent: 0 }));
    expect(centre.requests).toHaveLength(asked + 1);
    expect(centre.taken.size).toBe(1);
  });

  it('go on when the leading one is closed', async () => {
    const parts = await enrolled();
    const { station: first, time, centre } = parts;
    const second = await parts.open();
    first.close();
    await time.pass(2_000);
    await second.mutate(lampActs.hang, { room: 'attic' });
    await time.pass(1_000);
    await until(() => expect(second.status).toMatchObject({ word: 'received', unsent: 0 }));
    expect(centre.taken.size).toBe(1);
  });

  it('both end when one of them leaves', async () => {
    const parts = await enrolled();
    const second = await parts.open();
    await parts.station.signOut();
    await until(() => expect(second.phase.name).toBe('nobody'));
  });
});
