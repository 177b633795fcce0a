import { describe, expect, it } from 'vitest';
import { bundles } from './ranges.ts';
import { play } from './world.ts';

/** The other half of the seeds, in a file of its own so that it runs beside the first. */
describe('phones and one server under faults', () => {
  it.each(bundles(251, 500))(
    'seeds %i to %i',
    async (from, to) => {
      for (let seed = from; seed <= to; seed += 1) {
        const { anomalies } = await play({ seed: `${seed}` });
        expect({ seed, anomalies }).toEqual({ seed, anomalies: [] });
      }
    },
    120_000,
  );
});
