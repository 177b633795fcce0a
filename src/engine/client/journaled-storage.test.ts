import { describe, expect, it } from 'vitest';
import { noFacts, type NewEntry, type StorageCommit, type StoredEntry, type StoredState } from '../device-storage.ts';
import { StorageMovedOn, StoreGone, StoreReplaced, type IndexedStorage } from './indexed-storage.ts';
import { JournaledStorage, openJournalEntry } from './journaled-storage.ts';
import { RingFull } from './ring.ts';
import type { Bytes, Sealer } from './sealer.ts';
import { settle, StoodTime } from './testing.ts';
import { MemoryJournals } from './testing-journal.ts';

const act = (id: string): NewEntry => ({
  ...{ id, name: 'lamp.hang', version: 1, args: {}, claimedAt: 0 },
  ...{ serverTime: null, sinceServer: null, offset: null },
});
const unsent = (id: string, seq: number): StoredEntry => ({ ...act(id), seq, state: 'unsent' });
const commitOf = (seqs: readonly number[], forget: readonly number[] = []): StorageCommit => ({
  ...{ facts: noFacts, reset: false, page: null, unsentAgain: [], forget },
  judged: seqs.map((seq) => ({ seq, state: { state: 'received', receivedAt: 1 } })),
});
/** Seals nothing; ciphers have tests of their own. */
const sealer = {
  seal: async (_place: unknown, value: unknown) => new TextEncoder().encode(JSON.stringify(value)),
  open: async (_place: unknown, bytes: Bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
} as unknown as Sealer;

/** The second home, in memory; `fails` is what its calls throw. */
class Store {
  entries: StoredEntry[] = [];
  fails: Error | null = null;
  readonly calls: string[] = [];
  made: StoredState | null = null;
  onMake: () => void = () => undefined;

  #do(call: string): void {
    this.calls.push(call);
    if (this.fails) throw this.fails;
  }
  load = async () => {
    this.#do('load');
    return { facts: noFacts, pages: [], entries: [...this.entries] };
  };
  putMissing = async (entries: readonly StoredEntry[]) => {
    this.#do(`put ${entries.map(({ seq }) => seq).join(' ')}`.trim());
    for (const one of entries) if (!this.entries.some(({ seq }) => seq === one.seq)) this.entries.push(one);
  };
  append = async (entry: NewEntry, floor: number) => {
    this.#do(`append above ${floor}`);
    this.entries.push({ ...entry, seq: floor + 1, state: 'unsent' });
    return floor + 1;
  };
  commit = async ({ judged }: StorageCommit) => this.#do(`commit ${judged.map(({ seq }) => seq).join(' ')}`);
  compact = async () => this.#do('compact');
  acknowledgeRefusal = async (seq: number) => this.#do(`acknowledge ${seq}`);
  reopen = async () => void this.calls.push('reopen');
  make = async (state: StoredState) => {
    this.calls.push('make');
    this.made = state;
    this.onMake();
  };
}

async function phone({ journals = new MemoryJournals() as MemoryJournals | null, inPlace = true } = {}) {
  const [store, time] = [new Store(), new StoodTime()];
  const heard = { keeping: 0, rebuilt: 0, replaced: 0 };
  const memory = { ours: true, state: { facts: noFacts, pages: [], entries: [] } as StoredState };
  const opened: JournaledStorage[] = [];
  const open = async (attached = true) => {
    const journal = journals && Object.assign(journals.journal(), { inPlace });
    const held = journal && (await journal.open('mine'));
    const parts = journal && held ? { journal, held, sealer } : null;
    const storage = new JournaledStorage({ store: store as unknown as IndexedStorage, journal: parts, timers: time });
    if (attached)
      storage.attach({
        snapshot: () => memory.state,
        stillOurs: () => memory.ours,
        rebuilt: () => (heard.rebuilt += 1),
        replaced: () => (heard.replaced += 1),
        onKeeping: () => (heard.keeping += 1),
      });
    opened.push(storage);
    return { storage, journal };
  };
  return { store, time, heard, memory, journals, open, ...(await open()) };
}

describe('an act', () => {
  it('is saved when the journal has it, and brought to the store a moment later', async () => {
    const { storage, store, time } = await phone();
    expect([await storage.append(act('a')), await storage.append(act('b'))]).toEqual([1, 2]);
    expect(store.entries).toEqual([]);
    await time.pass(100);
    expect(store.entries).toEqual([unsent('a', 1), unsent('b', 2)]);
    expect(storage.keeping).toBe('twice');
  });

  it('is in both homes at once where the journal is the browser’s cache, behind a gap for other tabs', async () => {
    const { storage, store } = await phone({ inPlace: false });
    expect(await storage.append(act('a'))).toBe(1_001);
    expect(store.entries).toEqual([unsent('a', 1_001)]);
    expect(storage.keeping).toBe('plain');
  });

  it('is numbered above what is known to be used', async () => {
    const { storage, open } = await phone();
    storage.raiseFloor(7);
    storage.raiseFloor(3);
    expect(await storage.append(act('a'))).toBe(8);
    expect(await (await open()).storage.append(act('b'))).toBe(9);
  });

  it('is numbered above what the store holds, once that was read', async () => {
    const { storage, store } = await phone();
    store.entries = [unsent('b', 20), unsent('a', 12)];
    expect((await storage.load()).entries.map(({ seq }) => seq)).toEqual([12, 20]);
    expect(await storage.append(act('c'))).toBe(21);
  });

  it('goes into the store alone where there is no journal', async () => {
    const { storage, store } = await phone({ journals: null });
    expect(storage.keeping).toBe('once');
    storage.raiseFloor(4);
    expect(await storage.append(act('a'))).toBe(1_001);
    expect(await storage.append(act('b'))).toBe(1_002);
    expect(store.calls).toEqual(['append above 1000', 'append above 1001']);
    expect((await storage.load()).entries).toEqual([unsent('a', 1_001), unsent('b', 1_002)]);
    expect(storage.restored).toEqual([]);
  });

  it('goes into the store alone while the journal fails, behind one gap, and the screen says so', async () => {
    const { storage, store, journals, heard } = await phone();
    (journals as MemoryJournals).failing = true;
    expect([await storage.append(act('a')), await storage.append(act('b'))]).toEqual([1_001, 1_002]);
    expect(store.calls).toEqual(['append above 1000', 'append above 1001']);
    expect([storage.keeping, heard.keeping]).toEqual(['troubled', 1]);
    (journals as MemoryJournals).failing = false;
    expect(await storage.append(act('c'))).toBe(1_003);
    // Two of them have one home only, until the centre has them.
    expect([storage.keeping, heard.keeping]).toEqual(['troubled', 2]);
    await storage.commit(commitOf([1_001, 1_002]));
    expect(storage.keeping).toBe('twice');
  });

  it('has one home when the journal is full, and the screen says which', async () => {
    const { storage, journal } = await phone();
    const { append } = journal as NonNullable<typeof journal>;
    const full = (error: Error) => Object.assign(journal as object, { append: () => Promise.reject(error) });
    full(new RingFull());
    await storage.append(act('a'));
    expect(storage.keeping).toBe('once');
    // Out of a worker it comes by name.
    full(new Error(`${new RingFull().name}: no room`));
    await storage.append(act('b'));
    expect(storage.keeping).toBe('once');
    full(new Error('The disk is gone.'));
    await storage.append(act('c'));
    expect(storage.keeping).toBe('troubled');
    Object.assign(journal as object, { append });
    await storage.commit(commitOf([1_001, 1_002, 1_003]));
    await storage.append(act('d'));
    expect(storage.keeping).toBe('twice');
  });

  it('that no home takes is not saved', async () => {
    const { storage, store, journals } = await phone();
    (journals as MemoryJournals).failing = true;
    store.fails = new Error('Full.');
    await expect(storage.append(act('a'))).rejects.toThrow('Full.');
    expect(storage.keeping).toBe('troubled');
    storage.close();
  });
});

describe('what only the journal has', () => {
  it('is found at the start, put into the store, and told', async () => {
    const { storage, store, open } = await phone();
    await storage.append(act('a'));
    await storage.append(act('b'));
    store.entries = [unsent('a', 1)];
    const { storage: next } = await open();
    expect((await next.load()).entries).toEqual([unsent('a', 1), unsent('b', 2)]);
    expect(next.restored).toEqual([unsent('b', 2)]);
    expect(store.entries).toEqual([unsent('a', 1), unsent('b', 2)]);
    // Only what was found at the start is new to the other tabs.
    await storage.append(act('c'));
    expect((await next.load()).entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(next.restored).toEqual([unsent('b', 2)]);
  });

  it('is not what the store has under another number, nor what does not open', async () => {
    const { storage, store, journal, open } = await phone();
    await storage.append(act('a'));
    await journal?.append(new TextEncoder().encode('not an act'), 0);
    store.entries = [{ ...unsent('a', 50), state: 'received', receivedAt: 1 }];
    expect((await (await open()).storage.load()).entries.map(({ seq }) => seq)).toEqual([50]);
    expect(await openJournalEntry(sealer, new Uint8Array([1]))).toBeNull();
  });

  it('is shown also when the store does not take it, and put there as soon as it does', async () => {
    const { storage, store, open, time } = await phone();
    await storage.append(act('a'));
    storage.close();
    const { storage: next } = await open();
    const put = store.putMissing;
    store.putMissing = async () => Promise.reject(new Error('Full.'));
    expect((await next.load()).entries).toEqual([unsent('a', 1)]);
    expect(next.keeping).toBe('troubled');
    await time.pass(300);
    store.putMissing = put;
    await time.pass(400);
    expect([next.keeping, store.entries]).toEqual(['twice', [unsent('a', 1)]]);
  });

  it('stays known when the journal does not answer', async () => {
    const { storage, store, journals, time } = await phone();
    await storage.load();
    store.fails = new Error('Full.');
    await storage.append(act('a'));
    await time.pass(150);
    await storage.append(act('b'));
    store.fails = null;
    (journals as MemoryJournals).failing = true;
    expect((await storage.load()).entries).toEqual([unsent('a', 1), unsent('b', 2)]);
    storage.close();
  });

  it('says which unsent acts it lacks', async () => {
    const { store, open } = await phone();
    store.entries = [{ ...unsent('a', 1), state: 'received', receivedAt: 1 }];
    const { storage } = await open();
    await storage.load();
    expect(storage.keeping).toBe('twice');
    store.entries.push(unsent('b', 2));
    await storage.load();
    expect(storage.keeping).toBe('troubled');
  });
});

describe('an answer', () => {
  it('finds its acts in the store, whichever way they are going there', async () => {
    const { storage, store, time } = await phone();
    await storage.append(act('a'));
    await storage.commit(commitOf([1]));
    expect(store.calls.filter((call) => call !== 'put 1')).toEqual(['commit 1']);
    expect(store.calls.indexOf('put 1')).toBeLessThan(store.calls.indexOf('commit 1'));
    store.fails = new Error('Full.');
    await storage.append(act('b'));
    await time.pass(100);
    store.fails = null;
    store.calls.length = 0;
    await storage.commit(commitOf([2]));
    expect(store.calls).toEqual(expect.arrayContaining(['put 2', 'commit 2']));
    // What was judged is owed to nobody any more.
    store.calls.length = 0;
    await time.pass(60_000);
    expect(store.calls.filter((call) => call.startsWith('put 2'))).toEqual([]);
  });

  it('lets the journal forget what is old, and what its author has read', async () => {
    const { storage, journal } = await phone();
    for (const id of ['a', 'b', 'c']) await storage.append(act(id));
    await storage.commit(commitOf([], [1]));
    await storage.acknowledgeRefusal(3);
    await settle();
    expect(await journal?.seqs()).toEqual([2]);
  });

  it('that cannot be written is said, and the store is mended', async () => {
    const { storage, store, time, heard } = await phone();
    store.fails = new Error('Connection is closing.');
    await expect(storage.commit(commitOf([]))).rejects.toThrow('Connection is closing.');
    expect([storage.keeping, heard.keeping]).toEqual(['troubled', 1]);
    store.fails = null;
    await settle();
    await time.pass(100);
    expect([storage.keeping, heard.keeping]).toEqual(['twice', 2]);
  });

  it('that another tab was faster with is said, and nothing is mended', async () => {
    const { storage, store, heard } = await phone();
    store.fails = new StorageMovedOn();
    await expect(storage.commit(commitOf([]))).rejects.toBeInstanceOf(StorageMovedOn);
    await expect(storage.acknowledgeRefusal(1)).rejects.toBeInstanceOf(StorageMovedOn);
    expect([storage.keeping, heard.keeping, store.calls.includes('reopen')]).toEqual(['twice', 0, false]);
  });
});

describe('tidying up', () => {
  it('may fail at the start, and is said later', async () => {
    const { store, open } = await phone();
    store.fails = new Error('Full.');
    const { storage } = await open(false);
    await storage.compact([]);
    const { storage: attached } = await open();
    await expect(attached.compact([])).rejects.toThrow('Full.');
    storage.close();
    attached.close();
  });
});

describe('mending', () => {
  it('waits longer and longer, at most a quarter of a minute, and begins anew when it has helped', async () => {
    const { storage, store, time } = await phone();
    const reopened: number[] = [];
    store.reopen = async () => void reopened.push(time.now);
    store.fails = new Error('Full.');
    await storage.compact([]).catch(() => undefined);
    await settle();
    await time.pass(120_000);
    const waits = reopened.slice(1).map((at, index) => at - (reopened[index] as number));
    expect(waits.slice(0, 9)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000]);
    expect(Math.max(...waits)).toBe(15_000);
    store.fails = null;
    await time.pass(15_000);
    expect([storage.keeping, time.next]).toEqual(['twice', null]);
    reopened.length = 0;
    store.fails = new Error('Full.');
    const from = time.now;
    await storage.compact([]).catch(() => undefined);
    await settle();
    await time.pass(100);
    expect(reopened).toEqual([from, from + 100]);
    storage.close();
  });

  it('writes a store that was emptied from memory, and says so', async () => {
    const { storage, store, memory, heard } = await phone();
    memory.state = { ...memory.state, entries: [unsent('a', 1)] };
    store.fails = new StoreGone();
    store.onMake = () => (store.fails = null);
    await storage.commit(commitOf([])).catch(() => undefined);
    await settle();
    expect(store.made).toBe(memory.state);
    expect([heard.rebuilt, storage.keeping]).toEqual([1, 'twice']);
  });

  it('writes nothing anew that was signed out, has no memory, or is closed', async () => {
    const out = await phone();
    out.memory.ours = false;
    const { storage: bare, store } = { ...(await out.open(false)), store: out.store };
    store.fails = new StoreGone();
    await out.storage.commit(commitOf([])).catch(() => undefined);
    await bare.load().catch(() => undefined);
    await settle();
    await out.time.pass(1_000);
    expect([store.made, out.heard.rebuilt]).toEqual([null, 0]);
    out.memory.ours = true;
    out.storage.close();
    bare.close();
    await out.time.pass(60_000);
    expect(store.made).toBeNull();
    const before = store.calls.length;
    await out.storage.commit(commitOf([])).catch(() => undefined);
    await settle();
    expect(store.calls.slice(before)).toEqual(['commit ']);
  });

  it('leaves a store alone that another tab has made, and says so once', async () => {
    const { storage, store, heard, time } = await phone();
    store.fails = new StoreReplaced();
    await storage.commit(commitOf([])).catch(() => undefined);
    await settle();
    await time.pass(60_000);
    expect([heard.replaced, store.made, storage.keeping]).toEqual([1, null, 'troubled']);
  });

  it('goes on with what came while it mended', async () => {
    const { storage, store, time } = await phone();
    store.fails = new Error('Full.');
    await storage.append(act('a'));
    await time.pass(100);
    let finish = (): void => undefined;
    store.reopen = () => new Promise((resolve) => (finish = () => resolve(undefined)));
    await time.pass(200);
    await storage.append(act('b'));
    await time.pass(100);
    store.fails = null;
    store.reopen = async () => undefined;
    finish();
    await settle();
    expect([store.entries.map(({ id }) => id), storage.keeping]).toEqual([['a', 'b'], 'twice']);
  });

  it('ends with its tab', async () => {
    const { storage, store, time } = await phone();
    store.fails = new Error('Full.');
    await storage.append(act('a'));
    await time.pass(150);
    storage.close();
    store.calls.length = 0;
    await time.pass(60_000);
    expect(store.calls).toEqual([]);
  });
});
