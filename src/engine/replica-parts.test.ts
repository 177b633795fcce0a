import { describe, expect, it, vi } from 'vitest';
import type { StoredEntry } from './device-storage.ts';
import { mutationsPerExchange, pagesBeforeCompaction } from './limits.ts';
import { answer, identity, lamp, lampActs, Memory, phone, registry } from './replica.fixture.ts';
import { Replica } from './replica.ts';

const applied = (seq: number) => ({ seq, id: `act-${seq}`, verdict: 'applied', repeated: false }) as const;
const row = (id: string, lit: boolean, version: number) => ({ row: { id, room: 'hall', lit }, version });
const lit = (replica: Replica, id = 'l1') => replica.shown.get(lamp, id)?.lit;

describe('whoever shows the state', () => {
  it('hears which kinds have changed, and of acts and facts; until it listens no more', async () => {
    const { replica } = await phone();
    const heard: string[][] = [];
    const stop = replica.onChange((kinds) => heard.push([...kinds].sort()));
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    await replica.accept({ ...replica.request(), mutations: [] }, answer({ cookie: 'c2', rows: [row('l2', true, 2)] }));
    await replica.acknowledgeRefusal(1);
    await replica.refresh();
    replica.adopt([]);
    expect(heard).toEqual([['', 'lamp'], ['', 'lamp'], [''], ['', 'lamp'], ['']]);
    stop();
    await replica.refresh();
    expect(heard).toHaveLength(5);
  });

  it('asks what may be done as the person of the phone, and as nobody before it has one', async () => {
    const { replica, tools } = await phone();
    expect(replica.context()).toMatchObject({ ...identity, device: 'd' });
    const nobody = await Replica.open(registry, 'd', new Memory(), tools);
    expect(nobody.context()).toBeNull();
    expect(await nobody.mutate(lampActs.hang, { room: 'attic' })).toEqual({
      refusal: expect.objectContaining({ code: 'not-allowed' }),
    });
  });

  it('has the time of the centre, carried on by a clock that nobody can set', async () => {
    const monotonic = { at: 100 };
    const { replica } = await phone({ wall: 1_000 }, { monotonic: () => monotonic.at });
    expect(replica.now()).toBe(5_000);
    monotonic.at += 70;
    expect(replica.now()).toBe(5_070);
  });
});

describe('acts of other tabs', () => {
  const other = (seq: number, state: 'unsent' | 'received' = 'unsent'): StoredEntry =>
    ({
      ...{ seq, id: `other-${seq}`, name: 'lamp.light', version: 1, args: { lampId: 'l1' }, claimedAt: 1 },
      ...{ serverTime: null, sinceServer: null, offset: null, state, receivedAt: 1 },
    }) as StoredEntry;

  it('are shown when they are unsent, in the order of their numbers, and known once', async () => {
    const { replica } = await phone();
    replica.adopt([other(7), other(3)]);
    expect(lit(replica)).toBe(true);
    replica.adopt([{ ...other(7), id: 'somebody else' }]);
    expect(replica.entries.map(({ seq, id }) => [seq, id])).toEqual([
      [3, 'other-3'],
      [7, 'other-7'],
    ]);
  });

  it('that the centre has are known and change nothing', async () => {
    const { replica } = await phone();
    replica.adopt([other(3, 'received')]);
    expect(lit(replica)).toBe(false);
    expect([replica.entries.length, replica.unsent.length]).toEqual([1, 0]);
  });
});

describe('a disk that reports a failure', () => {
  it('and has written all the same: the act is saved, once', async () => {
    const { replica, storage } = await phone();
    await replica.mutate(lampActs.hang, { room: 'porch' });
    const { append } = storage;
    storage.append = async (entry) => {
      await append(entry);
      throw new Error('not written');
    };
    expect(await replica.mutate(lampActs.light, { lampId: 'l1' })).toMatchObject({
      saved: { seq: 2, state: 'unsent' },
    });
    expect([lit(replica), replica.unsent.length]).toEqual([true, 2]);
  });

  it('and has not written: nothing is saved, nothing shown, the failure is handed on', async () => {
    const { replica, storage } = await phone();
    storage.append = () => Promise.reject(new Error('full'));
    await expect(replica.mutate(lampActs.light, { lampId: 'l1' })).rejects.toThrow('full');
    expect([lit(replica), replica.unsent.length]).toEqual([false, 0]);
  });

  it('and gives nothing any more, or an empty store: what is shown stays', async () => {
    for (const load of [() => Promise.reject(new Error('gone')), new Memory().load]) {
      const { replica, storage } = await phone();
      await replica.mutate(lampActs.hang, { room: 'attic' });
      storage.append = () => Promise.reject(new Error('full'));
      storage.load = load as never;
      await expect(replica.mutate(lampActs.light, { lampId: 'l1' })).rejects.toThrow('full');
      expect(replica.shown.where(lamp, { room: 'attic' })).toHaveLength(1);
      expect(lit(replica)).toBe(false);
    }
  });

  it('at an answer: the answer is not taken', async () => {
    const { replica, storage } = await phone();
    storage.commit = () => Promise.reject(new Error('full'));
    const taken = replica.accept(replica.request(), answer({ cookie: 'c2', rows: [row('l1', true, 2)] }));
    await expect(taken).rejects.toThrow('full');
    expect([lit(replica), replica.facts.cookie]).toEqual([false, 'c1']);
    await expect(replica.changeFacts({ cookie: null })).rejects.toThrow('full');
    expect(replica.facts.cookie).toBe('c1');
  });
});

describe('what is asked of the centre', () => {
  it('goes without a cookie when the pages are of another version of the app', async () => {
    const { replica, storage, tools } = await phone();
    expect(replica.request()).toMatchObject({ cookie: 'c1', epoch: 'e', device: 'd' });
    storage.state = { ...storage.state, facts: { ...storage.state.facts, shape: 'older' } };
    const older = await Replica.open(registry, 'd', storage, tools);
    expect(older.request().cookie).toBeNull();
    expect(older.shown.get(lamp, 'l1')).toEqual({ id: 'l1', room: 'hall', lit: false, code: null });
  });

  it('is as many acts as the tools allow', async () => {
    const { replica } = await phone({ wall: 1_000 }, { mutationsPerExchange: 2 });
    for (const room of ['attic', 'cellar', 'porch']) await replica.mutate(lampActs.hang, { room });
    expect(replica.request().mutations.map(({ seq }) => seq)).toEqual([1, 2]);
    const many = await phone();
    for (let at = 0; at < 3; at += 1) await many.replica.mutate(lampActs.hang, { room: 'attic' });
    expect(many.replica.request().mutations).toHaveLength(3);
  });

  it('is as many acts as the centre takes, and fewer again when it declines', async () => {
    const { replica } = await phone({ wall: 1_000 });
    for (let at = 0; at <= mutationsPerExchange; at += 1) await replica.mutate(lampActs.hang, { room: 'attic' });
    const sent = () => replica.request().mutations.length;
    expect(sent()).toBe(mutationsPerExchange);
    await replica.accept(replica.request(), answer({ cookie: 'c2', takes: 1_000 }));
    expect(sent()).toBe(mutationsPerExchange + 1);
    await replica.accept(replica.request(), answer({ cookie: 'c3' }));
    expect(sent()).toBe(mutationsPerExchange + 1);
    replica.sendFewer();
    expect(sent()).toBe(mutationsPerExchange);
  });

  it('is held against the sum that came with the answer, once the state is whole', async () => {
    const { replica } = await phone();
    const wrong = answer({ checksum: 1 });
    expect(replica.agrees(answer({ checksum: null }))).toBe(true);
    expect(replica.agrees(wrong)).toBe(false);
    const { checksum } = await sumOf(replica);
    expect(replica.agrees(answer({ checksum }))).toBe(true);
    await replica.accept(replica.request(), answer({ cookie: 'c2', more: true }));
    expect(replica.agrees(wrong)).toBe(true);
  });

  it('changes one fact at a time, on the disk first', async () => {
    const { replica, storage } = await phone();
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    const before = storage.state;
    await replica.changeFacts({ cookie: null });
    expect(storage.state).toEqual({ ...before, facts: { ...before.facts, cookie: null } });
    expect(replica.request().cookie).toBeNull();
  });
});

/** The sum that the replica has, found by asking it. */
async function sumOf(replica: Replica): Promise<{ checksum: number }> {
  const { entryHash } = await import('./checksum.ts');
  const held = replica.snapshot().pages.flatMap(({ rows }) => rows);
  return { checksum: held.reduce((sum, one) => (sum + entryHash(one.kind, one.row.id, one.version)) % 2 ** 48, 0) };
}

describe('a state in parts', () => {
  it('is shown as it comes when there is none before it, and an act that was taken then waits for the last part', async () => {
    const { tools } = await phone();
    const storage = new Memory();
    storage.state = { ...storage.state, facts: { ...storage.state.facts, identity } };
    const replica = await Replica.open(registry, 'd', storage, tools);
    await replica.mutate(lampActs.hang, { room: 'attic' });
    const { id } = replica.unsent[0] as StoredEntry;
    const first = { ...replica.request(), mutations: [] };
    await replica.accept(first, answer({ more: true, rows: [row('l1', false, 1)] }));
    expect(replica.shown.all(lamp)).toHaveLength(2);
    const restarted = await Replica.open(registry, 'd', storage, tools);
    expect(restarted.shown.all(lamp)).toHaveLength(2);
    const verdicts = [{ seq: 1, id, verdict: 'applied', repeated: false } as const];
    await replica.accept(replica.request(), answer({ more: true, verdicts, rows: [row('l2', false, 1)] }));
    expect(replica.shown.all(lamp).map((one) => one.id)).toEqual([id, 'l1'].sort());
    await replica.accept(replica.request(), answer({ rows: [{ row: { id, room: 'attic', lit: false }, version: 2 }] }));
    expect(replica.shown.all(lamp)).toHaveLength(3);
  });

  it('that starts anew takes the place of the old one with its last part', async () => {
    const { replica, storage, tools } = await phone();
    const reset = { reset: true, kinds: answer({ rows: [row('l2', false, 4)] }).patch.kinds };
    await replica.accept(replica.request(), answer({ cookie: 'c2', more: true, patch: reset }));
    expect(replica.shown.all(lamp).map(({ id }) => id)).toEqual(['l1']);
    await replica.accept(replica.request(), answer({ cookie: 'c3', rows: [row('l3', true, 5)] }));
    expect(replica.shown.all(lamp).map(({ id }) => id)).toEqual(['l2', 'l3']);
    const again = await Replica.open(registry, 'd', storage, tools);
    expect(again.shown.all(lamp)).toEqual(replica.shown.all(lamp));
  });

  it('is not rewritten between two parts', async () => {
    const { replica, storage } = await phone();
    const compact = vi.spyOn(storage, 'compact');
    await replica.accept(replica.request(), answer({ cookie: 'c2', more: true, removed: ['l1'] }));
    await replica.compact();
    expect(compact).not.toHaveBeenCalled();
    expect(lit(replica)).toBe(false);
    await replica.accept(replica.request(), answer({ cookie: 'c3' }));
    expect(compact).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(storage.state.pages)).not.toContain('l1');
  });

  it('is rewritten at the next start when that was cut off', async () => {
    const { replica, storage, tools } = await phone();
    storage.compact = () => new Promise(() => undefined);
    void replica.accept(replica.request(), answer({ cookie: 'c2', removed: ['l1'] }));
    await vi.waitFor(() => expect(storage.state.pages).toHaveLength(2));
    const again = new Memory();
    again.state = storage.state;
    await Replica.open(registry, 'd', again, tools);
    expect(JSON.stringify(again.state.pages)).not.toContain('l1');
    const compact = vi.spyOn(again, 'compact');
    await Replica.open(registry, 'd', again, tools);
    expect(compact).not.toHaveBeenCalled();
  });

  it('is put together when it lies in many pages, and not before', async () => {
    const { replica, storage } = await phone();
    for (let at = 2; at <= pagesBeforeCompaction; at += 1)
      await replica.accept(replica.request(), answer({ cookie: `c${at}`, rows: [row('l1', false, at)] }));
    expect(storage.state.pages).toHaveLength(pagesBeforeCompaction);
    await replica.accept(replica.request(), answer({ cookie: 'last', rows: [row('l1', true, 99)] }));
    expect(storage.state.pages).toHaveLength(1);
    expect(storage.state.pages[0]?.rows).toHaveLength(1);
  });
});

describe('a centre that was restored from a backup', () => {
  it('is sent again what it had, which is counted once, whatever its state contains', async () => {
    const { replica, storage, tools } = await phone();
    await replica.mutate(lampActs.hang, { room: 'attic' });
    const attic = { row: { id: 'act-1', room: 'attic', lit: false }, version: 2 };
    await replica.accept(replica.request(), answer({ cookie: 'c2', verdicts: [applied(1)], rows: [attic] }));
    expect(replica.unsent).toHaveLength(0);
    const reset = { reset: true, kinds: answer({ rows: [row('l1', false, 1)] }).patch.kinds };
    await replica.accept(replica.request(), answer({ cookie: 'c3', epoch: 'e2', patch: reset }));
    expect(replica.unsent.map(({ seq }) => seq)).toEqual([1]);
    const restarted = await Replica.open(registry, 'd', storage, tools);
    // The old state is shown until the new one is whole; after a start nobody knows what its parts contain.
    expect(replica.shown.where(lamp, { room: 'attic' })).toHaveLength(1);
    expect(restarted.shown.where(lamp, { room: 'attic' })).toHaveLength(0);
    await replica.accept(
      replica.request(),
      answer({ cookie: 'c4', epoch: 'e2', verdicts: [applied(1)], rows: [attic] }),
    );
    expect(replica.shown.where(lamp, { room: 'attic' })).toHaveLength(1);
    expect(replica.facts.filling).toBeNull();
  });
});

describe('everything for a disk that was emptied', () => {
  it('is the state, the facts and the acts as they are', async () => {
    const { replica, storage } = await phone();
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    const snapshot = replica.snapshot();
    expect(snapshot.facts).toEqual(storage.state.facts);
    expect(snapshot.entries).toEqual(storage.state.entries);
    expect(snapshot.pages.flatMap(({ rows }) => rows)).toEqual(storage.state.pages.flatMap(({ rows }) => rows));
  });

  it('asks anew for a state that was still coming in, and sends again what was taken meanwhile', async () => {
    const { replica } = await phone();
    await replica.mutate(lampActs.hang, { room: 'attic' });
    await replica.accept(replica.request(), answer({ cookie: 'c2', more: true, verdicts: [applied(1)] }));
    const { facts, entries } = replica.snapshot();
    expect(facts).toMatchObject({ cookie: null, filling: null, identity });
    expect(entries.map(({ state }) => state)).toEqual(['unsent']);
  });
});

describe('a refusal', () => {
  it('that was read says so, and only a refusal does', async () => {
    const { replica, storage } = await phone();
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    await replica.acknowledgeRefusal(1);
    expect(replica.entries[0]).not.toHaveProperty('read');
    const verdicts = [{ ...applied(1), verdict: 'refused' as const, code: 'already-lit' }];
    await replica.accept(replica.request(), answer({ cookie: 'c2', verdicts }));
    await replica.acknowledgeRefusal(1);
    expect(replica.entries[0]).toMatchObject({ state: 'refused', read: true });
    expect(storage.acknowledged).toEqual([1, 1]);
  });
});
