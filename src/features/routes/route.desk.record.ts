import { put, remove } from '#engine/change.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { meals } from '#features/meals/kitchen.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { numbered } from './order.rules.ts';
import { canDeliver, planner, route, routePlace, type RoutePlace } from './route.record.ts';

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
