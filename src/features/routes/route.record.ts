import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { person } from '#features/access/person.record.ts';
import { office } from '#features/access/public.ts';
import { meals } from '#features/meals/kitchen.record.ts';
import { m } from '#messages';

const watching = [...office, 'canteen'] as const;
const aroundToday = { field: 'date', from: -14, to: 14 } as const;
const duty = { field: 'date', from: 0, to: 1 } as const;

/** 路线: a name, who usually walks it, and (in routePlace) whom it usually passes. */
export const route = kind({
  name: 'route',
  label: () => m.routes_route(),
  fields: {
    name: f.text({ max: 60 }),
    meal: f.oneOf(meals),
    mealPointId: f.optional(f.reference('mealPoint')),
    /** Who usually walks it. */
    volunteerId: f.optional(f.person()),
    /** By when the last meal should be at its door. */
    deliverBy: f.optional(f.localTime()),
    active: f.yesNo(),
  },
  index: ['volunteerId', 'meal'],
  sees: [seesStation({ roles: watching })],
});

/** An elder's fixed place on a route; kept on days without a delivery too. Id: route:elder. */
export const routePlace = kind({
  name: 'routePlace',
  label: () => m.routes_place(),
  fields: {
    routeId: f.reference('route'),
    elderId: f.reference('elder'),
    /** Sorts the stops; gaps are fine. */
    order: f.whole({ min: 0 }),
  },
  index: ['routeId', 'elderId'],
  sees: [seesStation({ roles: watching })],
});

/** One route on one day: 待出发 → 配送中 → 送完. Id: date:meal:route. */
export const routeDay = kind({
  name: 'routeDay',
  label: () => m.routes_day(),
  fields: {
    routeId: f.reference('route'),
    date: f.date(),
    meal: f.oneOf(meals),
    name: f.text({ max: 60 }),
    volunteerId: f.optional(f.person()),
    deliverBy: f.optional(f.localTime()),
    state: f.oneOf(['ready', 'onRoute', 'closed']),
    departedAt: f.optional(f.instant()),
    closedAt: f.optional(f.instant()),
    boxesOut: f.optional(f.whole({ min: 0, max: 999 })),
    /** Unopened meals brought back when the route was closed. */
    boxesBack: f.optional(f.whole({ min: 0, max: 999 })),
    /** Old boxes counted when the route was closed. */
    oldBoxes: f.optional(f.whole({ min: 0, max: 999 })),
    closingNote: f.optional(f.note()),
  },
  index: ['date', 'volunteerId', 'routeId'],
  sees: [
    seesStation({ roles: watching, days: aroundToday }),
    seesMine('volunteerId', { roles: ['deliverer'], days: duty }),
  ],
  urgency: 1,
});

/**
 * 一家: one elder's door on one route of one day. Moving to another route changes routeDayId. Id: date:meal:elder.
 * Taken off the route it stays with active = false: nothing makes it again, and what a volunteer without signal did at
 * that door is still taken.
 */
export const stop = kind({
  name: 'stop',
  label: () => m.routes_stop(),
  fields: {
    routeDayId: f.reference('routeDay'),
    date: f.date(),
    meal: f.oneOf(meals),
    elderId: f.reference('elder'),
    order: f.whole({ min: 0 }),
    variantId: f.reference('mealVariant'),
    /** Number on the box, with the variant's sign: 丁 06. Runs over the whole kitchen and meal. */
    boxNumber: f.whole({ min: 1, max: 999 }),
    /** Old boxes to take back here. */
    boxesDue: f.whole({ min: 0, max: 99 }),
    note: f.optional(f.note()),
    /** Set by the coordinator when it changed after the route was loaded, so that the phone can say so. */
    changedAt: f.optional(f.instant()),
    /** False once the coordinator has taken it off; the elder then leaves the volunteer's phone. */
    active: f.yesNo(),
  },
  index: ['routeDayId', 'elderId', 'date'],
  sees: [
    seesStation({ roles: watching, days: aroundToday }),
    seesWith('routeDay', 'routeDayId', { roles: ['deliverer'], having: { field: 'active', values: [true] } }),
  ],
  urgency: 1,
});

export type Route = RowOf<typeof route>;
export type RoutePlace = RowOf<typeof routePlace>;
export type RouteDay = RowOf<typeof routeDay>;
export type Stop = RowOf<typeof stop>;

/** Whether a person may be given a route: somebody active who delivers. */
export function canDeliver(tx: Reader, personId: string): boolean {
  const found = tx.get(person, personId);
  return found !== undefined && found.active && found.roles.includes('deliverer');
}

export const planner = (ctx: Context): boolean => hasRole(ctx, 'coordinator');
