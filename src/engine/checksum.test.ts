import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHash, entryHash, takeHash } from './checksum.ts';

const entry = fc.tuple(fc.string(), fc.string(), fc.nat());
const sumOf = (hashes: readonly number[]): number => hashes.reduce(addHash, 0);

describe('the sum of what is held', () => {
  it('does not depend on the order, and what is taken away was never there', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (stay, go) => {
        const [staying, going] = [stay, go].map((list) => list.map((one) => entryHash(...one))) as [number[], number[]];
        const all = sumOf([...staying, ...going]);
        expect(sumOf([...going, ...staying])).toBe(all);
        expect(going.reduce(takeHash, all)).toBe(sumOf(staying));
      }),
    );
  });

  it('is a whole number of 48 bits, also of the largest', () => {
    const largest = 2 ** 48 - 1;
    expect(addHash(largest, largest)).toBe(largest - 1);
    expect(takeHash(0, largest)).toBe(1);
    expect(takeHash(5, 5)).toBe(0);
    fc.assert(
      fc.property(entry, (one) => {
        const hash = entryHash(...one);
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 48).toBe(true);
      }),
    );
  });

  it('differs by kind, id and version, and where one ends and the next begins', () => {
    const all = [
      entryHash('a', 'b', 1),
      entryHash('b', 'a', 1),
      entryHash('ab', '', 1),
      entryHash('', 'ab', 1),
      entryHash('a', 'b', 2),
      entryHash('a', 'b1', 1),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(Array.from({ length: 5_000 }, (_none, at) => entryHash('stop', `s${at}`, 1))).size).toBe(5_000);
  });

  it('is the same in every version of the app and of the centre, which compare theirs', () => {
    expect([entryHash('stop', 's1', 1), entryHash('stop', 's1', 2), entryHash('', '', 0)]).toMatchInlineSnapshot(`
      [
        16745645306116,
        75659762038205,
        182546758452039,
      ]
    `);
  });
});
