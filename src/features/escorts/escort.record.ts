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

export const plan = {
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
});
