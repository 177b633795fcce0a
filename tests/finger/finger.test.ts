import { describe, expect, it } from 'vitest';
import { upperBound } from './bound.ts';
import { workDays } from './finger.ts';
import { pixelsPerMillimetre } from './hand.ts';

const longMs = 540_000;

describe('an unsteady finger', () => {
  it('works a day on the built app and leaves nothing wrong', { timeout: longMs }, async () => {
    const story: string[] = [];
    const report = await workDays({ days: 1, seed: 'npm test', lanes: 1, tell: (line) => void story.push(line) });
    expect(report.irreversible, story.join('\n')).toEqual([]);
    expect(report.wrong, story.join('\n')).toEqual([]);
    expect(report.tasks).toBe(6);
    expect(report.taps).toBeGreaterThanOrEqual(8);
  });

  it('is measured on a screen of 6.5 inches', () => {
    expect(pixelsPerMillimetre).toBeCloseTo(5.31, 2);
  });

  it.each([
    [0, 100, 0.0295],
    [0, 1_000, 0.003],
    [3, 600, 0.0129],
  ])('that did wrong %i times of %i may do so more often than was seen', (bad, all, bound) => {
    expect(upperBound(bad, all)).toBeCloseTo(bound, 3);
  });
});
