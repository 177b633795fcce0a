import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { visitPlan } from './visit-plan.record.ts';

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
