import { describe, expect, it } from 'vitest';
import { StoreGone, StoreReplaced } from './indexed-storage.ts';
import { act, commitOf, phone, unsent } from './testing-journaled.ts';
import { settle } from './testing.ts';

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

  it('does not begin once its tab is closed', async () => {
    const { storage, store, time, heard } = await phone();
    storage.close();
    store.fails = new Error('Full.');
    await expect(storage.commit(commitOf([]))).rejects.toThrow('Full.');
    await settle();
    await time.pass(60_000);
    expect([store.calls, heard.keeping]).toEqual([['commit '], 0]);
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
