import { describe, expect, it } from 'vitest';
import { codeFor, codeOf, nextRow, paperCodes, routeSheetNumber, type SheetRow } from './paper.rules.ts';
import { doorOutcomes } from '../stop.rules.ts';

describe('digits of the sheet', () => {
  it('stand for every outcome, each for one, for ever the same', () => {
    expect(paperCodes.map(({ digit, outcome }) => `${digit} ${outcome}`)).toEqual([
      '1 handedOver',
      '2 handedToOther',
      '3 noAnswer',
      '4 refused',
      '5 cannotReach',
      '6 wrongMeal',
      '7 shortMeal',
      '8 inHospital',
      '9 moved',
      '0 died',
    ]);
    expect([...doorOutcomes].sort()).toEqual(paperCodes.map(({ outcome }) => outcome).sort());
    for (const outcome of doorOutcomes) expect(codeOf(codeFor(outcome).digit)?.outcome).toBe(outcome);
    expect(codeOf('x')).toBeUndefined();
  });

  it('say that nobody was seen where nobody opened', () => {
    const seen = paperCodes.filter((code) => code.seen).map(({ outcome }) => outcome);
    expect(seen).toEqual(['handedOver', 'wrongMeal', 'shortMeal']);
  });
});

describe('the number of a sheet', () => {
  const number = (ids: readonly string[], route = 'r1'): string =>
    routeSheetNumber({ id: route, date: '2026-11-24', meal: 'lunch' }, ids);

  it('tells day, meal and order', () => {
    expect(number(['a', 'b'])).toMatch(/^1124-L-[2-9A-Y]{4}$/);
    expect(number(['a', 'b'])).toBe(number(['a', 'b']));
    expect(new Set([number(['a', 'b']), number(['b', 'a']), number(['a']), number(['a', 'b'], 'r2')]).size).toBe(4);
  });
});

describe('where the cursor goes', () => {
  const rows = (states: string): SheetRow[] =>
    [...states].map((sign, at) => ({ id: String(at), state: sign === '.' ? 'waiting' : 'delivered' }));
  const none: ReadonlySet<string> = new Set();

  it.each([
    ['...', undefined, none, '0'],
    ['...', '0', none, '1'],
    ['.x.', '0', none, '2'],
    ['..x', '1', none, '0'],
    ['xxx', '2', none, undefined],
    ['x.x', '1', new Set(['1']), undefined],
    ['....', '0', new Set(['0', '1']), '2'],
  ])('%s after %s', (states, after, taken, next) => {
    expect(nextRow(rows(states), after, taken)).toBe(next);
  });
});
