import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, numbersOf, rangesOf, rangesText, without } from './ranges.ts';

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));
const rising = (list: readonly number[]) => [...list].sort((a, b) => a - b);

describe('runs of numbers', () => {
  it('hold just the numbers they were made of, in as few runs as there are gaps', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const runs = rangesOf(list);
        expect(numbersOf(runs)).toEqual(rising(list));
        expect(countOf(runs)).toBe(list.length);
        for (const [at, [from]] of runs.entries())
          if (at > 0) expect(from).toBeGreaterThan((runs[at - 1]?.[1] ?? 0) + 1);
      }),
    );
  });

  it('lose just those that are taken out', () => {
    fc.assert(
      fc.property(numbers, numbers, (list, others) => {
        expect(numbersOf(without(rangesOf(list), others))).toEqual(rising(list.filter((one) => !others.includes(one))));
      }),
    );
  });

  it('are read by people', () => {
    expect(
      rangesText([
        [3, 3],
        [7, 9],
      ]),
    ).toBe('3, 7–9');
  });
});
