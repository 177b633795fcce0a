import { describe, expect, it } from 'vitest';
import { atTheCentre } from './planted-centre.ts';
import { onThePhone } from './planted-phone.ts';
import { rough } from './planted.ts';
import { play, type WorldOptions } from './world.ts';

/** How many seeds a mistake may survive. */
const seedsMax = 40;

/** The rules broken in the seeds up to the first in which this one is. */
async function brokenRules(options: Omit<WorldOptions, 'seed'>, breaks: string | null, seeds = seedsMax) {
  const broken = new Set<string>();
  for (let seed = 1; seed <= seeds && !broken.has(breaks ?? ''); seed += 1) {
    const profile = { ...rough, ...options.profile };
    const { anomalies } = await play({ ...options, seed: `planted ${seed}`, profile });
    for (const { rule } of anomalies) broken.add(rule);
  }
  return [...broken];
}

describe('the checker catches a planted mistake', () => {
  it.each([...onThePhone, ...atTheCentre])(
    '$mistake',
    async ({ breaks, flaws, profile, rot }) => {
      expect(await brokenRules({ flaws: flaws(), profile, rot: rot ?? false }, breaks)).toContain(breaks);
    },
    180_000,
  );

  it('and finds nothing when nothing is planted', async () => {
    expect(await brokenRules({}, null, 15)).toEqual([]);
  }, 180_000);

  it('nor when a disk goes bad and the phone compares the sums: the phone heals itself', async () => {
    expect(await brokenRules({ rot: true }, null, 15)).toEqual([]);
  }, 180_000);
});
