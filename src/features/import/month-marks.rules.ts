import { addDays, daysBetween, weekdayOf } from '#engine/calendar.ts';
import type { MealMode } from '#features/meals/order.record.ts';
import type { DayMark, MealMarksRow } from './ledger.ts';

type Weekday = '1' | '2' | '3' | '4' | '5' | '6' | '7';
export interface Arrangement {
  readonly weekdays: readonly Weekday[];
  readonly mode: MealMode;
}

/** Of the days on which one could have eaten, at least this share for a weekday to count as a habit. */
const habitShare = 0.5;
/** Days without a mark that an absence may reach across: a weekend, a holiday of the canteen. */
const gapMax = 3;

/** Days on which the canteen was open: somebody has a mark. */
export function openDaysOf(people: readonly Pick<MealMarksRow, 'marks'>[]): readonly string[] {
  return [...new Set(people.flatMap(({ marks }) => marks.map(({ date }) => date)))].sort();
}

/**
 * On which weekdays somebody eats, and where, out of a month of marks. Days on which they were away say nothing about
 * the habit; a day that was ordered and not taken does.
 */
export function arrangementsOf(
  row: Pick<MealMarksRow, 'marks' | 'mealMode'>,
  open: readonly string[],
): readonly Arrangement[] {
  const marks = new Map(row.marks.map((one) => [one.date, one.mark]));
  const modes = new Map<MealMode, Weekday[]>();
  for (const weekday of ['1', '2', '3', '4', '5', '6', '7'] as const) {
    const days = open.filter((day) => String(weekdayOf(day)) === weekday);
    const eaten = days.map((day) => marks.get(day)).filter((mark) => mark !== 'leave' && mark !== 'hospital');
    const ordered = eaten.filter((mark) => mark !== undefined);
    if (ordered.length === 0 || ordered.length < eaten.length * habitShare) continue;
    const seated = ordered.filter((mark) => mark === 'dine-in').length;
    const carried = ordered.filter((mark) => mark === 'delivered').length;
    const mode = seated === carried ? usualMode(row) : seated > carried ? 'dineIn' : 'delivery';
    modes.set(mode, [...(modes.get(mode) ?? []), weekday]);
  }
  return [...modes].map(([mode, weekdays]) => ({ mode, weekdays }));
}

function usualMode({ mealMode, marks }: Pick<MealMarksRow, 'marks' | 'mealMode'>): MealMode {
  if (mealMode !== null) return mealMode === 'dine-in' ? 'dineIn' : 'delivery';
  return marks.filter(({ mark }) => mark === 'dine-in').length > marks.length / 2 ? 'dineIn' : 'delivery';
}

interface Span {
  readonly reason: 'hospital' | 'other';
  readonly from: string;
  readonly to: string;
}

/** Times away, from the first to the last day that is marked so; days without any mark in between belong to it. */
export function absencesIn(marks: readonly DayMark[]): readonly Span[] {
  const spans: Span[] = [];
  const marked = new Set(marks.map(({ date }) => date));
  for (const { date, mark } of [...marks].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    if (mark !== 'hospital' && mark !== 'leave') continue;
    const reason = mark === 'hospital' ? 'hospital' : 'other';
    const last = spans.at(-1);
    if (last && last.reason === reason && reaches(last.to, date, marked))
      spans[spans.length - 1] = { ...last, to: date };
    else spans.push({ reason, from: date, to: date });
  }
  return spans;
}

function reaches(from: string, to: string, marked: ReadonlySet<string>): boolean {
  if (daysBetween(from, to) > gapMax + 1) return false;
  for (let day = addDays(from, 1); day < to; day = addDays(day, 1)) if (marked.has(day)) return false;
  return true;
}
