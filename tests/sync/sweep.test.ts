import { describe, expect, it } from 'vitest';
import { whenACallFails } from './planted-sweep.ts';
import { seedsFrom } from './ranges.ts';
import { sweep } from './sweep.ts';
import { play } from './world.ts';

/** A few calls only; `npm run sim -- --sweep` goes through longer runs. */
const steps = 14;

describe('storage call N fails, for every N', () => {
  it('of the phones’ disks and of the centre’s store, and nothing is lost, doubled or missing', async () => {
    const all = [await sweep({ seed: '4', steps }), await sweep({ seed: '6', steps })];
    expect(all.flatMap(({ found }) => found)).toEqual([]);
    expect(all.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(40);
  }, 120_000);

  it('of the phones’ disks while all apps are updated with work of the older version still unsent', async () => {
    const { calls, found } = await sweep({ seed: '3', steps, updatedAt: 6, only: 'disk' });
    expect(found).toEqual([]);
    expect(calls.disk).toBeGreaterThan(2);
  }, 120_000);

  it.each(whenACallFails)(
    '$mistake: caught at such a call and only there',
    async ({ flaws, breaks, ...plant }) => {
      const rules = new Set<string>();
      for (const seed of seedsFrom(plant.seed, 8)) {
        if (rules.has(breaks)) break;
        const { found } = await sweep({ seed, steps: 24, flaws: flaws(), only: plant.only, until: breaks });
        expect(found.map(({ place }) => place)).not.toContain('nowhere');
        for (const { rule } of found) rules.add(rule);
      }
      expect([...rules]).toContain(breaks);
    },
    120_000,
  );
});

describe('older apps', () => {
  it('hand in all their work, however new the centre is, and for as long as nobody updates them', async () => {
    const { anomalies, acts } = await play({ seed: '2', steps: 120, updatedAt: Number.POSITIVE_INFINITY });
    expect(anomalies).toEqual([]);
    expect(acts).toBeGreaterThan(0);
  });

  it('beside a newer tab on the same phone neither hang nor lose anything', async () => {
    let together = 0;
    for (const seed of ['3', '5', '7', '9']) {
      const { anomalies, faults } = await play({ seed, profile: { upgrade: true, secondTab: 0.1, phones: 3 } });
      expect({ seed, anomalies }).toEqual({ seed, anomalies: [] });
      together += faults['olderTab'] ?? 0;
    }
    expect(together).toBeGreaterThan(0);
  });
});
