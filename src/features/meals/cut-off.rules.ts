import { addDays, instantAt, timeOf } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { kitchenCount } from './count.record.ts';
import { kitchen, type Meal } from './kitchen.record.ts';

/** Moment until which the meals of a day can be changed without telling the kitchen anew: 截单, on the day before. */
export function cutOffAt(cutOff: string, date: string): number {
  return instantAt(addDays(date, -1), cutOff);
}

/** The kitchen that cooks. A station with several counts them together; the first by id keeps the clock. */
export function workingKitchen(tx: Reader): RowOf<typeof kitchen> | undefined {
  return tx.where(kitchen, { active: true })[0];
}

/** Id of the n-th issue of the count of a day and meal. */
export function countId(date: string, meal: Meal, issue: number): string {
  return `${date}:${meal}:${issue}`;
}

/** Whether a change for this day comes after the cut-off, or after the kitchen has been told its count early. */
export function isLate(tx: Reader, date: string, meal: Meal, at: number): boolean {
  if (tx.get(kitchenCount, countId(date, meal, 1)) !== undefined) return true;
  const cooks = workingKitchen(tx);
  return cooks !== undefined && at > cutOffAt(cooks.cutOff, date);
}

/** The meal that is eaten at this time of day. */
export function mealAt(instant: number): Meal {
  const time = timeOf(instant);
  return time < '09:30' ? 'breakfast' : time < '15:00' ? 'lunch' : 'dinner';
}
