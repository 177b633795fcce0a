import { describe, expect, it } from 'vitest';
import { whenACallFails } from './planted-sweep.ts';
import { sweep } from './sweep.ts';

/** A few calls only; `npm run sim -- --sweep` goes through longer runs. */
const steps = 14;

describe('storage call N fails, for every N', () => {
  it('of the phones’ disks and of the centre’s store, and nothing is lost, doubled or missing', async () => {
    const { calls, found } = await sweep({ seed: '4', steps });
    expect(found).toEqual([]);
    expect(calls.disk).toBeGreaterThan(5);
    expect(calls.server).toBeGreaterThan(15);
  }, 120_000);

  it.each(whenACallFails)(
    '$mistake: caught at such a call and only there',
    async ({ seed, flaws, breaks, only }) => {
      const { found } = await sweep({ seed, steps, flaws: flaws(), only, until: breaks });
      expect(found.map(({ rule }) => rule)).toContain(breaks);
      expect(found.map(({ place }) => place)).not.toContain('nowhere');
    },
    120_000,
  );
});
