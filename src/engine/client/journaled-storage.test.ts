import { describe, expect, it } from 'vitest';
import { StorageMovedOn } from './indexed-storage.ts';
import type { Journal } from './journal.ts';
import { JournaledStorage, openJournalEntry } from './journaled-storage.ts';
import { RingFull } from './ring.ts';
import { act, commitOf, phone, sealer, unsent } from './testing-journaled.ts';
import type { MemoryJournals } from './testing-journal.ts';
import { settle } from './testing.ts';

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

  it('is sealed for its place, in the words that journals on phones are sealed with', async () => {
    const places: unknown[] = [];
    const noting = { seal: async (place: unknown) => (places.push(place), new Uint8Array([1])) } as never;
    const { store, time, journal } = await phone();
    const parts = { journal: journal as Journal, held: { highestSeq: 0, seqs: [] }, sealer: noting };
    await new JournaledStorage({ store: store as never, journal: parts, timers: time }).append(act('a'));
    const open = async (place: unknown) => void places.push(place);
    await openJournalEntry({ open } as never, new Uint8Array([1]));
    expect(places).toEqual([
      { table: 'journal', kind: 'entry' },
      { table: 'journal', kind: 'entry' },
    ]);
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
    // Nothing is missing in the store, so nothing is put there.
    expect(store.calls).toEqual(['load', 'load']);
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
