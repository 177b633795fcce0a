import * as v from 'valibot';
import { put, type Change } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { safetyCheck } from '#features/safety/safety-check.record.ts';
import { delivery } from './delivery.record.ts';
import { boxCounter, inOrder, mergeOrder, numbered } from './order.rules.ts';
import { stop, type RouteDay, type Stop } from './route.record.ts';
import { stopIdOf } from './stops-of.ts';
import { isGiven, stopState } from './stop.rules.ts';

/** One elder's meal as it is to be carried, in the order of the route. */
export const plannedStop = v.object({
  elderId: f.idSchema,
  variantId: f.idSchema,
  boxesDue: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99)),
  note: v.nullable(v.pipe(v.string(), v.maxLength(2_000))),
});
export type PlannedStop = v.InferOutput<typeof plannedStop>;

/** A stop that ended stays where it was; one with an open check stays until it is closed. */
export function lock(tx: Reader, one: Stop): 'stop-done' | 'check-open' | undefined {
  const checks = tx.where(safetyCheck, { stopId: one.id });
  const state = stopState(tx.where(delivery, { stopId: one.id }), checks);
  if (state === 'checking') return 'check-open';
  return isGiven(state) ? 'stop-done' : undefined;
}

/** The stop tells the phone that it changed, unless the volunteer has not left yet. */
export function changedAt(day: RouteDay, ctx: Context): number | null {
  return day.state === 'ready' ? null : ctx.at;
}

/** First unknown elder or variant, or undefined when all are known. */
export function unknownIn(tx: Reader, stops: readonly PlannedStop[]) {
  const elders = stops.filter(({ elderId }) => !tx.get(elder, elderId));
  const variants = stops.filter(({ variantId }) => !tx.get(mealVariant, variantId));
  if (elders[0]) return refuse('unknown-elder', elders[0].elderId);
  return variants[0] && refuse('unknown-variant', variants[0].variantId);
}

/** Writes the stops whose order changed; `fresh` are stops not stored yet. */
export function reordered(
  stops: readonly Stop[],
  orders: ReadonlyMap<string, number>,
  fresh: ReadonlySet<string>,
): Change[] {
  return stops
    .map((one) => ({ ...one, order: orders.get(one.id) ?? one.order }))
    .filter((one, at) => fresh.has(one.id) || one.order !== stops[at]?.order)
    .map((one) => put(stop, one));
}

/** A stop of this day as it is first written; its place is given by whoever orders the route. */
export function stopOf(
  day: RouteDay,
  { elderId, variantId, boxesDue, note }: Pick<PlannedStop, 'elderId' | 'variantId' | 'boxesDue' | 'note'>,
  boxNumber: Stop['boxNumber'],
  ctx: Context,
): Stop {
  return {
    id: stopIdOf(day.date, day.meal, elderId),
    routeDayId: day.id,
    date: day.date,
    meal: day.meal,
    elderId,
    order: 0,
    variantId,
    boxesDue,
    note,
    boxNumber,
    changedAt: changedAt(day, ctx),
    active: true,
  };
}

/** Stops that a plan adds to a day: not on any route of that meal yet, numbered on from what is packed already. */
export function newStops(
  day: RouteDay,
  ofMeal: readonly Stop[],
  planned: readonly PlannedStop[],
  ctx: Context,
): Change[] {
  const known = new Set(ofMeal.map(({ elderId }) => elderId));
  const present = inOrder(ofMeal.filter((one) => one.routeDayId === day.id && one.active));
  const nextNumber = boxCounter(ofMeal);
  const added = new Map<string, Stop>();
  for (const { elderId, variantId, boxesDue, note } of planned) {
    const id = stopIdOf(day.date, day.meal, elderId);
    if (known.has(elderId) || added.has(id)) continue;
    added.set(id, stopOf(day, { elderId, variantId, boxesDue, note }, nextNumber(variantId), ctx));
  }
  if (added.size === 0) return [];
  const wanted = planned.map(({ elderId }) => stopIdOf(day.date, day.meal, elderId));
  const order = mergeOrder(
    present.map(({ id }) => id),
    wanted.filter((id) => added.has(id) || present.some((one) => one.id === id)),
  );
  return reordered([...present, ...added.values()], numbered(order), new Set(added.keys()));
}
