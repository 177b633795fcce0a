import { describe, expect, it } from 'vitest';
import { play } from './world.ts';

const seeds = Array.from({ length: 200 }, (_none, at) => `${at + 1}`);

describe('phones and one server under faults', () => {
  it.each(seeds)('seed %s', async (seed) => {
    const run = await play({ seed });
    expect(run.anomalies).toEqual([]);
  });

  it('tells the same story for the same seed', async () => {
    for (const seed of seeds.slice(0, 20)) {
      const [first, second] = [await play({ seed }), await play({ seed })];
      expect(second).toEqual(first);
    }
  }, 180_000);
});
