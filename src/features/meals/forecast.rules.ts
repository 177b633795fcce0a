import { addDays } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { dineInTally } from './count.record.ts';

type Tally = Pick<RowOf<typeof dineInTally>, 'count' | 'source'>;

/** Weekdays that the forecast rests on, and how far back they are looked for: as far as the canteen's device holds. */
const daysWanted = 8;
const weeksBackMax = 10;

export interface Forecast {
  /** People expected at the tables, those with an order included; null when no such weekday is known. */
  readonly people: number | null;
  /** The days it rests on, newest first, with how many ate. */
  readonly days: readonly { readonly date: string; readonly people: number }[];
}

/**
 * People who ate on one day and meal. The total of the canteen's own list stands in place of the taps at the counter,
 * because it was added up from them.
 */
export function eatenOf(tallies: readonly Tally[]): number {
  const listed = tallies.filter(({ source }) => source === 'ledger');
  const valid = listed.length > 0 ? listed : tallies;
  return Math.max(
    0,
    valid.reduce((sum, { count }) => sum + count, 0),
  );
}

/** Days to look at for the forecast of `date`: the same weekday, newest first. */
export function sameWeekdaysBefore(date: string): readonly string[] {
  return Array.from({ length: weeksBackMax }, (_, at) => addDays(date, -7 * (at + 1)));
}

/**
 * The plain forecast: median of the last eight same weekdays on which the canteen was open. Of an even number of days
 * the middle of the two middle ones, rounded up, because a plate too many is better than an elder without one.
 */
export function forecastDineIn(date: string, eatenOn: (day: string) => number): Forecast {
  const days = sameWeekdaysBefore(date)
    .map((day) => ({ date: day, people: eatenOn(day) }))
    .filter(({ people }) => people > 0)
    .slice(0, daysWanted);
  const sorted = days.map(({ people }) => people).sort((a, b) => a - b);
  if (sorted.length === 0) return { people: null, days };
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { people: Math.ceil(median), days };
}

/** People expected beyond those with an order; never below zero. */
export function walkInsOf(forecast: Forecast, dineInOrders: number): number {
  return Math.max(0, (forecast.people ?? 0) - dineInOrders);
}
