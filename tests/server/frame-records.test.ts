import { describe, expect, it } from 'vitest';
import type { LostActs, WireMutation } from '#engine/protocol.ts';
import { registryOf } from '#engine/registry.ts';
import { actAs, type ServerCall } from '#server/exchange/act-as.ts';
import { contactWith } from '#server/exchange/contact.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { contactRecordedEveryMs } from '#server/limits.ts';
import { act, ask, door, doorActs, officeDesk, round, walker } from './fixture.ts';
import { device, lostWork, refusedAct } from './frame-kinds.ts';

/** Over the store in memory: what PostgreSQL adds is tested beside it. */
const registry = registryOf([{ round, door, doorActs, device, refusedAct, lostWork }]);
const noon = Date.parse('2026-11-20T04:00:00Z');

async function station(now = { at: noon }) {
  const store = new MemoryStore(registry);
  await store.transaction('s', 'push', async (tx) => {
    const { version } = await tx.lockClock();
    const devices = ['phone-a', 'former-of-a', 'former-of-b'].map((id) => ({ id, person: id.at(-1) as string }));
    const rows = [
      { kind: 'round', id: 'r1', row: { id: 'r1', walker: 'a' } },
      { kind: 'door', id: 'd1', row: { id: 'd1', roundId: 'r1', opened: false, key: null, mood: null } },
      ...devices.map((one) => ({
        ...{ kind: 'device', id: one.id },
        row: { ...one, lastContactAt: null, unsent: 0, oldestUnsentAt: null, refused: 0 },
      })),
    ];
    await tx.write({ version: version + 1, rows, acts: [], clashes: [] });
  });
  const rows = (name: string) => store.rowsOf(name).map((one) => one.row as Record<string, unknown> & { id: string });
  const send = (mutations: WireMutation[], more: object = {}, who = walker('a')) =>
    exchange(store, registry, { now: () => now.at }, who, { ...ask(null, mutations), ...more });
  return { store, rows, send };
}

describe('what a phone has lost', () => {
  const loss = (numbers: LostActs['numbers'], more: Partial<LostActs> = {}): LostActs => ({
    ...{ device: 'phone-a', numbers, from: noon - 60_000.4, to: noon + 90_000 },
    ...more,
  });

  it('is one record of what the centre does not have, within times that can be', async () => {
    const { rows, send } = await station();
    await send([act(2, 'door.open', { doorId: 'd1' })], { lost: [loss([[1, 4]])] });
    expect(rows('lostWork')).toEqual([
      {
        ...{ id: expect.stringMatching(/^lost:.+/), device: 'phone-a', person: 'a', count: 3, numbers: '1, 3–4' },
        ...{ from: noon - 60_000, to: noon, toldAt: noon, day: '2026-11-20', state: 'open' },
        ...{ settledBy: null, settledAt: null, finding: null },
      },
    ]);
  });

  it('is noted once however often it is told, and not when the centre has all of it', async () => {
    const { rows, send } = await station();
    await send([act(2, 'door.open', { doorId: 'd1' })], { lost: [loss([[2, 2]])] });
    expect(rows('lostWork')).toEqual([]);
    const [one, two] = [loss([[5, 6]], { from: -5, to: null }), loss([[8, 8]])];
    await send([], { lost: [one, one, two] });
    await send([act(5, 'door.open', { doorId: 'd1' })], { lost: [two, one] });
    const found = rows('lostWork').map(({ numbers, from, to }) => [numbers, from, to]);
    expect(found.sort()).toEqual([
      ['5–6', 0, null],
      ['8', noon - 60_000, noon],
    ]);
  });

  it('is told by the device itself or by another one of the same person', async () => {
    const { rows, send } = await station();
    const of = (name: string) => loss([[1, 1]], { device: name });
    await send([], { lost: [of('phone-a'), of('former-of-a'), of('former-of-b'), of('nobody')] });
    expect(rows('lostWork').map((one) => one['device'])).toEqual(expect.arrayContaining(['phone-a', 'former-of-a']));
    expect(rows('lostWork')).toHaveLength(2);
  });

  it('is not what came from a former device of the same person and was taken from there', async () => {
    const { store, rows, send } = await station();
    const [first, second] = ['phone-a0', 'phone-a1'].map((name) => ({ ...walker('a'), device: name }));
    await send([act(4, 'door.open', { doorId: 'd1' })], {}, first);
    await send([{ ...act(7, 'door.label', { doorId: 'd1', key: 'x' }), id: 'second' }], {}, second);
    await send([{ ...act(5, 'nobody.knows', {}), id: 'another' }], {}, { ...walker('b'), device: 'phone-b0' });
    const runs = (...all: (readonly [number, number, number])[]) => all;
    const former = [
      { device: 'phone-a0', runs: runs([1, 3, 3]) },
      { device: 'phone-a1', runs: runs([3, 7, 1], [4, 1, 1]) },
      { device: 'phone-b0', runs: runs([4, 5, 1]) },
    ];
    await send([]);
    const { version } = store;
    await send([], { lost: [loss([[2, 3]], { former })] });
    expect(rows('lostWork')).toEqual([]);
    expect(store.version).toBe(version);
    await send([], { lost: [loss([[1, 4]], { former })] });
    expect(rows('lostWork')).toEqual([expect.objectContaining({ device: 'phone-a', count: 2, numbers: '1, 4' })]);
  });

  it('may be in many pieces, of which the record names as many as it holds', async () => {
    const { rows, send } = await station();
    const pieces = Array.from({ length: 1_000 }, (_none, at) => [2 * at + 1, 2 * at + 1] as const);
    await send([], { lost: [loss(pieces)] });
    expect(rows('lostWork')).toEqual([expect.objectContaining({ count: 1_000 })]);
    expect(String(rows('lostWork')[0]?.['numbers'])).toHaveLength(2_000);
  });

  it('is the same loss with or without its former numbers', async () => {
    const { rows, send } = await station();
    await send([], { lost: [loss([[1, 1]])] });
    await send([], { lost: [loss([[1, 1]], { former: [{ device: 'phone-a0', runs: [[1, 1, 1]] }] })] });
    expect(rows('lostWork')).toHaveLength(1);
  });

  const one = { device: 'phone-a0', runs: [[1, 3, 1]] };
  it.each([
    ['former devices as a word', 'phone-a0'],
    ['no former device', []],
    ['a former device without a name', [{ ...one, device: '' }]],
    ['a name that no device has', [{ ...one, device: 'a\n0' }]],
    ['no runs', [{ ...one, runs: [] }]],
    ['half a run', [{ ...one, runs: [[1, 3]] }]],
    ['a run of nothing', [{ ...one, runs: [[1, 3, 0]] }]],
    ['a number that nobody had', [{ ...one, runs: [[1, 0, 1]] }]],
    ['numbers twice', [{ ...one, runs: [[1, 3, 2], [2, 9, 1]] }]], // prettier-ignore
    ['numbers that fall', [{ ...one, runs: [[5, 3, 1], [2, 9, 1]] }]], // prettier-ignore
    ['more numbers than a phone can hold', [{ ...one, runs: [[1, 1, 10_001]] }]],
    ['as many numbers as a phone can hold in runs, and one more', [{ ...one, runs: [[1, 1, 5_000], [6_000, 6_000, 5_001]] }]], // prettier-ignore
    ['more devices than anybody had', Array.from({ length: 21 }, () => one)],
  ])('is refused whole when it says %s', async (_what, former) => {
    const { rows, send } = await station();
    await expect(send([], { lost: [loss([[1, 1]], { former: former as never })] })).rejects.toThrow(
      'malformed at "lost.0.former',
    );
    expect(rows('lostWork')).toEqual([]);
  });

  it('changes nothing when there is nothing to note', async () => {
    const { store, send } = await station();
    await send([]);
    const { version } = store;
    await send([], { lost: [loss([[1, 1]], { device: 'nobody' })] });
    expect(store.version).toBe(version);
  });

  it.each([
    ['runs that fall', [[3, 1]]],
    [
      'runs that meet',
      [
        [1, 3],
        [3, 4],
      ],
    ],
    ['a number that nobody gives out', [[0, 1]]],
    ['half a run', [[1]]],
    ['no numbers', []],
    ['more than a phone can hold', [[1, 10_001]]],
  ])('is refused whole when it says %s', async (_what, numbers) => {
    const { rows, send } = await station();
    await expect(send([], { lost: [loss(numbers as never)] })).rejects.toThrow('malformed at "lost.0.numbers');
    expect(rows('lostWork')).toEqual([]);
  });

  it('may be as much as a phone can hold, and be told of ten times at once', async () => {
    const { rows, send } = await station();
    const lost = Array.from({ length: 10 }, (_none, at) => loss([[at * 20_000 + 1, at * 20_000 + 10_000]]));
    await send([], { lost });
    expect(rows('lostWork').map(({ count }) => count)).toEqual(lost.map(() => 10_000));
    await expect(send([], { lost: [...lost, ...lost] })).rejects.toThrow('malformed');
  });
});

describe('what is refused', () => {
  it('becomes a record with all that was said; what is held says with which', async () => {
    const { rows, send } = await station();
    const far = { claimedAt: 9e15, version: 1 };
    const acts = [act(1, 'door.add', { roundId: 'r9' }), act(2, 'door.open', { doorId: 'act-1' })];
    await send([...acts, { ...act(3, 'nobody.knows', { a: 1 }), ...far, version: 2 ** 40 }]);
    expect(rows('refusedAct').sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      expect.objectContaining({
        ...{ id: 'act-1', act: 'door.add', argsVersion: 1, said: '{"roundId":"r9"}', author: 'a', at: noon },
        ...{ receivedAt: noon, day: '2026-11-20', code: 'no-round', heldWith: null, state: 'open', decidedBy: null },
      }),
      expect.objectContaining({ id: 'act-2', code: 'held', heldWith: 'act-1' }),
      expect.objectContaining({ id: 'act-3', code: 'invalid', argsVersion: 2_147_483_647, at: 4_102_444_800_000 }),
    ]);
  });

  it('is kept without its words when they are too many for a record, and to the last letter when they are not', async () => {
    const { rows, send } = await station();
    const said = (letters: number) => ({ key: 'k'.repeat(letters) });
    const frame = JSON.stringify(said(0)).length;
    await send([act(1, 'nobody.knows', said(24_000 - frame)), act(2, 'nobody.knows', said(24_001 - frame))]);
    expect(rows('refusedAct').map((one) => (one['said'] as string | null)?.length ?? null)).toEqual([24_000, null]);
  });

  it('is a record of its own when it came under a number that was taken', async () => {
    const { rows, send } = await station();
    await send([act(1, 'door.open', { doorId: 'd1' })]);
    const answer = await send([{ ...act(1, 'door.label', { doorId: 'd1', key: 'x' }), id: 'another' }]);
    expect(answer.verdicts).toEqual([{ seq: 1, id: 'another', verdict: 'refused', repeated: false, code: 'invalid' }]);
    expect(rows('refusedAct')).toEqual([
      expect.objectContaining({ id: expect.stringMatching(/^clash:/), code: 'invalid' }),
    ]);
  });

  it('waits for nobody when a job of the system was refused', async () => {
    const { store, rows } = await station();
    const system = { ...officeDesk, device: 'system:jobs' };
    await actAs(store, registry, { now: () => noon }, system, [
      { name: 'door.add', args: { roundId: 'r9' }, id: 'j1' },
    ]);
    expect(rows('refusedAct')).toEqual([]);
  });
});

describe('acts that the centre does for somebody', () => {
  const call = (id: string, more: Partial<ServerCall> = {}): ServerCall => ({
    ...{ name: 'door.add', args: { roundId: 'r1' }, id },
    ...more,
  });
  const doing = ({ store }: { store: MemoryStore }, calls: readonly ServerCall[], who = officeDesk) =>
    actAs(store, registry, { now: () => noon }, who, calls);

  it('are taken once each, numbered on, with verdicts in the order of the calls', async () => {
    const parts = await station();
    expect(await doing(parts, [call('j1'), call('j2')])).toMatchObject([
      { seq: 1, id: 'j1', verdict: 'applied', repeated: false },
      { seq: 2, id: 'j2', repeated: false },
    ]);
    const again = await doing(parts, [call('j3', { at: noon - 5 }), call('j1'), call('j4', { name: 'nobody.knows' })]);
    expect(again).toMatchObject([
      { seq: 3, id: 'j3', repeated: false },
      { seq: 1, id: 'j1', verdict: 'applied', repeated: true },
      { seq: 4, id: 'j4', verdict: 'refused', code: 'unknown-act' },
    ]);
    const kept = parts.store.acts.map(({ act: one, person }) => [one.seq, one.claimedAt, one.version, person]);
    expect(kept).toEqual([
      [1, noon, 1, 'o'],
      [2, noon, 1, 'o'],
      [3, noon - 5, 1, 'o'],
      [4, noon, 1, 'o'],
    ]);
  });

  it('are taken for another device too when that one was not asked under its own name', async () => {
    const parts = await station();
    await doing(parts, [call('j1')]);
    const desk = { ...officeDesk, device: 'desk-2' };
    await doing(parts, [call('j8'), call('j9')], desk);
    expect(await doing(parts, [call('j1')], desk)).toMatchObject([{ id: 'j1', seq: 3, repeated: true }]);
    expect(parts.store.acts).toHaveLength(3);
  });

  it('may be more than one exchange takes', async () => {
    const parts = await station();
    const calls = Array.from({ length: 501 }, (_none, at) => call(`j${at}`, { name: 'nobody.knows' }));
    const verdicts = await doing(parts, calls);
    expect(verdicts.map(({ id, seq }) => [id, seq])).toEqual(calls.map(({ id }, at) => [id, at + 1]));
  });
});

describe('what the office sees of a device', () => {
  const queue = { unsent: 3, oldestAt: noon - 5_000.4, refused: 1 };

  it('is when it was heard of and what it holds back, within what can be', async () => {
    const { rows, send } = await station();
    const own = () => rows('device').find(({ id }) => id === 'phone-a');
    await send([], { queue });
    const said = { person: 'a', lastContactAt: noon, unsent: 3, oldestUnsentAt: noon - 5_000, refused: 1 };
    expect(own()).toEqual({ id: 'phone-a', ...said });
    await send([act(1, 'door.open', { doorId: 'd1' })], { queue: { unsent: 9e9, oldestAt: 9e15, refused: 9e9 } });
    const most = { unsent: 1_000_000, oldestUnsentAt: noon, refused: 1_000_000 };
    expect(own()).toMatchObject(most);
    await send([], { queue: { unsent: 0, oldestAt: -4, refused: 0 } });
    expect(own()).toMatchObject({ unsent: 0, oldestUnsentAt: 0, refused: 0 });
  });

  it('is written again when something changed, or some time has passed', async () => {
    const now = { at: noon };
    const { rows, send } = await station(now);
    const heardAt = () => rows('device').find(({ id }) => id === 'phone-a')?.['lastContactAt'];
    await send([], { queue });
    now.at += contactRecordedEveryMs - 1;
    await send([], { queue });
    expect(heardAt()).toBe(noon);
    now.at += 1;
    await send([], { queue });
    expect(heardAt()).toBe(now.at);
    for (const change of [{ unsent: 4 }, { oldestAt: noon - 9_000 }, { refused: 2 }]) {
      now.at += 1;
      await send([], { queue: { ...queue, ...change } });
      expect(heardAt()).toBe(now.at);
    }
  });

  it('goes with the acts of a push only when it is worth noting', () => {
    const said = { at: noon, unsent: 0, oldestAt: null, refused: 0 };
    const held = { id: 'phone-a', lastContactAt: noon - 1, unsent: 0, oldestUnsentAt: null, refused: 0 } as never;
    expect(contactWith(undefined, said)).toBeNull();
    expect(contactWith(held, said)).toBeNull();
    const never = { ...(held as object), lastContactAt: null } as never;
    expect(contactWith({ id: 'new' } as never, said)).not.toBeNull();
    expect(contactWith(never, said)).toEqual({
      change: { kind: 'device', id: 'phone-a', row: { ...(never as object), lastContactAt: noon } },
      contact: { device: 'phone-a', facts: said },
    });
    expect(contactWith(held, { ...said, unsent: 1 })?.contact.facts.unsent).toBe(1);
    expect(contactWith(held, { ...said, refused: 1 })?.contact.facts.refused).toBe(1);
    expect(contactWith(held, { ...said, oldestAt: 5 })?.contact.facts.oldestAt).toBe(5);
  });
});
