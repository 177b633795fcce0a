import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noFacts, type NewEntry, type StorageCommit, type StoredPage } from '../device-storage.ts';
import { StationDatabase, type DeviceRow, type FactsRow, type OutboxRow } from './database.ts';
import { IndexedStorage, StorageMovedOn } from './indexed-storage.ts';
import { Sealer } from './sealer.ts';
import { keeper } from './testing.ts';
import { newKeptKey } from './unlock.ts';

let devices = 0;

async function phone(firstSeq = 1) {
  const device = `storage-${(devices += 1)}`;
  const kept = await newKeptKey();
  const row = { id: 'device', device, kept, journalKey: kept.key, firstSeq, store: 's' } as const;
  const database = new StationDatabase(device);
  const sealer = new Sealer(kept.key, device);
  const storage = new IndexedStorage(database, sealer, row);
  await storage.make({ facts: noFacts, pages: [], entries: [] });
  await storage.load();
  /** Another tab of the same device: a connection of its own. */
  const tab = async () => {
    const other = new IndexedStorage(new StationDatabase(device), sealer, row);
    await other.load();
    return other;
  };
  return { device, database, storage, sealer, tab };
}

const entry = (id: string): NewEntry => ({
  id,
  name: 'lamp.light',
  version: 1,
  args: { note: '刘淑珍 502' },
  claimedAt: 5,
  serverTime: null,
  sinceServer: null,
  offset: null,
});

const page = (...ids: string[]): StoredPage => ({
  rows: ids.map((id) => ({ kind: 'lamp', version: 1, row: { id, room: '银杏苑' } })),
  removed: [],
});

const change = (part: Partial<StorageCommit> = {}): StorageCommit => ({
  facts: { ...noFacts, epoch: 'e', cookie: 'c1', identity: keeper },
  reset: false,
  page: null,
  judged: [],
  unsentAgain: [],
  forget: [],
  ...part,
});

const received = { state: 'received', receivedAt: 7 } as const;
const refused = { state: 'refused', code: 'already-lit', receivedAt: 8, read: false } as const;

afterEach(() => vi.restoreAllMocks());

describe('the store of a device', () => {
  it('gives back what it was given', async () => {
    const { storage, tab } = await phone();
    const first = await storage.append(entry('a'));
    const second = await storage.append(entry('b'));
    const third = await storage.append(entry('c'));
    const judged = [
      { seq: first, state: received },
      { seq: second, state: refused },
    ];
    await storage.commit(change({ page: page('l1'), judged }));
    const stored = await (await tab()).load();
    expect(stored.facts).toMatchObject({ cookie: 'c1', identity: keeper });
    expect(stored.pages).toEqual([page('l1')]);
    expect(stored.entries).toEqual([
      { ...entry('a'), seq: first, ...received },
      { ...entry('b'), seq: second, ...refused },
      { ...entry('c'), seq: third, state: 'unsent' },
    ]);
  });

  it('says whether another tab has written since it was read', async () => {
    const { storage, tab } = await phone();
    const other = await tab();
    expect(await storage.hasMoved()).toBe(false);
    await other.putMissing([{ ...entry('a'), seq: 1, state: 'unsent' }]);
    expect(await storage.hasMoved()).toBe(true);
    await storage.load();
    expect(await storage.hasMoved()).toBe(false);
    await storage.commit(change());
    expect([await storage.hasMoved(), await other.hasMoved()]).toEqual([false, true]);
  });

  it('keeps with an act what it was called on former devices, however it comes', async () => {
    const { storage, tab } = await phone();
    const moved = { ...entry('a'), former: [{ device: 'former', seq: 9 }] };
    const seq = await storage.append(moved);
    await storage.putMissing([{ ...moved, id: 'b', seq: seq + 1, state: 'unsent' }]);
    await storage.commit(change({ judged: [{ seq, state: refused }] }));
    expect((await (await tab()).load()).entries).toEqual([
      { ...moved, seq, ...refused },
      { ...moved, id: 'b', seq: seq + 1, state: 'unsent' },
    ]);
  });

  it('keeps acts that come in quick succession in one transaction, each once', async () => {
    const { database, storage, tab } = await phone();
    const transaction = vi.spyOn(database, 'write');
    const unsent = (id: string, seq: number) => ({ ...entry(id), seq, state: 'unsent' as const });
    const [a, b, c] = [unsent('a', 1), unsent('b', 2), unsent('c', 3)];
    await Promise.all([storage.putMissing([a]), storage.putMissing([b, c]), storage.putMissing([b])]);
    expect(transaction).toHaveBeenCalledTimes(1);
    await storage.putMissing([unsent('another', 2), unsent('d', 4)]);
    expect((await (await tab()).load()).entries).toEqual([a, b, c, unsent('d', 4)]);
  });

  it('takes a verdict back after a restore, and forgets what is old', async () => {
    const { storage } = await phone();
    const first = await storage.append(entry('a'));
    const second = await storage.append(entry('b'));
    await storage.commit(change({ judged: [first, second].map((seq) => ({ seq, state: received })) }));
    await storage.commit(change({ unsentAgain: [first], forget: [second] }));
    expect((await storage.load()).entries).toEqual([{ ...entry('a'), seq: first, state: 'unsent' }]);
  });

  it('writes a day’s verdicts as one value; an older app finds those acts unsent, never gone', async () => {
    const { device, database, storage, sealer } = await phone();
    const seqs = [await storage.append(entry('a')), await storage.append(entry('b'))];
    const rows = await (await database.open()).getAll('outbox');
    await storage.commit(change({ judged: seqs.map((seq) => ({ seq, state: received })) }));
    expect(await (await database.open()).getAll('outbox')).toEqual(rows);
    expect((await storage.load()).entries.map(({ state }) => state)).toEqual(['received', 'received']);
    // It writes its facts whole, without what it does not know.
    const bytes = await sealer.seal({ table: 'facts', kind: 'facts', id: 'facts' }, change().facts);
    const facts = (await database.get('facts', 'facts')) as FactsRow;
    await (await database.open()).put('facts', { ...facts, bytes });
    const after = new IndexedStorage(
      new StationDatabase(device),
      sealer,
      (await database.get('device', 'device')) as DeviceRow,
    );
    expect((await after.load()).entries.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'unsent'],
      ['b', 'unsent'],
    ]);
  });

  it('keeps earlier verdicts through later answers, in this tab and after a start', async () => {
    const { storage, tab } = await phone();
    const seqs = [await storage.append(entry('a')), await storage.append(entry('b')), await storage.append(entry('c'))];
    const judge = (seq: number | undefined) => change({ judged: [{ seq: seq as number, state: received }] });
    await storage.commit(judge(seqs[0]));
    await storage.commit(judge(seqs[1]));
    const started = await tab();
    await started.commit(judge(seqs[2]));
    expect((await started.load()).entries.map(({ state }) => state)).toEqual(['received', 'received', 'received']);
  });

  it('reads verdicts that an older app has written with each act, and takes them back', async () => {
    const { storage, database } = await phone();
    const seqs = [await storage.append(entry('a')), await storage.append(entry('b'))];
    for (const seq of seqs) {
      const row = (await database.get('outbox', seq)) as OutboxRow;
      await (await database.open()).put('outbox', { ...row, state: 'received', receivedAt: 7 });
    }
    const state = async () => (await storage.load()).entries.map((one) => one.state);
    expect((await storage.load()).entries[0]).toEqual({ ...entry('a'), seq: seqs[0], ...received });
    await storage.commit(change({ unsentAgain: [seqs[0] as number] }));
    expect(await state()).toEqual(['unsent', 'received']);
    await storage.commit(
      change({ judged: [{ seq: seqs[0] as number, state: received }], forget: [seqs[1] as number] }),
    );
    expect(await state()).toEqual(['received']);
  });

  it('remembers that a refusal was read', async () => {
    const { storage } = await phone();
    const seq = await storage.append(entry('a'));
    await storage.commit(change({ judged: [{ seq, state: refused }] }));
    await storage.acknowledgeRefusal(seq);
    expect((await storage.load()).entries[0]).toMatchObject({ state: 'refused', code: 'already-lit', read: true });
  });

  it('numbers acts once over two connections and never again what was used', async () => {
    const { storage, tab } = await phone();
    const other = await tab();
    const numbers = await Promise.all([
      storage.append(entry('a')),
      other.append(entry('b')),
      storage.append(entry('c')),
      other.append(entry('d')),
    ]);
    expect(new Set(numbers).size).toBe(4);
    await storage.commit(change({ forget: numbers }));
    expect(await other.append(entry('e'))).toBeGreaterThan(Math.max(...numbers));
  });

  it('numbers on above what may have been used before a loss', async () => {
    const { storage } = await phone(1_041);
    expect(await storage.append(entry('a'))).toBe(1_041);
    expect((await storage.load()).entries).toHaveLength(1);
  });

  it('leaves nothing of a removed row after compaction', async () => {
    const { storage, database } = await phone();
    await storage.commit(change({ page: page('l1', 'l2') }));
    await storage.commit(change({ page: { rows: [], removed: [{ kind: 'lamp', id: 'l1' }] } }));
    await storage.compact([page('l2')]);
    expect(await (await database.open()).count('pages')).toBe(1);
    expect(JSON.stringify((await storage.load()).pages)).not.toContain('l1');
  });

  it('does not write an older state over what another tab has written', async () => {
    const { storage, tab } = await phone();
    const other = await tab();
    await storage.commit(change({ page: page('l1') }));
    await expect(other.commit(change({ page: page('l2') }))).rejects.toBeInstanceOf(StorageMovedOn);
    await other.compact([]);
    expect((await storage.load()).pages).toEqual([page('l1')]);
    await other.load();
    await other.commit(change({ page: page('l2') }));
    expect((await storage.load()).pages).toHaveLength(2);
  });

  it('writes nothing about people in the clear', async () => {
    const { storage, database } = await phone();
    const seq = await storage.append(entry('act-of-somebody'));
    await storage.commit(change({ page: page('l1'), judged: [{ seq, state: refused }] }));
    const open = await database.open();
    const stores = [...open.objectStoreNames].filter((name) => name !== 'device');
    const rows = await Promise.all(stores.map((name) => open.getAll(name)));
    const raw = rows.flat().map((row) =>
      Object.values(row)
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
        .join(' '),
    );
    expect(raw).toHaveLength(3);
    // Long enough that no ciphertext holds them by chance.
    for (const secret of ['刘淑珍', '银杏苑', 'already-lit', 'act-of-somebody'])
      expect(raw.join('\n')).not.toContain(secret);
    const outbox = (await (await database.open()).getAll('outbox')) as OutboxRow[];
    expect(Object.keys(outbox[0] ?? {}).sort()).toEqual(['bytes', 'receivedAt', 'seq', 'state', 'verdict']);
  });
});

/** Makes the nth write that IndexedDB is asked for fail; counts how many there were. */
function failingWrite(nth: number): { calls: number } {
  const seen = { calls: 0 };
  for (const method of ['put', 'add', 'clear', 'delete'] as const) {
    const original = IDBObjectStore.prototype[method] as (...args: unknown[]) => unknown;
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
      seen.calls += 1;
      if (seen.calls === nth) throw new DOMException('The disk is full.', 'UnknownError');
      return original.apply(this, args) as never;
    });
  }
  return seen;
}

describe('a write that fails at any step', () => {
  it('reports no act as saved, and keeps none', async () => {
    const { storage } = await phone();
    await storage.append(entry('before'));
    failingWrite(1);
    await expect(storage.append(entry('lost'))).rejects.toThrow('The disk is full.');
    vi.restoreAllMocks();
    expect((await storage.load()).entries.map(({ id }) => id)).toEqual(['before']);
    await storage.append(entry('after'));
    expect((await storage.load()).entries.map(({ id }) => id)).toEqual(['before', 'after']);
  });

  it('leaves an answer either whole or not at all', async () => {
    let failed = 0;
    for (let nth = 1; ; nth += 1) {
      const { storage } = await phone();
      const seqs = [
        await storage.append(entry('a')),
        await storage.append(entry('b')),
        await storage.append(entry('c')),
      ];
      await storage.commit(change({ page: page('old'), judged: [{ seq: seqs[2] as number, state: received }] }));
      const before = await storage.load();
      const seen = failingWrite(nth);
      const big = change({
        facts: { ...noFacts, epoch: 'e2', cookie: 'c2' },
        reset: true,
        page: page('new'),
        judged: [
          { seq: seqs[0] as number, state: received },
          { seq: seqs[1] as number, state: refused },
        ],
        forget: [seqs[2] as number],
      });
      const outcome = await storage.commit(big).then(
        () => 'done',
        () => 'failed',
      );
      vi.restoreAllMocks();
      if (seen.calls < nth) break;
      expect(outcome).toBe('failed');
      expect(await storage.load()).toEqual(before);
      failed += 1;
    }
    expect(failed).toBeGreaterThanOrEqual(5);
  });

  it('leaves the pages as they were when compaction fails', async () => {
    const { storage } = await phone();
    await storage.commit(change({ page: page('l1') }));
    for (const nth of [1, 2, 3]) {
      failingWrite(nth);
      await expect(storage.compact([page('l1'), page('l2')])).rejects.toThrow('The disk is full.');
      vi.restoreAllMocks();
      expect((await storage.load()).pages).toEqual([page('l1')]);
    }
  });
});
