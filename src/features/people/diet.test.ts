import { describe, expect, it } from 'vitest';
import { alarmsOf, swapHarms, variantFor, type Diet, type Variant } from './diet.rules.ts';

const variant = (id: string, place: number, matches: string[], alarm = false): Variant => ({
  id,
  place,
  matches,
  alarm,
});
const boxes = [
  variant('plain', 0, []),
  variant('soft', 1, ['texture:soft']),
  variant('low-salt', 2, ['low-salt', 'low-oil']),
  variant('diabetic', 3, ['diabetic', 'low-sugar'], true),
  variant('minced', 4, ['texture:minced', 'texture:pureed'], true),
];
const diet = (types: string[], texture: Diet['texture'] = null, allergens: string[] = []): Diet => ({
  types,
  texture,
  allergens,
});

describe('the box of a diet', () => {
  it.each([
    [diet([]), 'plain', []],
    [diet([], 'soft'), 'soft', []],
    [diet(['low-salt', 'low-oil']), 'low-salt', []],
    [diet(['low-salt'], 'soft'), 'soft', ['low-salt']],
    [diet(['low-salt', 'low-oil', 'diabetic'], 'soft'), 'diabetic', ['low-salt', 'low-oil', 'texture:soft']],
    [diet([], 'pureed'), 'minced', []],
    [diet(['halal']), 'plain', ['halal']],
    [diet([], null, ['peanut']), 'plain', []],
  ])('%j is %s, without %j', (of, variantId, unmet) => {
    expect(variantFor(of, boxes)).toEqual({ variantId, unmet });
    expect(variantFor(of, [...boxes].reverse())).toEqual({ variantId, unmet });
  });

  it('is none when the kitchen packs nothing yet', () => {
    expect(variantFor(diet(['diabetic']), [])).toEqual({ variantId: null, unmet: ['diabetic'] });
  });
});

it('alarms are allergies, diabetes and texture, and never a dislike or a light diet', () => {
  expect(alarmsOf(diet(['low-salt', 'diabetic'], 'soft', ['egg']))).toEqual([
    { sort: 'allergen', value: 'egg' },
    { sort: 'type', value: 'diabetic' },
    { sort: 'texture', value: 'soft' },
  ]);
  expect(alarmsOf(diet(['low-salt']))).toEqual([]);
});

it('a swap harms when the own box is an alarm or its texture would be lost', () => {
  const box = (id: string) => boxes.find((one) => one.id === id);
  expect(swapHarms(diet(['diabetic']), box('diabetic'), box('plain'))).toBe(true);
  expect(swapHarms(diet([], 'soft'), box('soft'), box('plain'))).toBe(true);
  expect(swapHarms(diet([]), box('plain'), box('diabetic'))).toBe(false);
  expect(swapHarms(diet(['low-salt']), box('low-salt'), box('plain'))).toBe(false);
  expect(swapHarms(diet(['diabetic']), box('diabetic'), box('diabetic'))).toBe(false);
});
