import { expect, it } from 'vitest';
import { allLooks, coveringLooks, pairsOf, type Choices } from './cover.ts';
import { states } from './states.ts';

const choices: Choices = {
  states,
  languages: ['zh-CN', 'en'],
  themes: ['light', 'dark', 'sun', 'forced'],
  sizes: [20, 24, 30, 36],
  widths: [360, 320],
};

it('shows any two choices together, with a tenth of all looks', () => {
  const all = allLooks(choices);
  const looks = coveringLooks(choices, '1/route');
  const shown = new Set(looks.flatMap((look) => pairsOf(look, choices)));
  expect(all).toHaveLength(448);
  expect(looks.length).toBeLessThan(45);
  expect(all.flatMap((look) => pairsOf(look, choices)).filter((pair) => !shown.has(pair))).toEqual([]);
});

it('has the largest letters on the narrowest screen in both languages', () => {
  const tightest = coveringLooks(choices, '1/route').filter(({ size, width }) => size === 36 && width === 320);
  expect(new Set(tightest.map(({ language }) => language))).toEqual(new Set(choices.languages));
});

it('gives the same looks for the same seed, and others for another', () => {
  expect(coveringLooks(choices, 'a')).toEqual(coveringLooks(choices, 'a'));
  expect(coveringLooks(choices, 'a')).not.toEqual(coveringLooks(choices, 'b'));
});

it('misses no single choice when there is only one of the others', () => {
  const narrow = { ...choices, languages: ['en'], themes: ['sun'], widths: [320] };
  const looks = coveringLooks(narrow, 'c');
  for (const size of narrow.sizes)
    for (const state of narrow.states)
      expect(looks.some((look) => look.size === size && look.state === state)).toBe(true);
});
