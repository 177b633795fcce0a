import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

export const purposes = ['bank', 'hospital', 'other'] as const;
export const stages = [
  'confirmed',
  'pickedUp',
  'arrived',
  'returning',
  'handedBack',
  'halted',
  'extended',
  'handedToHospital',
] as const;
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
  },
  index: ['elderId', 'date', 'firstPerson', 'secondPerson'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -30, to: 60 } }),
    seesMine('firstPerson', { roles: ['escort'], days: duty }),
    seesMine('secondPerson', { roles: ['escort'], days: duty }),
  ],
  urgency: 1,
});

/** A stage reached on the way: when, by whom, with what ticked. A fact. */
export const escortStep = kind({
  name: 'escortStep',
  fields: {
    escortId: f.reference('escort'),
    stage: f.oneOf(stages),
    ticked: f.list(),
    note: f.optional(f.note()),
    /** New expected return when the stage is 'extended'. */
    expectedReturn: f.optional(f.localTime()),
    corrects: f.optional(f.text()),
    at: f.instant(),
    by: f.person(),
  },
  index: ['escortId'],
  sees: [seesWith('escort', 'escortId')],
  urgency: 1,
});
