import { describe, expect, it } from 'vitest';
import { blows, torture } from './torture.ts';

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';

describe('a phone whose browser and disk are mistreated', () => {
  it('has everything that it called saved, once, after twenty blows', { timeout: 400_000 }, async () => {
    const report = await torture({ cycles: 20, seed: 20_261_122, chromium });
    expect(report).toMatchObject({ lost: [], doubled: [] });
    expect(report.saved).toBeGreaterThan(500);
    const fallen = Object.values(report.byBlow).reduce((sum, count) => sum + count, 0);
    expect(fallen).toBe(20);
    // Where there is no small file system to fill, that blow is left out and counted as such.
    expect(Object.keys(report.byBlow).length).toBe(report.leftOut > 0 ? blows.length - 1 : blows.length);
    expect(Object.keys(report.found).some((found) => found.startsWith('lost'))).toBe(true);
  });

  it('would lose records without the journal', { timeout: 200_000 }, async () => {
    const report = await torture({ cycles: 3, seed: 1, chromium, plant: 'no-journal' });
    expect(report.lost.length).toBeGreaterThan(0);
  });
});
