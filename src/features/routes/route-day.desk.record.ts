import * as v from 'valibot';
import { put } from '#engine/change.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { m } from '#messages';
import { changedAt, lock, newStops, plannedStop, reordered, stopOf, unknownIn } from './day-stops.ts';
import { boxCounter, numbered, placeAt } from './order.rules.ts';
import { routeDayIdOf, stopIdOf, stopsOf } from './stops-of.ts';
import { canDeliver, planner, route, routeDay, stop, type RouteDay } from './route.record.ts';

const routeDayId = f.reference('routeDay');
const stopId = f.reference('stop');
const place = f.whole({ min: 0, max: 999 });
const about = { kind: routeDay, id: (args: { routeDayId: string }) => args.routeDayId } as const;
const aboutStop = { kind: stop, id: (args: { stopId: string }) => args.stopId } as const;
const closedWords = { 'route-closed': () => m.routes_refusal_route_closed() } as const;
const unknownWords = {
  'unknown-elder': () => m.routes_refusal_unknown_elder(),
  'unknown-variant': () => m.routes_refusal_unknown_variant(),
} as const;
const lockedWords = {
  'stop-done': () => m.routes_refusal_stop_done(),
  'check-open': () => m.routes_refusal_check_open(),
} as const;

/** 当天路线, as it is planned: what the coordinator changes of it. */
export const dayPlanActs = mutationsOf(routeDay, {
  /** Makes the day of a route and the stops it lacks. It never takes off, moves or changes a stop that is there. */
  plan: mutation({
    label: () => m.routes_act_plan(),
    args: {
      routeId: f.reference('route'),
      date: f.date(),
      stops: f.structure(v.pipe(v.array(plannedStop), v.maxLength(200))),
    },
    about: { kind: route, id: (args: { routeId: string }) => args.routeId },
    may: planner,
    refusals: { ...unknownWords, ...closedWords, 'route-retired': () => m.routes_refusal_route_retired() },
    apply: (tx, args, ctx) => {
      const planned = tx.get(route, args.routeId);
      const unknown = unknownIn(tx, args.stops);
      const ofDate = tx.where(stop, { date: args.date });
      if (!planned?.active) return refuse('route-retired', args.routeId);
      const id = routeDayIdOf(args.date, planned.meal, planned.id);
      const there = tx.get(routeDay, id);
      if (unknown) return unknown;
      if (there?.state === 'closed') return refuse('route-closed');
      const { meal } = planned;
      const { date } = args;
      const made: RouteDay = there ?? {
        id,
        routeId: planned.id,
        date,
        meal,
        name: planned.name,
        volunteerId: planned.volunteerId,
        deliverBy: planned.deliverBy,
        state: 'ready',
        departedAt: null,
        closedAt: null,
        boxesOut: null,
        boxesBack: null,
        oldBoxes: null,
        closingNote: null,
      };
      return [
        put(routeDay, made),
        ...newStops(
          made,
          ofDate.filter((one) => one.meal === meal),
          args.stops,
          ctx,
        ),
      ];
    },
  }),
  assign: mutation({
    label: () => m.routes_act_assign(),
    args: { routeDayId, volunteerId: f.optional(f.person()) },
    about,
    may: planner,
    refusals: { ...closedWords, 'not-a-deliverer': () => m.routes_refusal_not_a_deliverer() },
    apply: (tx, args) => {
      const day = tx.get(routeDay, args.routeDayId);
      const able = args.volunteerId === null || canDeliver(tx, args.volunteerId);
      if (!day || day.state === 'closed') return refuse('route-closed');
      return able ? [put(routeDay, { ...day, volunteerId: args.volunteerId })] : refuse('not-a-deliverer');
    },
  }),
  addStop: mutation({
    label: () => m.routes_act_add_stop(),
    args: {
      routeDayId,
      elderId: f.reference('elder'),
      variantId: f.reference('mealVariant'),
      place: f.optional(place),
      boxesDue: f.whole({ min: 0, max: 99 }),
      note: f.optional(f.note()),
    },
    about,
    may: planner,
    refusals: {
      ...closedWords,
      ...unknownWords,
      'on-a-route': () => m.routes_refusal_on_a_route(),
    },
    apply: (tx, args, ctx) => {
      const day = tx.get(routeDay, args.routeDayId);
      const { elderId, variantId, boxesDue, note } = args;
      const unknown = unknownIn(tx, [{ elderId, variantId, boxesDue, note }]);
      if (!day || day.state === 'closed') return refuse('route-closed');
      const id = stopIdOf(day.date, day.meal, elderId);
      const there = tx.get(stop, id);
      const others = stopsOf(tx, day.id);
      const ofDate = tx.where(stop, { date: day.date }).filter(({ meal }) => meal === day.meal);
      if (unknown) return unknown;
      if (there?.active) return refuse('on-a-route');
      const sameBox = there?.variantId === variantId ? there.boxNumber : boxCounter(ofDate)(variantId);
      const added = stopOf(day, { elderId, variantId, boxesDue, note }, sameBox, ctx);
      const orders = placeAt(others, id, args.place ?? others.length);
      return reordered([...others, added], orders, new Set([id]));
    },
  }),
  removeStop: mutation({
    label: () => m.routes_act_remove_stop(),
    args: { stopId },
    about: aboutStop,
    may: planner,
    refusals: lockedWords,
    apply: (tx, args, ctx) => {
      const one = tx.get(stop, args.stopId);
      const locked = one && lock(tx, one);
      if (!one) return refuse('stop-done', args.stopId);
      if (locked) return refuse(locked);
      return [put(stop, { ...one, active: false, changedAt: ctx.at })];
    },
  }),
  /** To another route of the same day and meal, or to another place on the same one. */
  moveStop: mutation({
    label: () => m.routes_act_move_stop(),
    args: { stopId, routeDayId, place },
    about: aboutStop,
    may: planner,
    refusals: { ...lockedWords, ...closedWords, 'other-day': () => m.routes_refusal_other_day() },
    apply: (tx, args, ctx) => {
      const one = tx.get(stop, args.stopId);
      const day = tx.get(routeDay, args.routeDayId);
      const others = stopsOf(tx, args.routeDayId).filter(({ id }) => id !== args.stopId);
      const locked = one && lock(tx, one);
      if (!one?.active || !day || day.state === 'closed')
        return refuse('route-closed', day ? undefined : args.routeDayId);
      if (day.date !== one.date || day.meal !== one.meal) return refuse('other-day');
      const stays = one.routeDayId === day.id;
      if (locked && !stays) return refuse(locked);
      const moved = stays ? one : { ...one, routeDayId: day.id, changedAt: changedAt(day, ctx) };
      return reordered([...others, moved], placeAt(others, one.id, args.place), new Set([one.id]));
    },
  }),
  /** Stops that the list does not name stay behind those it names. */
  reorderStops: mutation({
    label: () => m.routes_act_reorder(),
    args: { routeDayId, stopIds: f.list({ max: 200 }) },
    about,
    may: planner,
    refusals: closedWords,
    apply: (tx, args) => {
      const day = tx.get(routeDay, args.routeDayId);
      const stops = stopsOf(tx, args.routeDayId);
      if (!day || day.state === 'closed') return refuse('route-closed');
      const known = new Set(stops.map(({ id }) => id));
      const named = [...new Set(args.stopIds)].filter((id) => known.has(id));
      const rest = stops.map(({ id }) => id).filter((id) => !named.includes(id));
      return reordered(stops, numbered([...named, ...rest]), new Set());
    },
  }),
  /** Another kind of box; it gets a number of its own kind. */
  changeMeal: mutation({
    label: () => m.routes_act_change_meal(),
    args: { stopId, variantId: f.reference('mealVariant') },
    about: aboutStop,
    may: planner,
    refusals: { ...lockedWords, ...unknownWords },
    apply: (tx, args, ctx) => {
      const one = tx.get(stop, args.stopId);
      const variant = tx.get(mealVariant, args.variantId);
      const locked = one && lock(tx, one);
      const day = one && tx.get(routeDay, one.routeDayId);
      const ofDate = one ? tx.where(stop, { date: one.date }).filter(({ meal }) => meal === one.meal) : [];
      if (!variant) return refuse('unknown-variant', args.variantId);
      if (!one || !day || locked) return refuse(locked ?? 'stop-done');
      if (one.variantId === variant.id) return [];
      const boxNumber = boxCounter(ofDate)(variant.id);
      return [put(stop, { ...one, variantId: variant.id, boxNumber, changedAt: changedAt(day, ctx) })];
    },
  }),
  reopen: mutation({
    label: () => m.routes_act_reopen(),
    args: { routeDayId },
    about,
    may: planner,
    refusals: { 'not-closed': () => m.routes_refusal_not_closed() },
    apply: (tx, args) => {
      const day = tx.get(routeDay, args.routeDayId);
      if (day?.state !== 'closed') return refuse('not-closed', args.routeDayId);
      return [put(routeDay, { ...day, state: day.departedAt === null ? 'ready' : 'onRoute', closedAt: null })];
    },
  }),
});
