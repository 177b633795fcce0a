import { describe, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import { eatenOf, forecastDineIn, sameWeekdaysBefore, walkInsOf } from './forecast.rules.ts';

const date = '2026-11-24';
/** People by how many weeks ago it was. */
function weeks(...people: number[]): (day: string) => number {
  const known = new Map(people.map((count, at) => [addDays(date, -7 * (at + 1)), count]));
  return (day) => known.get(day) ?? 0;
}

describe('the forecast of diners', () => {
  it('is the median of the last eight same weekdays', () => {
    expect(forecastDineIn(date, weeks(40, 42, 38, 41, 90, 39, 43, 40, 1, 1)).people).toBe(41);
  });

  it('passes over days on which the canteen was closed and goes further back', () => {
    const { people, days } = forecastDineIn(date, weeks(40, 0, 40, 0, 40, 40, 40, 40, 40, 10));
    expect([people, days.length]).toEqual([40, 8]);
    expect(days.some((one) => one.people === 0)).toBe(false);
  });

  it('says how few days it rests on, and nothing when there are none', () => {
    expect(forecastDineIn(date, weeks(30, 33)).days).toHaveLength(2);
    expect(forecastDineIn(date, weeks(30, 33)).people).toBe(32);
    expect(forecastDineIn(date, weeks())).toEqual({ people: null, days: [] });
  });

  it('looks no further back than the device of the canteen holds records', () => {
    expect(sameWeekdaysBefore(date).at(-1)).toBe(addDays(date, -70));
  });

  it('expects nobody beyond the orders when the orders are more', () => {
    expect(walkInsOf({ people: 40, days: [] }, 31)).toBe(9);
    expect(walkInsOf({ people: 40, days: [] }, 44)).toBe(0);
    expect(walkInsOf({ people: null, days: [] }, 5)).toBe(0);
  });

  it('takes the total of the list instead of the taps it was added up from', () => {
    const tap = { count: 1, source: 'counter' } as const;
    expect(eatenOf([tap, tap, { ...tap, count: -1 }])).toBe(1);
    expect(eatenOf([tap, tap, { count: 50, source: 'ledger' }, { count: -3, source: 'ledger' }])).toBe(47);
  });
});
