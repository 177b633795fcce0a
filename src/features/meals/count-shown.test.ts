import { describe, expect, it } from 'vitest';
import { columnsOf, figureOf, shownCount, tableOf, type Issue } from './count-shown.rules.ts';
import { linesOf, type Portion } from './headcount.rules.ts';
import { quartersOf, standsFor } from './quarters.rules.ts';
import { weekdaysWords } from './meal-words.ts';

const portion = (elderId: string, routeId: string | null, variantId = 'plain'): Portion => ({
  elderId,
  routeId,
  variantId,
  mode: 'delivery',
});
const eats = (elderId: string): Portion => ({ elderId, routeId: null, variantId: 'plain', mode: 'dineIn' });
const count = (...portions: Portion[]) => ({ lines: linesOf(portions), excluded: [], walkIns: 0 });
const issue = (number: number, ...portions: Portion[]): Issue => ({ issue: number, ...count(...portions) });

describe('the sheet on the screen', () => {
  it('is the count of now until something was told', () => {
    const now = count(portion('a', 'east'));
    expect(shownCount(now, [])).toMatchObject({ state: 'open', issue: 1, against: null, shown: now });
  });

  it('is what was told, compared with the issue before, while nothing differs', () => {
    const issues = [issue(1, portion('a', 'east')), issue(2, portion('a', 'west'))];
    const sheet = shownCount(count(portion('a', 'west')), issues);
    expect(sheet).toMatchObject({ state: 'told', issue: 2, against: 1 });
    expect(sheet.differences.map(({ elderId }) => elderId)).toEqual(['a']);
  });

  it('is the count of now with its differences once it differs', () => {
    const sheet = shownCount(count(portion('a', 'east'), portion('b', 'east')), [issue(1, portion('a', 'east'))]);
    expect(sheet).toMatchObject({ state: 'changed', issue: 2, against: 1 });
    expect(sheet.differences).toHaveLength(1);
  });
});

describe('the columns of the sheet', () => {
  const routes = [
    { id: 'west', name: '乙线' },
    { id: 'east', name: '甲线' },
    { id: 'idle', name: '丙线' },
  ];
  const words = { noRoute: '没路线', dineIn: '堂食' };

  it('hold every portion in exactly one column, whatever routes are known', () => {
    const portions = [portion('a', 'east'), portion('b', 'west'), portion('c', 'gone'), portion('d', null), eats('e')];
    const columns = columnsOf(portions, routes, words);
    expect(columns.map(({ label }) => label)).toEqual(['乙线', '甲线', 'gone', '没路线', '堂食']);
    const sum = columns.reduce((total, { figure }) => total + figureOf(figure, portions, null).now, 0);
    expect(sum).toBe(portions.length);
  });

  it('stand below each other when they are many, with the same figures', () => {
    const variants = [{ id: 'plain', name: '普食', sign: '甲', place: 0 }];
    const places = Array.from({ length: 7 }, (_, at) => ({
      id: `r${at}`,
      label: `r${at}`,
      figure: { routeId: `r${at}` },
    }));
    expect(tableOf(variants, places.slice(0, 6))).toMatchObject({ turned: false, rows: [{ id: 'plain' }] });
    const turned = tableOf(variants, places);
    expect([turned.turned, turned.rows.length, turned.columns.length]).toEqual([true, 7, 1]);
  });

  it('show what a figure was only where there is something to compare with', () => {
    const [now, before] = [[portion('a', 'east')], [portion('a', 'west')]];
    expect(figureOf({ routeId: 'east' }, now, before)).toEqual({ now: 1, was: 0 });
    expect(figureOf({ routeId: 'east' }, now, null)).toEqual({ now: 1, was: null });
  });
});

describe('arrivals at the counter', () => {
  const minute = 60_000;
  const tap = (id: string, at: number, people = 1, corrects: string | null = null) => ({
    id,
    at,
    count: people,
    corrects,
  });

  it('are put into quarters without holes, a correction into the quarter of its tap', () => {
    const taps = [tap('a', 0), tap('b', 14 * minute, 2), tap('c', 31 * minute), tap('d', 40 * minute, -2, 'b')];
    expect(quartersOf(taps)).toEqual([
      { from: 0, people: 1 },
      { from: 15 * minute, people: 0 },
      { from: 30 * minute, people: 1 },
    ]);
    expect(standsFor(taps[1]!, taps)).toBe(0);
    expect(quartersOf([])).toEqual([]);
  });
});

it('weekdays are said as one says them', () => {
  expect(
    [
      ['1', '2', '3', '4', '5', '6', '7'],
      ['5', '1', '2', '3', '4'],
      ['6', '1'],
      ['6', '7'],
    ].map(weekdaysWords),
  ).toEqual(['每天', '周一至周五', '周一、周六', '周六、周日']);
});
