import { describe, expect, it } from 'vitest';
import { atTheCentre } from './planted-centre.ts';
import { onThePhone } from './planted-phone.ts';
import type { Profile } from './profile.ts';
import { play, type WorldOptions } from './world.ts';

/** Rough enough that every kind of mistake meets the moment in which it shows. */
const rough: Partial<Profile> = {
  loseRequest: 0.15,
  loseAnswer: 0.3,
  double: 0.3,
  impatient: 0.2,
  crash: 0.02,
  diskRefuses: 0.01,
  serverFails: 0.005,
  exchange: 0.5,
  longPause: 0.02,
  phones: 3,
};

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
