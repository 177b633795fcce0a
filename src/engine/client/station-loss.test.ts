import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { deleteDatabase } from './connection.ts';
import { StationDatabase } from './database.ts';
import type { MemoryJournals } from './testing-journal.ts';
import { enrolled, freshDisks, healed, onTheirWay, reached } from './testing-station.ts';
import { lamp, lampActs, until } from './testing.ts';

freshDisks();

describe('a phone whose store was emptied', () => {
  /** Two acts without the centre, and the browser throws the store away; the app is closed unless `open`. */
  async function emptied(part: 'closed' | 'open' = 'closed') {
    const parts = await enrolled();
    parts.centre.failing = { kind: 'no-answer' };
    await parts.station.mutate(lampActs.light, { lampId: 'l1' });
    await parts.station.mutate(lampActs.hang, { room: 'attic' });
    if (part === 'closed') parts.station.close();
    await deleteDatabase(new StationDatabase(parts.centre.device).name);
    return parts;
  }

  it('says so, and that the journal still has what was unsent', async () => {
    const { open } = await emptied();
    expect((await open()).phase).toEqual({ name: 'lost', unsent: 2, gone: 0 });
  });

  it('says so too when the note is gone as well, and when only the note is left', async () => {
    const { open, browser } = await emptied();
    const note = browser.canary.read();
    browser.canary.leave('another');
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

  it('takes along what the old journal held when the person joins as a new device', async () => {
    const { open, centre, time, browser } = await emptied();
    const station = await open();
    centre.device = `${centre.device}-new`;
    centre.failing = null;
    expect(await station.join('a new code')).toBe('done');
    await reached({ time }, station);
    expect([...centre.taken.values()].map(({ name }) => name)).toEqual(['lamp.light', 'lamp.hang']);
    expect([...(browser.journals?.files.keys() ?? [])]).toEqual([centre.device]);
  });

  it('heals while the app is open: goes on, and the store holds everything again', async () => {
    const { station, time, open } = await emptied('open');
    expect(await station.mutate(lampActs.hang, { room: 'cellar' })).toHaveProperty('saved');
    void onTheirWay(time);
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
    const { station, time, centre, open } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    const full = () => {
      throw new DOMException('Connection is closing.', 'UnknownError');
    };
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full);
    expect(await station.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    void onTheirWay(time);
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

  it('says that there is one home only while the journal is full, and uses it again when it has room', async () => {
    const { station, centre, time } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    for (let act = 0; act < 80 && station.status.keeping === 'twice'; act += 1)
      expect(await station.mutate(lampActs.hang, { room: `${'long '.repeat(30)}${act}` })).toHaveProperty('saved');
    expect(station.status.keeping).toBe('once');
    const { unsent } = station.status;
    centre.failing = null;
    await reached({ time }, station);
    expect(centre.taken.size).toBe(unsent);
  });

  it('says so when there is no journal at all', async () => {
    const { open, browser } = await enrolled();
    browser.journals = null;
    expect((await open()).status.keeping).toBe('once');
  });
});

describe('what only the journal holds', () => {
  const refuse = () => {
    throw new DOMException('Connection is closing.', 'UnknownError');
  };

  it('is taken over by the next tab when its own dies before the store has it', async () => {
    const { station: first, time, centre, open } = await enrolled();
    const second = await open();
    await time.pass(3_000);
    centre.failing = { kind: 'no-answer' };
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(refuse);
    expect(await first.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    await until(() => expect(second.status.unsent).toBe(1));
    first.close();
    vi.restoreAllMocks();
    centre.failing = null;
    await reached({ time }, second);
    expect(centre.taken.size).toBe(1);
  });

  it('stays on the screen when everything is read anew while the journal does not answer', async () => {
    const { station, open, centre, browser, time } = await enrolled();
    const journals = browser.journals as MemoryJournals;
    centre.failing = { kind: 'no-answer' };
    const second = await open();
    await time.pass(3_000);
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(refuse);
    await second.mutate(lampActs.light, { lampId: 'l1' });
    journals.failing = true;
    // The next tab takes the lead, which begins with reading everything anew.
    station.close();
    await time.pass(2_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(second.status.unsent).toBe(1);
    vi.restoreAllMocks();
    journals.failing = false;
  });

  it('is there when the phone is opened while its disk is still full', async () => {
    const { station, open, centre } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(refuse);
    await station.mutate(lampActs.light, { lampId: 'l1' });
    station.close();
    const again = await open();
    expect(again.phase.name).toBe('ready');
    expect(again.status).toMatchObject({ unsent: 1, keeping: 'troubled' });
    vi.restoreAllMocks();
  });

  it('is judged in the store too, so that a cold start says the same', async () => {
    const { station, time, centre, open } = await enrolled();
    const { answer } = centre;
    centre.answer = (part) => ({ ...answer.call(centre, part), patch: { reset: false, kinds: [] } });
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(refuse);
    await station.mutate(lampActs.hang, { room: 'attic' });
    await time.pass(400);
    vi.restoreAllMocks();
    await healed(station, time);
    await reached({ time }, station);
    station.close();
    centre.failing = { kind: 'no-answer' };
    expect((await open()).status).toMatchObject({ unsent: 0, word: 'received' });
  });

  it('is not said to be all when some acts never got there', async () => {
    const { station, browser, centre, open } = await enrolled();
    const journals = browser.journals as MemoryJournals;
    centre.failing = { kind: 'no-answer' };
    journals.failing = true;
    await station.mutate(lampActs.hang, { room: 'attic' });
    journals.failing = false;
    await station.mutate(lampActs.hang, { room: 'cellar' });
    expect(station.status.keeping).toBe('troubled');
    station.close();
    await deleteDatabase(new StationDatabase(centre.device).name);
    expect((await open()).phase).toMatchObject({ name: 'lost', unsent: 2, gone: 1 });
  });
});
