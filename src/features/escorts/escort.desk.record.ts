import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { escort, plan } from './escort.record.ts';

const aboutEscort = { kind: escort, id: (args: { readonly escortId: string }) => args.escortId };

/** What the coordinator makes of a request. */
export const escortPlanActs = mutationsOf(escort, {
  change: mutation({
    label: m.escorts_act_change,
    args: { escortId: f.reference('escort'), ...plan },
    about: aboutEscort,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'return-before-start': m.escorts_refused_return_before_start, cancelled: m.escorts_refused_cancelled },
    apply(tx, { escortId, ...args }) {
      const before = tx.get(escort, escortId);
      if (!before || before.state === 'cancelled') return refuse('cancelled');
      return args.expectedReturn <= args.startTime
        ? refuse('return-before-start')
        : [put(escort, { ...before, ...args })];
    },
  }),
  staff: mutation({
    label: m.escorts_act_staff,
    args: {
      escortId: f.reference('escort'),
      firstPerson: f.person(),
      secondPerson: f.optional(f.person()),
      vehicle: f.optional(f.text({ max: 80 })),
    },
    about: aboutEscort,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'needs-two': m.escorts_refused_needs_two, cancelled: m.escorts_refused_cancelled },
    apply(tx, { escortId, firstPerson, secondPerson, vehicle }) {
      const before = tx.get(escort, escortId);
      if (!before || before.state === 'cancelled') return refuse('cancelled');
      // Nobody goes to a bank with an elder alone: it protects the elder and the volunteer.
      const alone = secondPerson === null || secondPerson === firstPerson;
      if (before.purpose === 'bank' && alone) return refuse('needs-two');
      return [
        put(escort, { ...before, firstPerson, secondPerson: alone ? null : secondPerson, vehicle, state: 'staffed' }),
      ];
    },
  }),
  cancel: mutation({
    label: m.escorts_act_cancel,
    args: { escortId: f.reference('escort'), reason: f.optional(f.note()) },
    about: aboutEscort,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    apply(tx, { escortId, reason }) {
      const before = tx.get(escort, escortId);
      return before ? [put(escort, { ...before, state: 'cancelled', cancelReason: reason })] : [];
    },
  }),
});
