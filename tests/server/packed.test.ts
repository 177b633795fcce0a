import { describe, expect, it } from 'vitest';
import { packActs } from '#engine/packed-acts.ts';
import type { PackedActs, WireMutation } from '#engine/protocol.ts';
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

describe('packed acts that are none', () => {
  const large = { each: ['x'.repeat(100_000)] };
  const bad: [string, unknown][] = [
    ['a word', 'acts'],
    ['null', null],
    ['more than one request may have', { ...packed, count: 501 }],
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
