import { weekdayOf } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { dietProfile } from '#features/people/elder.record.ts';
import { swapHarms, variantFor, type Diet } from '#features/people/public.ts';
import { mealVariant, type Meal } from './kitchen.record.ts';
import type { mealOrder, standingOrder } from './order.record.ts';

export type StandingOrder = RowOf<typeof standingOrder>;
export type DayOrder = RowOf<typeof mealOrder>;

/** Id of an elder's order of one day and meal. */
export function dayOrderId(date: string, meal: Meal, elderId: string): string {
  return `${date}:${meal}:${elderId}`;
}

/** Whether a standing order asks for a meal on this day. */
export function runsOn(order: StandingOrder, date: string): boolean {
  const weekday = String(weekdayOf(date)) as StandingOrder['weekdays'][number];
  return order.from <= date && (order.to === null || date <= order.to) && order.weekdays.includes(weekday);
}

/**
 * The one standing order that counts when several ask for the same day, as can happen when two people arrange the same
 * thing offline: the one that began last. It never depends on the order in which records come.
 */
export function latestOf(orders: readonly StandingOrder[]): StandingOrder | undefined {
  return orders.reduce<StandingOrder | undefined>(
    (best, one) =>
      best === undefined || one.from > best.from || (one.from === best.from && one.id > best.id) ? one : best,
    undefined,
  );
}

/** Whether two standing orders of one elder and meal would ask for the same day. */
export function overlaps(
  a: Pick<StandingOrder, 'from' | 'to' | 'weekdays'>,
  b: Pick<StandingOrder, 'from' | 'to' | 'weekdays'>,
): boolean {
  const apart = (a.to !== null && a.to < b.from) || (b.to !== null && b.to < a.from);
  return !apart && a.weekdays.some((day) => b.weekdays.includes(day));
}

const plainDiet: Diet = { types: [], allergens: [], texture: null };

/**
 * The box to pack: the one asked for, or the one of the elder's diet. 'diet-alarm' when the one asked for may harm and
 * nobody has said that it is meant; 'no-variants' when the kitchen packs nothing yet.
 */
export function boxFor(
  tx: Reader,
  elderId: string,
  wanted: string | null,
  despiteDiet: boolean,
): { readonly variantId: string } | 'diet-alarm' | 'no-variants' {
  const variants = tx.where(mealVariant, { active: true });
  const diet = tx.get(dietProfile, elderId) ?? plainDiet;
  const own = variantFor(diet, variants).variantId;
  const variantId = wanted ?? own;
  if (variantId === null) return 'no-variants';
  const byId = (id: string | null) => variants.find((one) => one.id === id);
  if (!byId(variantId)) return 'no-variants';
  if (!despiteDiet && swapHarms(diet, byId(own), byId(variantId))) return 'diet-alarm';
  return { variantId };
}
