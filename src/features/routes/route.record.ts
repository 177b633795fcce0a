import { put, remove } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { person } from '#features/access/person.record.ts';
import { office } from '#features/access/public.ts';
import { meals } from '#features/meals/kitchen.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { numbered } from './order.rules.ts';

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
const about = { kind: route, id: (args: { routeId: string }) => args.routeId } as const;
const routeId = f.reference('route');

/** 路线 acts: the standing routes, made and changed by the coordinator. What is planned already stays as it is. */
export const routeActs = mutationsOf(route, {
  create: mutation({
    label: () => m.routes_act_create(),
    args: {
      name: f.text({ max: 60 }),
      meal: f.oneOf(meals),
      mealPointId: f.optional(f.reference('mealPoint')),
      volunteerId: f.optional(f.person()),
      deliverBy: f.optional(f.localTime()),
    },
    may: planner,
    refusals: {
      'name-needed': () => m.routes_refusal_name_needed(),
      'not-a-deliverer': () => m.routes_refusal_not_a_deliverer(),
    },
    apply: (tx, args, ctx) => {
      if (args.volunteerId !== null && !canDeliver(tx, args.volunteerId)) return refuse('not-a-deliverer');
      if (args.name.trim() === '') return refuse('name-needed');
      return [put(route, { ...args, id: ctx.newId(), name: args.name.trim(), active: true })];
    },
  }),
  rename: mutation({
    label: () => m.routes_act_rename(),
    args: { routeId, name: f.text({ max: 60 }) },
    about,
    may: planner,
    refusals: { 'name-needed': () => m.routes_refusal_name_needed() },
    apply: (tx, args) => {
      const found = tx.get(route, args.routeId);
      if (!found || args.name.trim() === '') return refuse('name-needed');
      return [put(route, { ...found, name: args.name.trim() })];
    },
  }),
  setVolunteer: mutation({
    label: () => m.routes_act_set_volunteer(),
    args: { routeId, volunteerId: f.optional(f.person()) },
    about,
    may: planner,
    refusals: { 'not-a-deliverer': () => m.routes_refusal_not_a_deliverer() },
    apply: (tx, args) => {
      const found = tx.get(route, args.routeId);
      const able = args.volunteerId === null || canDeliver(tx, args.volunteerId);
      if (!found || !able) return refuse('not-a-deliverer');
      return [put(route, { ...found, volunteerId: args.volunteerId })];
    },
  }),
  setPlaces: mutation({
    label: () => m.routes_act_set_places(),
    /** The elders whom the route passes, in order; who is left out is no longer on it. */
    args: { routeId, elderIds: f.list({ max: 200 }) },
    about,
    may: planner,
    refusals: { 'unknown-elder': () => m.routes_refusal_unknown_elder() },
    apply: (tx, args) => {
      const elderIds = [...new Set(args.elderIds)];
      const unknown = elderIds.filter((id) => !tx.get(elder, id));
      const here = tx.where(routePlace, { routeId: args.routeId });
      const elsewhere = elderIds.flatMap((elderId) => otherPlaces(tx, args.routeId, elderId));
      if (unknown[0] !== undefined) return refuse('unknown-elder', unknown[0]);
      const orders = numbered(elderIds);
      const gone = [...here.filter((place) => !orders.has(place.elderId)), ...elsewhere];
      return [
        ...gone.map((place) => remove(routePlace, place.id)),
        ...elderIds.map((elderId) =>
          put(routePlace, {
            id: `${args.routeId}:${elderId}`,
            routeId: args.routeId,
            elderId,
            order: orders.get(elderId) ?? 0,
          }),
        ),
      ];
    },
  }),
  retire: mutation({
    label: () => m.routes_act_retire(),
    args: { routeId },
    about,
    may: planner,
    apply: (tx, args) => {
      const found = tx.get(route, args.routeId);
      return found ? [put(route, { ...found, active: false })] : [];
    },
  }),
});

/** The elder's places on other routes of the same meal: whoever comes to this route leaves those. */
function otherPlaces(tx: Reader, routeId: string, elderId: string): readonly RoutePlace[] {
  const meal = tx.get(route, routeId)?.meal;
  const others = tx.where(routePlace, { elderId }).filter((place) => place.routeId !== routeId);
  return others.filter((place) => tx.get(route, place.routeId)?.meal === meal);
}
