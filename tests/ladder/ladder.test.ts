import { expect, it } from 'vitest';
import { climb, removals } from './ladder.ts';

it('takes each feature away alone, and so many combinations, always the same', () => {
  const sets = removals(20, '1');
  expect(sets.map(({ length }) => length).filter((length) => length === 1)).toHaveLength(11);
  expect(new Set(sets.map((set) => set.join())).size).toBe(33);
  expect(removals(20, '1')).toEqual(sets);
});

it('works the core day in a browser that lacks all of them, and says so', { timeout: 540_000 }, async () => {
  const { rungs, inApps } = await climb(removals(0, '1').slice(-1), () => undefined);
  expect(rungs.map(({ problems, unsaid }) => [...problems, ...unsaid])).toEqual([[]]);
  expect(inApps).toEqual([]);
  expect(rungs[0]?.said.length).toBeGreaterThanOrEqual(7);
});
