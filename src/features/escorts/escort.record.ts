import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';
import { m } from '#messages';

export const purposes = ['bank', 'hospital', 'other'] as const;
const duty = { field: 'date', from: -1, to: 2 } as const;

/** 陪同: taking an elder to the bank, the hospital or elsewhere and back home. */
export const escort = kind({
  name: 'escort',
  fields: {
    elderId: f.reference('elder'),
    purpose: f.oneOf(purposes),
    placeName: f.text({ max: 80 }),
    date: f.date(),
    startTime: f.localTime(),
    expectedReturn: f.localTime(),
    firstPerson: f.optional(f.person()),
    secondPerson: f.optional(f.person()),
    vehicle: f.optional(f.text({ max: 80 })),
    /** Mobility, hearing, what to bring. */
    brief: f.optional(f.note()),
    familyTold: f.yesNo(),
    state: f.oneOf(['requested', 'staffed', 'cancelled']),
    cancelReason: f.optional(f.note()),
  },
  index: ['elderId', 'date', 'firstPerson', 'secondPerson'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -30, to: 60 } }),
    seesMine('firstPerson', { roles: ['escort'], days: duty }),
    seesMine('secondPerson', { roles: ['escort'], days: duty }),
  ],
  urgency: 1,
});

const aboutEscort = { kind: escort, id: (args: { readonly escortId: string }) => args.escortId };
const plan = {
  purpose: f.oneOf(purposes),
  placeName: f.text({ max: 80 }),
  date: f.date(),
  startTime: f.localTime(),
  expectedReturn: f.localTime(),
  brief: f.optional(f.note()),
  familyTold: f.yesNo(),
};
const unstaffed = {
  firstPerson: null,
  secondPerson: null,
  vehicle: null,
  state: 'requested',
  cancelReason: null,
} as const;

export const escortActs = mutationsOf(escort, {
  request: mutation({
    label: m.escorts_act_request,
    args: { elderId: f.reference('elder'), ...plan },
    may: (ctx) => hasRole(ctx, 'coordinator', 'visitor'),
    refusals: { 'return-before-start': m.escorts_refused_return_before_start },
    apply(_tx, args, ctx) {
      if (args.expectedReturn <= args.startTime) return refuse('return-before-start');
      return [put(escort, { id: ctx.newId(), ...args, ...unstaffed })];
    },
  }),
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
