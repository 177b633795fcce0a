import { describe, expect, it } from 'vitest';
import { put } from '#engine/change.ts';
import type { Identity } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { decodeRows } from '#engine/patch.ts';
import type { ExchangeAnswer, ExchangeRequest, WireMutation } from '#engine/protocol.ts';
import { refuse } from '#engine/refusal.ts';
import { registryOf } from '#engine/registry.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { MalformedRequest } from '#server/exchange/request.ts';

const label = () => '';
const round = kind({
  name: 'round',
  fields: { walker: f.person() },
  sees: [seesMine('walker', { roles: ['walker'] }), seesStation({ roles: ['office'] })],
});
const door = kind({
  name: 'door',
  fields: { roundId: f.reference('round'), opened: f.yesNo(), key: f.optional(f.text({ only: ['office'] })) },
  index: ['roundId'],
  sees: [seesWith('round', 'roundId')],
});
const doorActs = mutationsOf(door, {
  add: mutation({
    label,
    args: { roundId: f.reference('round') },
    may: () => true,
    refusals: { 'no-round': label },
    apply: (tx, { roundId }, ctx) =>
      tx.get(round, roundId)
        ? [put(door, { id: ctx.newId(), roundId, opened: false, key: 'k' })]
        : refuse('no-round', roundId),
  }),
  open: mutation({
    label,
    args: { doorId: f.reference('door') },
    about: { kind: door, id: (args) => args.doorId },
    may: (_ctx, _door, tx, args) => tx.get(door, args.doorId) !== undefined,
    refusals: { already: label },
    apply: (tx, { doorId }) => {
      const row = tx.get(door, doorId);
      if (!row || row.opened) return refuse('already');
      return [put(door, { ...row, opened: true })];
    },
  }),
  openAll: mutation({
    label,
    args: { roundId: f.reference('round') },
    may: () => true,
    apply: (tx, { roundId }) => tx.where(door, { roundId }).map((row) => put(door, { ...row, opened: true })),
  }),
  break: mutation({
    label,
    args: {},
    may: () => true,
    apply: () => {
      throw new Error('a mistake in a declaration');
    },
  }),
});
const registry = registryOf([{ round, door, doorActs }]);
const clock = { now: () => Date.parse('2026-11-20T04:00:00Z') };
const walker = (person: string): { device: string; identity: Identity } => ({
  device: `phone-${person}`,
  identity: { station: 's', person, roles: ['walker'], communities: 'all' },
});

function act(seq: number, name: string, args: unknown): WireMutation {
  return {
    seq,
    id: `act-${seq}`,
    name,
    version: 1,
    args,
    claimedAt: clock.now(),
    serverTime: null,
    sinceServer: null,
    offset: null,
  };
}

function ask(answer: ExchangeAnswer | null, mutations: WireMutation[] = []): ExchangeRequest {
  const queue = { unsent: 0, oldestAt: null, refused: 0 };
  return { protocol: 1, epoch: answer?.epoch ?? null, cookie: answer?.cookie ?? null, mutations, queue };
}

function rowsIn(answer: ExchangeAnswer, name: string) {
  const patch = answer.patch.kinds.find((one) => one.kind === name);
  return patch ? decodeRows(patch, Object.keys(registry.kind(name).fields)).map(({ row }) => row) : [];
}

function removedIn(answer: ExchangeAnswer, name: string) {
  return answer.patch.kinds.find((one) => one.kind === name)?.removed ?? [];
}

function station() {
  const store = new MemoryStore(registry);
  store.put('round', [
    { id: 'r1', walker: 'a' },
    { id: 'r2', walker: 'b' },
  ]);
  store.put('door', [
    { id: 'd1', roundId: 'r1', opened: false, key: 'under the mat' },
    { id: 'd2', roundId: 'r2', opened: false, key: null },
  ]);
  const as = (person: string) => (request: ExchangeRequest) =>
    exchange(store, registry, clock, walker(person), request);
  return { store, a: as('a'), b: as('b') };
}

describe('push', () => {
  it('takes an act once and repeats the stored verdict', async () => {
    const { store, a } = station();
    const first = await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
    expect(first.verdicts).toEqual([{ seq: 1, id: 'act-1', verdict: 'applied', repeated: false }]);
    const second = await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
    expect(second.verdicts).toEqual([{ seq: 1, id: 'act-1', verdict: 'applied', repeated: true }]);
    expect(store.acts).toHaveLength(1);
  });

  it('lets later acts see what earlier ones of the batch did', async () => {
    const { store, a } = station();
    const answer = await a(
      ask(null, [
        act(1, 'door.add', { roundId: 'r1' }),
        act(2, 'door.open', { doorId: 'act-1' }),
        act(3, 'door.openAll', { roundId: 'r1' }),
        act(4, 'door.open', { doorId: 'd1' }),
      ]),
    );
    expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual([
      'applied',
      'applied',
      'applied',
      'already',
    ]);
    expect(store.rowsOf('door').map(({ row }) => row.opened)).toEqual([true, true, false]);
  });

  it('refuses what depends on a refused act as held, and lets the others pass', async () => {
    const { store, a } = station();
    const answer = await a(
      ask(null, [
        act(1, 'door.add', { roundId: 'nowhere' }),
        act(2, 'door.open', { doorId: 'act-1' }),
        act(3, 'door.open', { doorId: 'd1' }),
      ]),
    );
    expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual(['no-round', 'held', 'applied']);
    const later = await a(ask(null, [act(4, 'door.open', { doorId: 'act-1.2' })]));
    expect(later.verdicts[0]).toMatchObject({ code: 'held' });
    expect(store.reviews.map(({ heldWith }) => heldWith)).toEqual([null, 'act-1', 'act-1']);
  });

  it('never overwrites an act by another under the same number', async () => {
    const { store, a } = station();
    await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
    const other = { ...act(1, 'door.add', { roundId: 'r1' }), id: 'other' };
    expect((await a(ask(null, [other]))).verdicts[0]).toMatchObject({ verdict: 'refused', code: 'invalid' });
    expect(store.acts.map(({ act: one }) => one.name)).toEqual(['door.open']);
    expect(store.reviews.map(({ act: one }) => one.id)).toEqual(['other']);
  });

  it('refuses an act that throws and takes the ones behind it', async () => {
    const { a } = station();
    const answer = await a(ask(null, [act(1, 'door.break', {}), act(2, 'door.open', { doorId: 'd1' })]));
    expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual(['server-check', 'applied']);
  });

  it('refuses a request of another shape whole', async () => {
    const { store, a } = station();
    const twice = ask(null, [act(1, 'door.open', { doorId: 'd1' }), act(1, 'door.open', { doorId: 'd1' })]);
    await expect(a(twice)).rejects.toBeInstanceOf(MalformedRequest);
    await expect(a({ ...ask(null), protocol: 9 })).rejects.toBeInstanceOf(MalformedRequest);
    expect(store.acts).toHaveLength(0);
  });
});

describe('pull', () => {
  it('gives each what is theirs, without fields kept from them', async () => {
    const { a } = station();
    const answer = await a(ask(null));
    expect(answer.patch.reset).toBe(true);
    expect(answer.you).toMatchObject({ person: 'a' });
    expect(rowsIn(answer, 'round').map(({ id }) => id)).toEqual(['r1']);
    expect(rowsIn(answer, 'door')).toEqual([{ id: 'd1', roundId: 'r1', opened: false, key: null }]);
    expect(JSON.stringify(answer)).not.toContain('under the mat');
  });

  it('answers with the same cookie and nothing when nothing moved', async () => {
    const { a } = station();
    const first = await a(ask(null));
    const second = await a(ask(first));
    expect(second).toMatchObject({
      cookie: first.cookie,
      checksum: first.checksum,
      patch: { reset: false, kinds: [] },
    });
    expect(second.you).toBeUndefined();
  });

  it('sends a row again until the answer that carried it is confirmed', async () => {
    const { store, a } = station();
    const first = await a(ask(null));
    store.put('door', [{ id: 'd1', roundId: 'r1', opened: true, key: null }]);
    await a(ask(first));
    const again = await a(ask(first));
    expect(rowsIn(again, 'door').map(({ opened }) => opened)).toEqual([true]);
    expect((await a(ask(again))).patch.kinds).toEqual([]);
  });

  it('sends a removal again until confirmed, then no more', async () => {
    const { store, a, b } = station();
    const first = await a(ask(null));
    store.put('round', [{ id: 'r1', walker: 'b' }]);
    expect(removedIn(await a(ask(first)), 'door')).toEqual(['d1']);
    const again = await a(ask(first));
    expect(removedIn(again, 'door')).toEqual(['d1']);
    expect(removedIn(again, 'round')).toEqual(['r1']);
    expect(again.checksum).toBe(0);
    expect((await a(ask(again))).patch.kinds).toEqual([]);
    expect(rowsIn(await b(ask(null)), 'door').map(({ id }) => id)).toEqual(['d1', 'd2']);
  });

  it('gives a record back that came back while its removal was on the way', async () => {
    const { store, a } = station();
    const first = await a(ask(null));
    store.put('round', [{ id: 'r1', walker: 'b' }]);
    await a(ask(first));
    store.put('round', [{ id: 'r1', walker: 'a' }]);
    const back = await a(ask(first));
    expect(rowsIn(back, 'door').map(({ id }) => id)).toEqual(['d1']);
    expect(removedIn(back, 'door')).toEqual([]);
  });

  it('starts anew when the epoch changed or the cookie is older than the last filling', async () => {
    const { store, a } = station();
    const first = await a(ask(null));
    const second = await a(ask(null));
    expect((await a(ask(first))).patch.reset).toBe(true);
    store.restore(store.backup(), 'epoch-2');
    const third = await a(ask(second));
    expect(third.patch.reset).toBe(true);
    expect(third.epoch).toBe('epoch-2');
  });

  it('sends many rows in pages whose sum is that of the whole', async () => {
    const { store, a } = station();
    const many = Array.from({ length: 4_500 }, (_, at) => ({ id: `m${at}`, roundId: 'r1', opened: false, key: null }));
    store.put('door', many);
    let answer = await a(ask(null));
    let got = rowsIn(answer, 'door').length;
    for (let page = 0; answer.more && page < 5; page += 1) {
      expect(answer.checksum).toBeNull();
      // Every second answer is lost on the way.
      await a(ask(answer));
      answer = await a(ask(answer));
      got += rowsIn(answer, 'door').length;
    }
    expect(got).toBe(4_501);
    expect(answer.checksum).not.toBeNull();
    expect((await a(ask(answer))).patch.kinds).toEqual([]);
  });
});
