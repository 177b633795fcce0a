import { describe, expect, it } from 'vitest';
import { phone, unsent } from './testing-journaled.ts';
import { settle } from './testing.ts';

describe('a store that is read ahead', () => {
  it('is read once for the first who asks, anew for the next', async () => {
    const { open, store } = await phone();
    const { storage } = await open(false);
    store.entries = [unsent('a', 1)];
    storage.beginLoading();
    store.entries = [unsent('a', 1), unsent('b', 2)];
    expect((await storage.load()).entries).toHaveLength(1);
    expect(store.calls).toEqual(['load']);
    expect((await storage.load()).entries).toHaveLength(2);
  });

  it('that cannot be read fails for who asks, and is mended', async () => {
    const { open, store } = await phone();
    const { storage } = await open(false);
    store.fails = new Error('dead');
    storage.beginLoading();
    await settle();
    await expect(storage.load()).rejects.toThrow('dead');
    store.fails = null;
    await settle();
    expect(store.calls).toContain('reopen');
  });

  it.each([
    ['is read again when another tab has written meanwhile', true, true, 1],
    ['is not read again when nothing was written', true, false, 0],
    ['that was not read ahead is not asked', false, true, 0],
  ])('%s', async (_what, isAhead, moved, rebuilt) => {
    const { open, store, heard, attach } = await phone();
    const { storage } = await open(false);
    if (isAhead) storage.beginLoading();
    await storage.load();
    store.moved = moved;
    attach(storage);
    await settle();
    expect(heard.rebuilt).toBe(rebuilt);
  });
});
