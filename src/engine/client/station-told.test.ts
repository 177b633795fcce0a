import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { databaseExists, deleteDatabase } from './connection.ts';
import { StationDatabase } from './database.ts';
import { enrolDevice } from './device.ts';
import { hasPhotos } from './photos/photo-database.ts';
import { PhotoStore } from './photos/photo-store.ts';
import { Sealer } from './sealer.ts';
import type { MemoryJournals } from './testing-journal.ts';
import { enrolled, freshDisks, onTheirWay, reached } from './testing-station.ts';
import { journalKey, keeper, lampActs, surroundings, until } from './testing.ts';
import { journalKeyFrom } from './unlock.ts';

freshDisks();

type Parts = Awaited<ReturnType<typeof enrolled>>;

/** What the centre was told is lost, without the same said again. */
const told = ({ centre }: Pick<Parts, 'centre'>) => {
  const all = centre.requests.flatMap(({ lost }) => lost ?? []);
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
};

/** Acts without the centre: `loose` ones the journal did not take. Returns their numbers. */
async function unsentActs(
  { station, centre, browser }: Parts,
  rooms: readonly string[],
  loose: readonly string[] = [],
) {
  centre.failing = { kind: 'no-answer' };
  for (const room of rooms) {
    (browser.journals as MemoryJournals).failing = loose.includes(room);
    expect(await station.mutate(lampActs.hang, { room })).toHaveProperty('saved');
  }
  (browser.journals as MemoryJournals).failing = false;
  return station.open.map(({ seq }) => seq);
}

describe('what a phone has lost', () => {
  it('is told to the centre by number when the store is gone and the journal has only some', async () => {
    const parts = await enrolled();
    const [, cellar] = await unsentActs(parts, ['attic', 'cellar', 'porch'], ['cellar']);
    parts.station.close();
    await deleteDatabase(new StationDatabase(parts.centre.device).name);
    const station = await parts.open();
    expect(station.phase).toMatchObject({ name: 'lost', unsent: 3, gone: 1 });
    parts.centre.failing = null;
    expect(await station.recover()).toBe('done');
    await reached(parts, station);
    expect(told(parts)).toEqual([
      expect.objectContaining({ device: parts.centre.device, numbers: [[cellar, cellar]] }),
    ]);
    expect([...parts.centre.taken.values()].map(({ args }) => (args as { room: string }).room)).toEqual([
      'attic',
      'porch',
    ]);
  });

  it('is told when the store stands and only the acts in it are gone', async () => {
    const parts = await enrolled();
    const numbers = await unsentActs(parts, ['attic', 'cellar']);
    const database = new StationDatabase(parts.centre.device);
    await onTheirWay(parts.time);
    await vi.waitFor(async () => expect(await (await database.open()).count('outbox')).toBe(2));
    parts.station.close();
    parts.browser.journals?.files.clear();
    await (await database.open()).delete('outbox', numbers[0] as number);
    database.close();
    const station = await parts.open();
    expect(station.phase.name).toBe('ready');
    parts.centre.failing = null;
    await reached(parts, station);
    expect(told(parts)).toEqual([expect.objectContaining({ numbers: [[numbers[0], numbers[0]]] })]);
    station.close();
    const before = parts.centre.requests.length;
    await reached(parts, await parts.open());
    expect(parts.centre.requests.slice(before).every(({ lost }) => lost === undefined)).toBe(true);
  });

  it('is told until an answer comes, over a restart too', async () => {
    const parts = await enrolled();
    await unsentActs(parts, ['attic']);
    parts.station.close();
    parts.browser.journals = null;
    const database = new StationDatabase(parts.centre.device);
    await (await database.open()).clear('outbox');
    database.close();
    const first = await parts.open();
    await parts.time.pass(3_000);
    first.close();
    const second = await parts.open();
    parts.centre.failing = null;
    const before = parts.centre.requests.length;
    await reached(parts, second);
    expect(parts.centre.requests.slice(before).filter(({ lost }) => lost !== undefined)).toHaveLength(1);
  });

  it('is told also when the store is emptied once more before the centre has answered', async () => {
    const parts = await enrolled();
    const { centre, browser } = parts;
    const empty = () => deleteDatabase(new StationDatabase(centre.device).name);
    const [attic] = await unsentActs(parts, ['attic']);
    parts.station.close();
    browser.journals?.files.clear();
    await empty();
    const second = await parts.open();
    expect(await second.recover()).toBe('done');
    const [cellar] = await unsentActs({ ...parts, station: second }, ['cellar']);
    second.close();
    browser.journals?.files.clear();
    await empty();
    const third = await parts.open();
    expect(await third.recover()).toBe('done');
    centre.failing = null;
    await reached(parts, third);
    const numbers = told(parts).map((one) => one.numbers);
    expect(numbers).toEqual([[[attic, attic]], [[cellar, cellar]]]);
    // And once the centre has answered, it is told no more.
    expect(browser.canary.read()).not.toHaveProperty('untold');
    third.close();
    await empty();
    const last = await parts.open();
    const before = centre.requests.length;
    expect(await last.recover()).toBe('done');
    await reached(parts, last);
    expect(centre.requests.slice(before).every(({ lost }) => lost === undefined)).toBe(true);
  });

  it('is told again when the centre was restored from an older backup, over a store that was emptied too', async () => {
    const parts = await enrolled();
    const { centre, browser } = parts;
    const empty = () => deleteDatabase(new StationDatabase(centre.device).name);
    const [attic] = await unsentActs(parts, ['attic']);
    parts.station.close();
    browser.journals?.files.clear();
    await empty();
    const second = await parts.open();
    expect(await second.recover()).toBe('done');
    centre.failing = null;
    await reached(parts, second);
    const lossesSince = (from: number) => centre.requests.slice(from).flatMap(({ lost }) => lost ?? []);
    /** The centre is restored, and the phone looks at it a few times. */
    const restored = async (epoch: string, station: Parts['station']) => {
      const before = centre.requests.length;
      centre.epoch = epoch;
      for (let looks = 0; looks < 4; looks += 1) await reached(parts, station);
      return before;
    };
    for (const epoch of ['e2', 'e3']) {
      const before = await restored(epoch, second);
      expect(lossesSince(before)).toHaveLength(1);
      expect(lossesSince(before)[0]).toMatchObject({ device: centre.device, numbers: [[attic, attic]] });
    }
    second.close();
    await empty();
    const third = await parts.open();
    expect(await third.recover()).toBe('done');
    await reached(parts, third);
    expect(lossesSince(await restored('e4', third))).toHaveLength(1);
  });

  it('of a former device is told by the new one of the same person', async () => {
    const parts = await enrolled();
    const former = parts.centre.device;
    const [, cellar] = await unsentActs(parts, ['attic', 'cellar'], ['cellar']);
    parts.station.close();
    await deleteDatabase(new StationDatabase(former).name);
    const station = await parts.open();
    parts.centre.device = `${former}-new`;
    parts.centre.failing = null;
    expect(await station.join('a new code')).toBe('done');
    await reached(parts, station);
    expect(told(parts)).toEqual([expect.objectContaining({ device: former, numbers: [[cellar, cellar]] })]);
    expect(parts.centre.taken.size).toBe(1);
  });

  it('is nothing when everything is there, in one tab or two', async () => {
    const parts = await enrolled();
    await unsentActs(parts, ['attic', 'cellar'], ['cellar']);
    const second = await parts.open();
    await second.mutate(lampActs.hang, { room: 'porch' });
    parts.station.close();
    second.close();
    parts.centre.failing = null;
    await reached(parts, await parts.open());
    expect(told(parts)).toEqual([]);
    expect(parts.centre.taken.size).toBe(3);
  });
});

describe('moving to a new device', () => {
  it('cut off in the middle leaves nothing behind, and says nothing is lost', async () => {
    const parts = await enrolled();
    await unsentActs(parts, ['attic', 'cellar', 'porch'], ['cellar']);
    const former = parts.centre.device;
    parts.station.close();
    const key = await journalKeyFrom(journalKey);
    const hash = 'a'.repeat(64);
    const photos = new PhotoStore(former, new Sealer(key, former));
    await photos.keep(hash, new Uint8Array(9), 0);
    photos.close();
    // The new device has its store and its note; of the old one nothing has come along yet.
    const tools = surroundings(parts.time, parts.browser);
    const enrolment = { device: `${former}-new`, identity: keeper, journalKey };
    const open = await enrolDevice(enrolment, tools, parts.time.now, [...Array.from({ length: 2_000 }, (_, at) => at)]);
    open.storage.close();
    open.database.close();
    parts.centre.device = `${former}-new`;
    parts.centre.failing = null;
    const station = await parts.open();
    await reached(parts, station);
    expect([...parts.centre.taken.values()].map(({ args }) => (args as { room: string }).room)).toEqual([
      'attic',
      'cellar',
      'porch',
    ]);
    expect(told(parts)).toEqual([]);
    const moved = new PhotoStore(`${former}-new`, new Sealer(key, `${former}-new`));
    expect(await moved.bytesOf(hash)).toHaveLength(9);
    moved.close();
    expect(await hasPhotos(former)).toBe(false);
    expect(await databaseExists(new StationDatabase(former).name)).toBe(false);
    expect([...(parts.browser.journals?.files.keys() ?? [])]).toEqual([`${former}-new`]);
  });

  it('leaves somebody else’s store alone', async () => {
    const parts = await enrolled();
    await unsentActs(parts, ['attic']);
    const former = parts.centre.device;
    parts.station.close();
    const tools = surroundings(parts.time, parts.browser);
    const other = { ...keeper, person: 'another' };
    const open = await enrolDevice({ device: `${former}-b`, identity: other, journalKey }, tools, parts.time.now);
    open.storage.close();
    open.database.close();
    const station = await parts.open();
    expect(station.who.person).toBe('another');
    expect(station.status.unsent).toBe(0);
    expect(await databaseExists(new StationDatabase(former).name)).toBe(true);
  });
});

describe('what moved to a new device and is lost there', () => {
  /** The centre knows this device no more, and its person comes back as a new one. */
  async function moveOn({ station, centre, time }: Parts): Promise<string> {
    centre.failing = { kind: 'sign-in' };
    station.lookNow();
    await time.pass(1_000);
    await until(() => expect(station.status.needsSignIn).toBe(true));
    centre.device = `${centre.device}-next`;
    centre.failing = { kind: 'no-answer' };
    expect(await station.join('a new code')).toBe('done');
    return centre.device;
  }

  /** The browser empties everything but the note, and the centre gives the device its store again. */
  async function emptyAll({ browser, centre, open, station }: Parts) {
    station.close();
    browser.journals?.files.clear();
    await deleteDatabase(new StationDatabase(centre.device).name);
    const again = await open();
    centre.failing = null;
    expect(await again.recover()).toBe('done');
    return again;
  }

  it('is told with what it was called on every device before', async () => {
    const parts = await enrolled();
    const first = parts.centre.device;
    const [attic = 0] = await unsentActs(parts, ['attic', 'cellar']);
    const second = await moveOn(parts);
    const numbers = await unsentActs(parts, ['porch']);
    const [then = 0] = numbers;
    const third = await moveOn(parts);
    const [now = 0] = parts.station.open.map(({ seq }) => seq);
    await reached(parts, await emptyAll(parts));
    expect(told(parts)).toEqual([
      expect.objectContaining({
        device: third,
        numbers: [[now, now + 2]],
        former: [
          { device: first, runs: [[now, attic, 2]] },
          { device: second, runs: [[now, then, 3]] },
        ],
      }),
    ]);
  });

  it('is told so too when it came out of the old journal, or out of a store that was left behind', async () => {
    const parts = await enrolled();
    const former = parts.centre.device;
    const [attic = 0] = await unsentActs(parts, ['attic']);
    parts.station.close();
    await deleteDatabase(new StationDatabase(former).name);
    const station = await parts.open();
    parts.centre.device = `${former}-new`;
    expect(await station.join('a new code')).toBe('done');
    const [now = 0] = station.open.map(({ seq }) => seq);
    const kept = { device: former, runs: [[now, attic, 1]] };
    expect(parts.browser.canary.read()?.former).toEqual([kept]);
    station.close();
    const enrolment = { device: `${former}-third`, identity: keeper, journalKey };
    const open = await enrolDevice(enrolment, surroundings(parts.time, parts.browser), parts.time.now, [now]);
    open.storage.close();
    open.database.close();
    parts.centre.device = enrolment.device;
    const third = await parts.open();
    const [last = 0] = third.open.map(({ seq }) => seq);
    expect(parts.browser.canary.read()?.former).toEqual([
      { device: former, runs: [[last, attic, 1]] },
      { device: `${former}-new`, runs: [[last, now, 1]] },
    ]);
  });
});

describe('a store that is made anew', () => {
  it('gives what can still be read in it', async () => {
    const parts = await enrolled();
    const numbers = await unsentActs(parts, ['attic', 'cellar'], ['attic', 'cellar']);
    parts.station.close();
    // For a moment the store does not open, and the journal knows nothing of these two.
    const get = vi.spyOn(indexedDB, 'databases').mockResolvedValue([]);
    const station = await parts.open();
    expect(station.phase).toMatchObject({ name: 'lost', gone: 2 });
    get.mockRestore();
    parts.centre.failing = null;
    expect(await station.recover()).toBe('done');
    expect(station.open.map(({ seq }) => seq)).toEqual(numbers);
    await reached(parts, station);
    await until(() => expect(parts.centre.taken.size).toBe(2));
    expect(told(parts)).toEqual([]);
  });
});
