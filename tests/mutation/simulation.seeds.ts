import { expect, it } from 'vitest';
import { play } from '../sync/world.ts';

/** Few enough to be run for every mutant, and between them every kind of trouble. */
const seeds = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233];

it.each(seeds)('seed %i', async (seed) => {
  const { anomalies } = await play({ seed: `${seed}` });
  expect(anomalies).toEqual([]);
});
