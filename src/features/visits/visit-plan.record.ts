import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';
import { m } from '#messages';

/** 探访计划: how often an elder is to be looked in on, and who usually goes. Id: the elder's. */
export const visitPlan = kind({
  name: 'visitPlan',
  fields: {
    elderId: f.reference('elder'),
    /** Days between visits: 7, 30, 90 by tier. */
    everyDays: f.whole({ min: 1, max: 366 }),
    visitorId: f.optional(f.person()),
    dueOn: f.date(),
    lastVisitOn: f.optional(f.date()),
    active: f.yesNo(),
  },
  index: ['elderId', 'visitorId', 'dueOn'],
  sees: [seesStation({ roles: office }), seesMine('visitorId', { roles: ['visitor'] })],
  urgency: 2,
});

const aboutPlan = { kind: visitPlan, id: (args: { readonly elderId: string }) => args.elderId };

export const visitPlanActs = mutationsOf(visitPlan, {
  arrange: mutation({
    label: m.visits_act_arrange,
    args: {
      elderId: f.reference('elder'),
      everyDays: f.whole({ min: 1, max: 366 }),
      visitorId: f.optional(f.person()),
      dueOn: f.date(),
    },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    apply(tx, args) {
      const before = tx.get(visitPlan, args.elderId);
      return [put(visitPlan, { ...args, id: args.elderId, lastVisitOn: before?.lastVisitOn ?? null, active: true })];
    },
  }),
  assign: mutation({
    label: m.visits_act_assign,
    args: { elderId: f.reference('elder'), visitorId: f.optional(f.person()) },
    about: aboutPlan,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { ended: m.visits_refused_ended },
    apply(tx, { elderId, visitorId }) {
      const before = tx.get(visitPlan, elderId);
      return before?.active ? [put(visitPlan, { ...before, visitorId })] : refuse('ended');
    },
  }),
  end: mutation({
    label: m.visits_act_end,
    args: { elderId: f.reference('elder') },
    about: aboutPlan,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { ended: m.visits_refused_ended },
    apply(tx, { elderId }) {
      const before = tx.get(visitPlan, elderId);
      return before?.active ? [put(visitPlan, { ...before, active: false })] : refuse('ended');
    },
  }),
});
