import { describe, expect, it } from 'vitest';
import { packActs } from '#engine/packed-acts.ts';
import type { ExchangeAnswer, PackedActs, WireMutation } from '#engine/protocol.ts';
import { plainPatch } from '#engine/sent-rows.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MalformedRequest, parseRequest, withPlainActs } from '#server/exchange/request.ts';
import { act, ask, clock, memoryStation, officeDesk, registry, rowsIn } from './fixture.ts';

const idOf = (at: number): string => `0198f2c4-7a10-7d3e-8f00-${String(at).padStart(12, '0')}`;
const acts = [1, 2, 3].map((seq) => act(seq, 'door.add', { roundId: idOf(seq % 2) }));
const packed = packActs(acts) as PackedActs;

async function station() {
  const all = await memoryStation();
  const rounds = Array.from({ length: 200 }, (_none, at) => ({ id: idOf(at), walker: at % 3 ? `w${at % 120}` : null }));
  await all.put('round', rounds);
  return { all, rounds, office: (request: unknown) => exchange(all.store, registry, clock, officeDesk, request) };
}

describe('packed columns', () => {
  it('are sent to a phone that reads them, with the same records; one that does not gets plain ones', async () => {
    const { rounds, office } = await station();
    const plain = await office(ask(null));
    const answer = await office({ ...ask(null), packed: true });
    expect(plain.patch.kinds[0]?.ids).toHaveLength(200);
    expect(JSON.stringify(plain)).not.toMatch(/"(uuids|signs|from|packedIds)":/);
    expect(answer.patch.kinds[0]).toMatchObject({ ids: [], packedIds: { uuids: expect.any(String) } });
    for (const one of [plain, answer]) expect(rowsIn(one, 'round')).toEqual(rounds);
    expect(JSON.stringify(answer).length).toBeLessThan(JSON.stringify(plain).length * 0.7);
  });

  it('bring acts, which are taken once whichever way they come', async () => {
    const { all, office } = await station();
    const first = await office({ ...ask(null), acts: packed });
    expect(first.verdicts.map(({ verdict, repeated }) => [verdict, repeated])).toEqual(
      acts.map(() => ['applied', false]),
    );
    const again = await office(ask(null, acts));
    expect(again.verdicts.every(({ repeated }) => repeated)).toBe(true);
    expect(await all.acts()).toHaveLength(3);
  });
});

describe('a brief answer', () => {
  const request = (acts: WireMutation[]) => ({ ...ask(null, acts), packed: true as const });
  const brief = (answer: ExchangeAnswer, sent: readonly WireMutation[]): ExchangeAnswer => ({
    ...answer,
    patch: { ...answer.patch, kinds: answer.patch.kinds.map((one) => plainPatch(one, sent)) },
  });

  it('has the same records as any other, those that others have changed meanwhile among them', async () => {
    const { all, office } = await station();
    await office({ ...request(acts), brief: true });
    await all.put('door', [{ id: acts[1]?.id as string, roundId: idOf(7), opened: true, key: 'new', mood: null }]);
    const again = await office({ ...request(acts), brief: true });
    expect(again.patch.kinds.filter(({ kind }) => kind === 'door')).toMatchObject([{ sent: { count: 3 } }]);
    const plain = await office(request(acts));
    for (const kind of ['door', 'round']) {
      const known = new Map(rowsIn(plain, kind).map((row) => [row.id, row]));
      const said = brief(again, acts).patch.kinds.filter((one) => one.kind === kind);
      const rows = said.flatMap((one) => rowsIn({ ...again, patch: { reset: false, kinds: [one] } }, kind));
      expect(new Map(rows.map((row) => [row.id, row]))).toEqual(known);
    }
  });

  it('refers to nothing for a phone that has not asked for it', async () => {
    const { office } = await station();
    const answer = await office(request(acts));
    expect(JSON.stringify(answer)).not.toMatch(/"(sent|argument)":/);
  });

  it('refers to arguments while the records say the same, and brings the values otherwise', async () => {
    const { all, office } = await station();
    const first = await office({ ...request(acts), brief: true });
    const door = (answer: ExchangeAnswer) => answer.patch.kinds.find(({ kind }) => kind === 'door');
    expect(door(first)?.columns.roundId).toEqual({ argument: 'roundId' });
    await all.put('door', [{ id: acts[1]?.id as string, roundId: idOf(7), opened: true, key: 'new', mood: null }]);
    const later = await office({ ...request(acts), brief: true });
    expect(door(later)?.columns.roundId).not.toHaveProperty('argument');
  });
});

describe('packed acts that are none', () => {
  const large = { each: ['x'.repeat(100_000)] };
  const bad: [string, unknown][] = [
    ['a word', 'acts'],
    ['null', null],
    ['more than one request may have', { ...packed, count: 1_001 }],
    ['a count that is no number', { ...packed, count: 'many' }],
    ['fewer than they say', { ...packed, count: 4 }],
    ['no columns', { ...packed, columns: {} }],
    ['a column that is null', { ...packed, columns: { ...packed.columns, seq: null } }],
    ['a column of another shape', { ...packed, columns: { ...packed.columns, seq: { words: 3, at: 'x' } } }],
    ['a form that is not there', { ...packed, form: { all: 7 } }],
    ['a form of text', { ...packed, form: { all: 'constructor' } }],
    ['forms without acts', { ...packed, forms: [] }],
    ['bytes that unpack to a mountain', mountain(large)],
  ];

  it.each(bad)('%s', (_what, given) => {
    expect(() => parseRequest({ ...ask(null), acts: given })).toThrow(MalformedRequest);
  });

  it('are told apart: what has another shape, and what does not fit together', () => {
    expect(() => withPlainActs({ acts: { ...packed, count: 'many' } })).toThrow('packed acts are malformed');
    expect(() => withPlainActs({ acts: { ...packed, count: 4 } })).toThrow('do not fit together');
  });

  it('and what they unpack to is checked like any other', () => {
    const nameless = packActs(acts.map((one) => ({ ...one, name: '' }) as WireMutation));
    expect(() => parseRequest({ ...ask(null), acts: nameless })).toThrow(MalformedRequest);
    expect(withPlainActs(ask(null))).toEqual(ask(null));
    for (const nothing of [null, 3, 'x']) expect(withPlainActs(nothing)).toBe(nothing);
  });
});

/** 300 acts whose arguments are one long text that travels once. */
function mountain(long: { each: string[] }): unknown {
  const many = Array.from({ length: 300 }, (_none, at) => act(at + 1, 'door.add', { roundId: 'r' }));
  const small = packActs(many) as PackedActs;
  return { ...small, forms: [{ count: 300, args: [['roundId', { all: long.each[0] }]] }] };
}
