import { put } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { safetyCheck } from '#features/safety/safety-check.record.ts';
import { m } from '#messages';
import { delivery } from './delivery.record.ts';
import { closingProblem, sumsOf } from './route-day.rules.ts';
import { planner, routeDay, type RouteDay } from './route.record.ts';
import { stopState } from './stop.rules.ts';
import { stopsOf } from './stops-of.ts';

const routeDayId = f.reference('routeDay');
const about = { kind: routeDay, id: (args: { routeDayId: string }) => args.routeDayId } as const;

/** Whoever walks the route today, or the coordinator for them. */
function mayWalk(ctx: Context, day: RouteDay): boolean {
  return planner(ctx) || (day.volunteerId === ctx.person && ctx.roles.includes('deliverer'));
}

/** 当天路线, as it is walked. */
export const routeDayActs = mutationsOf(routeDay, {
  /** 出发: the volunteer has counted the boxes and leaves. */
  load: mutation({
    label: () => m.routes_act_load(),
    args: { routeDayId, boxesOut: f.whole({ min: 0, max: 999 }) },
    about,
    may: mayWalk,
    refusals: { 'already-out': () => m.routes_refusal_already_out() },
    apply: (tx, args, ctx) => {
      const day = tx.get(routeDay, args.routeDayId);
      if (day?.state !== 'ready') return refuse('already-out', args.routeDayId);
      return [put(routeDay, { ...day, state: 'onRoute', departedAt: ctx.at, boxesOut: args.boxesOut })];
    },
  }),
  /** 交班. */
  close: mutation({
    label: () => m.routes_act_close(),
    args: {
      routeDayId,
      boxesBack: f.whole({ min: 0, max: 999 }),
      oldBoxes: f.whole({ min: 0, max: 999 }),
      note: f.optional(f.note()),
    },
    about,
    may: mayWalk,
    refusals: {
      'route-closed': () => m.routes_refusal_route_closed(),
      'stops-open': () => m.routes_refusal_stops_open(),
      'check-not-owned': () => m.routes_refusal_check_not_owned(),
      sum: () => m.routes_refusal_sum(),
    },
    apply: (tx, args, ctx) => {
      const day = tx.get(routeDay, args.routeDayId);
      const ends = stopsOf(tx, args.routeDayId).map(({ id }) => {
        const checks = tx.where(safetyCheck, { stopId: id });
        const state = stopState(tx.where(delivery, { stopId: id }), checks);
        return { state, owned: checks.every((check) => check.state === 'closed' || check.ownerId !== null) };
      });
      if (!day || day.state === 'closed') return refuse('route-closed');
      const states = ends.map(({ state }) => state);
      const sums = sumsOf(day, states, args.boxesBack);
      const problem = closingProblem({ states, sums, note: args.note, checksOwned: ends.every(({ owned }) => owned) });
      if (problem) return refuse(problem);
      const { boxesBack, oldBoxes, note: closingNote } = args;
      return [put(routeDay, { ...day, state: 'closed', closedAt: ctx.at, boxesBack, oldBoxes, closingNote })];
    },
  }),
});
