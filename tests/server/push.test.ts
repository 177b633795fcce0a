import { describe, expect, it } from 'vitest';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { loadRoundsMax } from '#engine/limits.ts';
import type { WireMutation } from '#engine/protocol.ts';
import { registryOf } from '#engine/registry.ts';
import { transactionTries } from '#server/limits.ts';
import { actAs } from '#server/exchange/act-as.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { push, type PushSetting } from '#server/exchange/push.ts';
import { Race, StoreRefused, type StationClock, type WriteBatch } from '#server/exchange/store.ts';
import { act, clock, officeDesk, registry, walker } from './fixture.ts';
import { watched, type StoreCall } from './watched-store.ts';

/** Rounds r1 and r2 with doors d1 to d9 in r1, and a store that is watched. */
function station(steps: Parameters<typeof watched>[1] = {}) {
  const all = new MemoryStore(registry);
  all.put('round', [{ id: 'r1', walker: 'a' }]);
  const doors = Array.from({ length: 9 }, (_none, at) => ({ id: `d${at + 1}`, roundId: 'r1', opened: false }));
  all.put(
    'door',
    doors.map((one) => ({ ...one, key: null, mood: null })),
  );
  const seen = watched(all, steps);
  const reports: string[] = [];
  const setting = (more: Partial<PushSetting> = {}): PushSetting => ({
    ...{ store: seen.store, registry, now: clock.now, epoch: null },
    report: (_error, { name }) => void reports.push(name),
    ...more,
  });
  const send = (acts: readonly WireMutation[], more: Partial<PushSetting> = {}, who = walker('a')) =>
    push(setting(more), who, acts);
  return { all, send, reports, ...seen };
}
const opens = (seq: number, door = `d${seq}`) => act(seq, 'door.open', { doorId: door });
const codes = (verdicts: readonly { verdict: string; code?: string }[]) =>
  verdicts.map(({ verdict, code }) => code ?? verdict);

/** As a database with keys: no door stands in a round that is not there. */
const withKeys = ({ name, args }: StoreCall): void => {
  const rows = name === 'write' ? (args[0] as WriteBatch).rows : [];
  if (rows.some(({ row }) => row?.['roundId'] === 'no-such-round')) throw new StoreRefused('a key does not hold');
};

describe('what a push asks the store', () => {
  it('is the same few things for one act and for many', async () => {
    const usual = ['push', 'clock', 'taken', 'load', 'lockClock', 'write'];
    for (const acts of [[opens(1)], [opens(1), opens(2), act(3, 'door.openAll', { roundId: 'r1' })]]) {
      const { send, names } = station();
      expect(codes(await send(acts))).toEqual(acts.map(() => 'applied'));
      expect(names()).toEqual(usual);
    }
  });

  it('is nothing without acts, and no lock for what was taken before', async () => {
    const { send, calls, names } = station();
    expect(await send([])).toEqual([]);
    expect(names()).toEqual([]);
    await send([opens(1)]);
    calls.length = 0;
    expect(await send([opens(1)])).toMatchObject([{ seq: 1, repeated: true }]);
    expect(names()).toEqual(['push', 'clock', 'taken']);
  });

  it('is about refused acts only when an act looks for a record that is not there', async () => {
    const { send, calls, count } = station();
    expect(codes(await send([opens(1), act(2, 'door.open', { doorId: 'd1' })]))).toEqual(['applied', 'already']);
    expect(count('refusedActs')).toBe(0);
    calls.length = 0;
    expect(codes(await send([act(3, 'door.add', { roundId: 'r9' })]))).toEqual(['no-round']);
    expect(calls.find(({ name }) => name === 'refusedActs')?.args).toEqual(['phone-a', ['r9']]);
    expect(codes(await send([act(4, 'door.open', { doorId: 'act-3.1' })]))).toEqual(['held']);
    expect(calls.at(-3)).toMatchObject({ name: 'refusedActs', args: ['phone-a', ['act-3', 'act-3.1']] });
  });
});

describe('an act', () => {
  it('is kept with whose it is, when it was, and what it changed', async () => {
    const { all, send } = station();
    const late = { serverTime: 5_000, sinceServer: 70 };
    await send([{ ...opens(1), ...late }, act(2, 'door.add', { roundId: 'r9' })]);
    const base = { device: 'phone-a', person: 'a', receivedAt: clock.now() };
    expect(all.acts).toEqual([
      expect.objectContaining({ ...base, correctedAt: 5_070, code: null, about: [{ kind: 'door', id: 'd1' }] }),
      expect.objectContaining({ ...base, correctedAt: clock.now(), code: 'no-round', heldWith: null, about: [] }),
    ]);
    expect(all.rowsOf('door')[0]).toMatchObject({ version: 3, row: { id: 'd1', opened: true } });
  });

  it('of an epoch that is over is not judged; before the first contact there is none', async () => {
    const { all, send } = station();
    expect(await send([opens(1)], { epoch: 'epoch-0' })).toEqual([]);
    expect(all.acts).toEqual([]);
    expect(codes(await send([opens(1)], { epoch: 'epoch-1' }))).toEqual(['applied']);
    expect(codes(await send([opens(2)], { epoch: null }))).toEqual(['applied']);
  });

  it('that says another thing under its own name is not taken for the first; verdicts come in order', async () => {
    const { all, send } = station();
    await send([opens(1), opens(2)]);
    const other = { ...opens(2), args: { doorId: 'd5' } };
    const again = await send([opens(1), other, opens(3), { ...opens(4, 'd4'), id: 'act-3' }]);
    expect(again.map(({ seq, repeated, code }) => [seq, repeated, code])).toEqual([
      [1, true, undefined],
      [2, false, 'invalid'],
      [3, false, undefined],
      [4, false, 'invalid'],
    ]);
    expect(all.acts.map(({ act: { seq } }) => seq)).toEqual([1, 2, 3]);
    expect(all.reviews).toHaveLength(2);
  });

  it('that comes again from another device of the same person has its verdict, under the number it has there', async () => {
    const { all, send } = station();
    await send([opens(1), act(2, 'door.add', { roundId: 'r9' })]);
    const moved = [opens(1), act(2, 'door.add', { roundId: 'r9' })].map((one) => ({ ...one, seq: one.seq + 40 }));
    expect(await send(moved, {}, { ...walker('a'), device: 'phone-a2' })).toEqual([
      { seq: 41, id: 'act-1', verdict: 'applied', repeated: true },
      { seq: 42, id: 'act-2', verdict: 'refused', repeated: true, code: 'no-round' },
    ]);
    expect(all.acts).toHaveLength(2);
  });

  it('is new under the number at which another device has done one that comes along', async () => {
    const { send } = station();
    await send([opens(1)]);
    const along = [
      { ...opens(1, 'd2'), id: 'new' },
      { ...opens(1), seq: 2 },
    ];
    expect(await send(along, {}, { ...walker('a'), device: 'phone-a2' })).toMatchObject([
      { seq: 1, id: 'new', verdict: 'applied', repeated: false },
      { seq: 2, id: 'act-1', verdict: 'applied', repeated: true },
    ]);
  });

  it('under a number that another device has used is new', async () => {
    const { send } = station();
    await send([opens(1)]);
    const theirs = { ...opens(1, 'd2'), id: 'theirs' };
    expect(await send([theirs], {}, walker('b'))).toMatchObject([{ seq: 1, verdict: 'applied', repeated: false }]);
  });
});

describe('a judgement', () => {
  it('that threw is told to whoever mends declarations, and to nobody else', async () => {
    const { send, reports } = station();
    const acts = [opens(1), act(2, 'door.break', {}), act(3, 'door.add', { roundId: 'r9' })];
    expect(codes(await send(acts))).toEqual(['applied', 'server-check', 'no-round']);
    expect(reports).toEqual(['door.break']);
  });

  it('that refuses leaves no record but what it is kept as', async () => {
    const { send, calls } = station();
    await send([act(1, 'door.add', { roundId: 'r9' })]);
    expect(calls.at(-1)?.args[0]).toMatchObject({ version: 3, rows: [], clashes: [] });
    expect(calls.at(-1)?.args[0]).not.toHaveProperty('contact');
  });

  it('may look so many steps deep, and no deeper', async () => {
    const link = kind({ name: 'link', fields: { next: f.optional(f.text()) }, sees: [] });
    const linkActs = mutationsOf(link, {
      follow: mutation({
        label: () => '',
        args: { from: f.text() },
        may: () => true,
        refusals: {},
        apply(tx, { from }) {
          for (let at: string | null = from; at !== null;) at = tx.get(link, at)?.next ?? null;
          return [];
        },
      }),
    });
    const links = registryOf([{ link, linkActs }]);
    const all = new MemoryStore(links);
    const ids = Array.from({ length: loadRoundsMax + 9 }, (_none, at) => `l${at}`);
    all.put('link', ids.map((id, at) => ({ id, next: ids[at + 1] ?? null }))); // prettier-ignore
    const follow = async (seq: number, steps: number) => {
      const setting = { store: all, registry: links, now: clock.now, report: () => undefined, epoch: null };
      return codes(await push(setting, walker('a'), [act(seq, 'link.follow', { from: ids.at(-steps) })]));
    };
    expect(await follow(1, loadRoundsMax)).toEqual(['applied']);
    expect(await follow(2, loadRoundsMax + 1)).toEqual(['server-check']);
  });
});

describe('somebody in between', () => {
  const moved = (result: unknown): StationClock => {
    const now = result as StationClock;
    return { ...now, version: now.version + 1 };
  };

  it('who changed nothing of what was read costs one more look', async () => {
    const { send, names } = station({ after: ({ name }, one) => (name === 'lockClock' ? moved(one) : one) });
    expect(codes(await send([opens(1)]))).toEqual(['applied']);
    expect(names()).toEqual(['push', 'clock', 'taken', 'load', 'lockClock', 'load', 'write']);
  });

  it('who keeps changing what was read is shut out at the fourth try', async () => {
    let loads = 0;
    const { send, calls, names, count } = station({
      after({ name }, one) {
        if (name === 'lockClock') return moved(one);
        if (name !== 'load') return one;
        loads += 1;
        return (one as { version: number }[]).map((row) => ({ ...row, version: loads }));
      },
    });
    expect(codes(await send([opens(1)]))).toEqual(['applied']);
    expect(count('push')).toBe(4);
    expect(count('write')).toBe(1);
    const last = names().lastIndexOf('push');
    expect(calls.slice(last).map(({ name }) => name)).toEqual([
      'push',
      'lockClock',
      'taken',
      'load',
      'lockClock',
      'write',
    ]);
  });

  it('is waited out so many times, and then the caller hears of it', async () => {
    let races = transactionTries - 1;
    const steps = {
      before({ name }: StoreCall) {
        if (name !== 'write' || races === 0) return;
        races -= 1;
        throw new Race('just taken');
      },
    };
    const { send, count, calls } = station(steps);
    expect(codes(await send([opens(1)]))).toEqual(['applied']);
    expect(count('push')).toBe(transactionTries);
    races = transactionTries;
    calls.length = 0;
    await expect(send([opens(2)])).rejects.toBeInstanceOf(Race);
    expect([count('push'), races]).toEqual([transactionTries, 0]);
  });

  it('is not what a store that is gone is taken for', async () => {
    const gone = ({ name }: StoreCall): void => {
      if (name === 'write') throw new Error('gone');
    };
    const { all, send, count } = station({ before: gone });
    await expect(send([opens(1), opens(2)])).rejects.toThrow('gone');
    expect([count('push'), all.acts]).toEqual([1, []]);
  });
});

describe('what the store does not let pass', () => {
  it('is refused and reported when it stands alone, and kept whole', async () => {
    const { all, send, reports, count } = station({ before: withKeys });
    expect(codes(await send([act(1, 'door.misplace', { doorId: 'd1' })]))).toEqual(['server-check']);
    expect([reports, count('push')]).toEqual([['door.misplace'], 2]);
    expect(all.reviews).toMatchObject([{ act: { id: 'act-1' }, code: 'server-check', heldWith: null }]);
  });

  it('takes nothing else with it, and costs one transaction more however many there are', async () => {
    for (const bad of [[3], [1, 2, 7], [1, 2, 3, 4, 5, 6, 7, 8]]) {
      const { all, send, reports, count } = station({ before: withKeys });
      const acts = [1, 2, 3, 4, 5, 6, 7, 8].map((seq) =>
        bad.includes(seq) ? act(seq, 'door.misplace', { doorId: `d${seq}` }) : opens(seq),
      );
      const said = await send(acts);
      expect(said.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(said.filter(({ code }) => code === 'server-check').map(({ seq }) => seq)).toEqual(bad);
      expect(all.rowsOf('door').filter(({ row }) => row['opened'])).toHaveLength(8 - bad.length);
      expect([count('push'), reports]).toEqual([2, bad.map(() => 'door.misplace')]);
    }
  });

  it('lets those be judged anew that stood on it', async () => {
    const { send, count } = station({ before: withKeys });
    const acts = [
      act(1, 'door.misplace', { doorId: 'd1' }),
      act(2, 'door.openAll', { roundId: 'no-such-round' }),
      opens(3, 'd1'),
    ];
    expect(codes(await send(acts))).toEqual(['server-check', 'applied', 'applied']);
    expect(count('push')).toBe(2);
  });

  it('is looked for by halves when nobody can see beforehand what is wrong with it', async () => {
    const secret = ({ name, args }: StoreCall): void => {
      const rows = name === 'write' ? (args[0] as WriteBatch).rows : [];
      if (rows.some(({ row }) => row?.['key'] === 'too much')) throw new StoreRefused('a check does not hold');
    };
    const { send, reports } = station({ before: secret });
    const acts = [opens(1), opens(2), act(3, 'door.label', { doorId: 'd3', key: 'too much' }), opens(4), opens(5)];
    expect(codes(await send(acts))).toEqual(['applied', 'applied', 'server-check', 'applied', 'applied']);
    expect(reports).toEqual(['door.label']);
  });

  it('is found by what no store holds', async () => {
    for (const key of ['a\u0000b', '\ud800']) {
      const { send, count } = station({
        before({ name, args }) {
          const rows = name === 'write' ? (args[0] as WriteBatch).rows : [];
          if (rows.some(({ row }) => row?.['key'] === key)) throw new StoreRefused('a value does not fit');
        },
      });
      expect(codes(await send([opens(1), act(2, 'door.label', { doorId: 'd2', key })]))).toEqual([
        'applied',
        'server-check',
      ]);
      expect(count('push')).toBe(2);
    }
  });

  it('of a job of the station is refused alone too', async () => {
    const { store, count } = station({ before: withKeys });
    const call = (id: string, name: string, args: object) => ({ id, name, args });
    const calls = [
      call('j1', 'door.open', { doorId: 'd1' }),
      call('j2', 'door.misplace', { doorId: 'd2' }),
      call('j3', 'door.open', { doorId: 'd3' }),
    ];
    const said = await actAs(store, registry, clock, officeDesk, calls);
    expect(said.map(({ id, seq, code }) => [id, seq, code])).toEqual([
      ['j1', 1, undefined],
      ['j2', 2, 'server-check'],
      ['j3', 3, undefined],
    ]);
    expect(count('push')).toBe(2);
    expect(
      codes(await actAs(store, registry, clock, officeDesk, [call('j4', 'door.misplace', { doorId: 'd2' })])),
    ).toEqual(['server-check']);
  });
});
