import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packActs, packVerdicts, unpackActs, unpackVerdicts } from './packed-acts.ts';
import { readColumn, UnreadableColumn, writeColumn } from './packing.ts';
import type { WireColumn, WireMutation } from './protocol.ts';

const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const few = <T>(values: fc.Arbitrary<T>) =>
  fc.array(values, { minLength: 1, maxLength: 6 }).chain((words) => fc.array(fc.constantFrom(...words)));
const columns = fc.oneof(
  fc.array(fc.uuid()),
  few(fc.uuid()),
  fc.array(fc.integer(), { maxLength: 400, size: 'max' }),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }))
    .map(([from, step]) => Array.from({ length: 200 }, (_none, at) => Math.trunc(from / 2) + at * step)),
  few(fc.string()),
  fc.integer({ min: 91, max: 300 }).chain((count) =>
    fc.array(
      fc.integer({ min: 0, max: count }).map((at) => `word ${at}`),
      { minLength: 700, maxLength: 900 },
    ),
  ),
  fc.array(
    fc.oneof(fc.constant(null), fc.boolean(), fc.double({ noNaN: true }), fc.string(), fc.uuid(), fc.jsonValue()),
  ),
);

describe('a column', () => {
  it('gives back what was written, packed or not', () => {
    fc.assert(
      fc.property(columns, fc.boolean(), (values, pack) => {
        expect(readColumn(sent(writeColumn(values, pack)), values.length)).toEqual(sent(values));
      }),
      { numRuns: 400 },
    );
  });

  it('is never of a packed form for a side that has not asked', () => {
    fc.assert(
      fc.property(columns, (values) => {
        expect(['all', 'words', 'each']).toContain(Object.keys(writeColumn(values))[0]);
      }),
    );
  });

  it('of ids that begin alike compresses to what differs', () => {
    const ids = Array.from({ length: 50 }, (_none, at) => `0198f2c4-7a10-7d3e-8f00-${String(at).padStart(12, '0')}`);
    const column = writeColumn(ids, true) as { uuids: string };
    expect(atob(column.uuids)).toHaveLength(50 * 16);
    expect(readColumn(column, 50)).toEqual(ids);
  });

  it('of what only looks like ids is no column of ids', () => {
    const id = '0198f2c4-7a10-7d3e-8f00-00000000abcd';
    const wrong = [
      ...['', id.toUpperCase(), id.slice(1), `${id}0`, id.replace('-', '0'), id.replace('c', 'g')],
      ...[id.replace('0', '\u0130'), id.replace('4-7', '-47'), 7, null],
    ];
    for (const one of wrong) expect(writeColumn([id, one, 'x'], true)).not.toHaveProperty('uuids');
    for (const one of wrong) expect(readColumn(sent(writeColumn([id, one], true)), 2)).toEqual([id, one]);
  });

  it('of ids of which some come again is a list of them', () => {
    const ids = Array.from(
      { length: 100 },
      (_none, at) => `0198f2c4-7a10-7d3e-8f00-${String(at % 80).padStart(12, '0')}`,
    );
    const column = writeColumn(ids, true) as { list: { uuids: string }; signs: string };
    expect(atob(column.list.uuids)).toHaveLength(80 * 16);
    expect(readColumn(sent(column), 100)).toEqual(ids);
    expect(writeColumn(ids.slice(0, 81), true)).toHaveProperty('uuids');
  });

  it.each<[string, WireColumn]>([
    ['too few values', { each: [1] }],
    ['an id cut short', { uuids: btoa('0123456') }],
    ['no base64', { uuids: '***' }],
    ['more ids than rows', { uuids: btoa('0123456789abcdef'.repeat(3)) }],
    ['a place behind the last word', { list: { each: ['a'] }, signs: '#$' }],
    ['a sign that is none', { list: { each: ['a'] }, signs: '# ' }],
    ['too many signs', { list: { each: ['a'] }, signs: '#####' }],
    ['too many steps', { from: 1, steps: [1, 1, 1] }],
    ['too few above', { from: 1, above: [1] }],
  ])('with %s is not read', (_what, column) => {
    expect(() => readColumn(column, 2)).toThrow(UnreadableColumn);
  });
});

describe('packed acts', () => {
  const args = fc.dictionary(fc.constantFrom('stopId', 'note', 'seen', '__proto__'), fc.jsonValue(), {
    noNullPrototype: true,
  });
  const act = fc.record({
    id: fc.uuid(),
    name: fc.constantFrom('delivery.handOver', 'visit.finish'),
    version: fc.constantFrom(1, 2),
    args,
    claimedAt: fc.integer(),
    serverTime: fc.option(fc.integer()),
    sinceServer: fc.option(fc.nat()),
    offset: fc.option(fc.integer()),
  });

  it('are the same acts again', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 60 }), (list) => {
        const acts = sent(list.map((one, at) => ({ seq: at + 3, ...one }))) as WireMutation[];
        const packed = packActs(acts);
        expect(packed && unpackActs(sent(packed))).toEqual(acts);
      }),
      { numRuns: 200 },
    );
  });

  it('have verdicts, which are the same again too', () => {
    const verdict = fc.record({
      seq: fc.nat(),
      id: fc.uuid(),
      verdict: fc.constantFrom('applied' as const, 'refused' as const),
      repeated: fc.boolean(),
    });
    const withCode = fc.tuple(verdict, fc.option(fc.constantFrom('held', 'invalid'))).map(([one, code]) => ({
      ...one,
      ...(code === null ? {} : { code }),
    }));
    fc.assert(
      fc.property(fc.array(withCode, { maxLength: 80 }), (list) => {
        expect(unpackVerdicts(sent(packVerdicts(list)))).toEqual(list);
      }),
    );
  });

  it('have verdicts without ids when all are about them', () => {
    const acts = [1, 2, 3].map((seq) => ({ seq, id: `a${seq}` }) as WireMutation);
    const verdicts = acts.map(({ seq, id }) => ({ seq, id, verdict: 'applied' as const, repeated: false }));
    const brief = sent(packVerdicts(verdicts, acts));
    expect(brief.columns).not.toHaveProperty('id');
    expect(unpackVerdicts(brief, acts)).toEqual(verdicts);
    expect(() => unpackVerdicts(brief, acts.slice(1))).toThrow(UnreadableColumn);
    const late = [...verdicts, { seq: 9, id: 'a9', verdict: 'refused' as const, repeated: true, code: 'no' }];
    expect(unpackVerdicts(sent(packVerdicts(late, acts)), acts)).toEqual(late);
    expect(packVerdicts(verdicts).columns).toHaveProperty('id');
  });

  it('are sent plain when arguments are no object', () => {
    const one = { id: 'a', name: 'n', version: 1, claimedAt: 1, serverTime: null, sinceServer: null, offset: null };
    expect(packActs([{ ...one, seq: 1, args: [1] }])).toBeNull();
    expect(packActs([{ ...one, seq: 1, args: null }])).toBeNull();
  });
});
