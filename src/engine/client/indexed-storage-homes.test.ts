import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { noFacts, type StorageCommit, type StoredEntry } from '../device-storage.ts';
import { deleteDatabase } from './connection.ts';
import { StationDatabase, type DeviceRow, type OutboxRow } from './database.ts';
import { IndexedStorage, StorageMovedOn, StoreGone, StoreReplaced } from './indexed-storage.ts';
import { Sealer } from './sealer.ts';
import { keeper } from './testing.ts';
import { newKeptKey } from './unlock.ts';

let devices = 0;

/** A device without a store; `tab` is one more connection to it, `store` the name of the making it knows. */
async function phone() {
  const device = `homes-${(devices += 1)}`;
  const kept = await newKeptKey();
  const row = { id: 'device', device, kept, journalKey: kept.key, firstSeq: 1, store: 'first' } as const;
  const sealer = new Sealer(kept.key, device);
  const tab = (over: Partial<DeviceRow> = {}) => {
    const database = new StationDatabase(device);
    return { database, storage: new IndexedStorage(database, sealer, { ...row, ...over }) };
  };
  return { device, sealer, tab, ...tab() };
}

const act = { id: 'a', name: 'lamp.light', version: 1, args: {}, claimedAt: 5 } as const;
const stamp = { serverTime: null, sinceServer: null, offset: null };
const entries: readonly StoredEntry[] = [
  { ...act, ...stamp, seq: 3, state: 'unsent' },
  { ...act, ...stamp, seq: 5, state: 'received', receivedAt: 7 },
  { ...act, ...stamp, seq: 6, state: 'refused', receivedAt: 8, code: 'already-lit', read: true },
];
const [unsent, , refused] = entries as [StoredEntry, StoredEntry, StoredEntry];
const facts = { ...noFacts, epoch: 'e', cookie: 'c', identity: keeper };
const page = { rows: [{ kind: 'lamp', version: 1, row: { id: 'l1' } }], removed: [] };
const whole = { facts, pages: [page], entries };
const commit = (part: Partial<StorageCommit> = {}): StorageCommit => ({
  ...{ facts, reset: false, page: null, judged: [], unsentAgain: [], forget: [], ...part },
});

describe('a store that is made', () => {
  it('holds everything at once: facts, pages, and acts in every state', async () => {
    const { storage, tab } = await phone();
    await storage.make(whole);
    expect(await tab().storage.load()).toEqual(whole);
    expect(await storage.append({ ...act, ...stamp })).toBe(7);
  });

  it('stays as it is when it stands', async () => {
    const { storage, tab } = await phone();
    await storage.make(whole);
    await tab().storage.make({ facts: noFacts, pages: [], entries: [] });
    expect(await tab().storage.load()).toEqual(whole);
  });

  it('is not what a tab knows that has read the one before: it reads first', async () => {
    const { storage, tab, device } = await phone();
    await storage.make(whole);
    await storage.load();
    const other = tab();
    await other.storage.load();
    other.database.close();
    await deleteDatabase(new StationDatabase(device).name);
    await storage.make(whole);
    const next = tab();
    await next.storage.load();
    await next.storage.commit(commit());
    await expect(storage.commit(commit())).rejects.toBeInstanceOf(StorageMovedOn);
    await storage.load();
    await storage.commit(commit({ facts: { ...facts, cookie: 'next' } }));
    expect((await tab().storage.load()).facts.cookie).toBe('next');
  });

  it('of another making is not touched by a tab that knows the first', async () => {
    const { storage, tab } = await phone();
    await tab({ store: 'second' }).storage.make(whole);
    for (const call of [
      () => storage.load(),
      () => storage.append({ ...act, ...stamp }),
      () => storage.putMissing([unsent]),
      () => storage.putMissing([]),
      () => storage.commit(commit()),
      () => storage.compact([]),
      () => storage.make({ facts: noFacts, pages: [], entries: [] }),
    ])
      await expect(call()).rejects.toBeInstanceOf(StoreReplaced);
    expect(await tab({ store: 'second' }).storage.load()).toEqual(whole);
  });

  it('that was never made, or is gone, takes nothing', async () => {
    const { storage } = await phone();
    for (const call of [
      () => storage.load(),
      () => storage.append({ ...act, ...stamp }),
      () => storage.putMissing([unsent]),
      () => storage.putMissing([]),
      () => storage.commit(commit()),
      () => storage.compact([]),
    ])
      await expect(call()).rejects.toBeInstanceOf(StoreGone);
    await storage.make(whole);
    expect(await storage.load()).toEqual(whole);
  });

  it('errors say by name what happened to it', () => {
    const names = [new StorageMovedOn(), new StoreGone(), new StoreReplaced()].map(({ name }) => name);
    expect(names).toEqual(['StorageMovedOn', 'StoreGone', 'StoreReplaced']);
    expect(new StoreReplaced().message).not.toBe(new StoreGone().message);
  });
});

describe('what stands in a store', () => {
  it('is sealed for its place, in the words that stores on phones are sealed with', async () => {
    const { storage, database, sealer } = await phone();
    await storage.make(whole);
    await storage.load();
    await storage.commit(commit({ page }));
    await storage.compact([page, page]);
    const open = await database.open();
    const pages = await open.getAll('pages');
    for (const { bytes } of pages) expect(await sealer.open({ table: 'pages', kind: 'page' }, bytes)).toEqual(page);
    const [row] = await open.getAll('facts');
    const place = { table: 'facts', kind: 'facts', id: 'facts' };
    expect(await sealer.open(place, row?.bytes as never)).toEqual({ ...facts, taken: [] });
    const [first, , last] = await open.getAll('outbox');
    expect(await sealer.open({ table: 'outbox', kind: 'entry' }, first?.bytes as never)).toEqual({ ...act, ...stamp });
    const verdict = { table: 'outbox', kind: 'verdict', id: '6' };
    expect(await sealer.open(verdict, last?.verdict as never)).toEqual({ code: 'already-lit', read: true });
  });

  it('keeps acts in the order of their numbers, and adds what is missing between them', async () => {
    const { storage } = await phone();
    await storage.make(whole);
    const again = [
      { ...unsent, seq: 9 },
      { ...unsent, seq: 4 },
    ];
    await storage.putMissing([
      { ...unsent, seq: 4 },
      { ...unsent, id: 'other', seq: 5 },
      { ...unsent, seq: 9 },
    ]);
    await storage.putMissing(again);
    const now = (await storage.load()).entries;
    expect(now.map(({ seq, id, state }) => [seq, id, state])).toEqual([
      [3, 'a', 'unsent'],
      [4, 'a', 'unsent'],
      [5, 'a', 'received'],
      [6, 'a', 'refused'],
      [9, 'a', 'unsent'],
    ]);
  });

  it('numbers above what is known to be used, and leaves no act behind under another number', async () => {
    const { storage } = await phone();
    await storage.make({ ...whole, entries: [] });
    expect(await storage.append({ ...act, ...stamp }, 41)).toBe(42);
    expect(await storage.append({ ...act, ...stamp }, 42)).toBe(43);
    expect(await storage.append({ ...act, ...stamp }, 7)).toBe(44);
    expect((await storage.load()).entries.map(({ seq }) => seq)).toEqual([42, 43, 44]);
  });

  it('is judged and read as it is said, and nothing else changes', async () => {
    const { storage, database } = await phone();
    await storage.make(whole);
    await storage.load();
    for (const seq of [3, 5, 99]) await storage.acknowledgeRefusal(seq);
    expect((await storage.load()).entries).toEqual(entries);
    const why = { state: 'refused', receivedAt: 9, code: 'held', read: false } as const;
    await storage.commit(commit({ judged: [{ seq: 3, state: why }, { seq: 77, state: why }] })); // prettier-ignore
    expect((await storage.load()).entries).toEqual([{ ...unsent, ...why }, ...entries.slice(1)]);
    await storage.acknowledgeRefusal(3);
    expect((await storage.load()).entries[0]).toMatchObject({ ...why, read: true });
    // A row without the reason, which no version has written, is still a refusal that somebody has to read.
    const row = (await database.get('outbox', 6)) as OutboxRow;
    await (await database.open()).put('outbox', { ...row, verdict: null, receivedAt: null });
    await storage.acknowledgeRefusal(6);
    expect((await storage.load()).entries.at(-1)).toEqual({ ...refused, receivedAt: 0, code: 'held', read: false });
  });

  it('is dropped whole by an answer that begins anew', async () => {
    const { storage } = await phone();
    await storage.make(whole);
    await storage.load();
    await storage.commit(commit({ reset: true }));
    expect((await storage.load()).pages).toEqual([]);
    await storage.commit(commit({ page, reset: true }));
    await storage.commit(commit({ page }));
    expect((await storage.load()).pages).toEqual([page, page]);
  });

  it('can be read again after the browser has dropped the connection', async () => {
    const { storage, database } = await phone();
    await storage.make(whole);
    database.close();
    await expect(storage.load()).rejects.toThrow('was closed');
    await storage.reopen();
    expect(await storage.load()).toEqual(whole);
  });

  it('waits its turn: what was read is never older than what was written before', async () => {
    const { storage } = await phone();
    await storage.make({ ...whole, entries: [] });
    const results = await Promise.all([
      storage.append({ ...act, ...stamp }),
      storage.load(),
      storage.append({ ...act, ...stamp }),
      storage.load(),
    ]);
    expect([results[1].entries.length, results[3].entries.length]).toEqual([1, 2]);
  });
});
