import { put, type Change } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { seesWith } from '#engine/scope.ts';
import { m } from '#messages';
import { escort } from './escort.record.ts';
import { handBackChecks, nextStage, standingSteps, way, type Escort, type WayStage } from './stage.rules.ts';

export const stages = [...way, 'halted', 'extended', 'handedToHospital'] as const;
type Stage = (typeof stages)[number];

/** A stage reached on the way: when, by whom, with what ticked. A fact. Id: escort:stage:try, so that two people who tap the same agree. */
export const escortStep = kind({
  name: 'escortStep',
  fields: {
    escortId: f.reference('escort'),
    stage: f.oneOf(stages),
    ticked: f.list(),
    note: f.optional(f.note()),
    /** New expected return, when the stage is 'extended'. */
    expectedReturn: f.optional(f.localTime()),
    /** Id of the step this one takes back. */
    corrects: f.optional(f.text()),
    at: f.instant(),
    by: f.person(),
  },
  index: ['escortId'],
  sees: [seesWith('escort', 'escortId')],
  urgency: 1,
});

const aboutEscort = { kind: escort, id: (args: { readonly escortId: string }) => args.escortId };
const refusals = {
  'not-staffed': m.escorts_refused_not_staffed,
  'out-of-order': m.escorts_refused_out_of_order,
  unticked: m.escorts_refused_unticked,
} as const;

function goesAlong(ctx: Context, trip: Escort): boolean {
  return (
    hasRole(ctx, 'coordinator') ||
    (hasRole(ctx, 'escort') && [trip.firstPerson, trip.secondPerson].includes(ctx.person))
  );
}

interface Noted {
  readonly ticked?: readonly string[];
  readonly note?: string | null;
  readonly expectedReturn?: string | null;
}

/** The new fact; nothing when the other of the two has already noted the same stage. */
function reached(tx: Reader, escortId: string, stage: Stage, ctx: Context, noted: Noted = {}): Change[] {
  const steps = tx.where(escortStep, { escortId });
  if (stage !== 'extended' && standingSteps(steps).some((step) => step.stage === stage)) return [];
  const tries = steps.filter((step) => step.stage === stage && step.corrects === null).length;
  const { ticked = [], note = null, expectedReturn = null } = noted;
  const id = `${escortId}:${stage}:${tries + 1}`;
  return [
    put(escortStep, { id, escortId, stage, ticked, note, expectedReturn, corrects: null, at: ctx.at, by: ctx.person }),
  ];
}

function onTheWay(stage: Exclude<WayStage, 'handedBack'>, label: () => string) {
  return mutation({
    label,
    args: { escortId: f.reference('escort'), ticked: f.list(), note: f.optional(f.note()) },
    about: aboutEscort,
    may: goesAlong,
    refusals,
    apply(tx, { escortId, ticked, note }, ctx) {
      const trip = tx.get(escort, escortId);
      if (trip?.state !== 'staffed') return refuse('not-staffed');
      const steps = tx.where(escortStep, { escortId });
      const next = nextStage(trip, steps);
      // A stage that was passed already may still be noted: the other of the two was without signal.
      if (next !== null && way.indexOf(next) < way.indexOf(stage)) return refuse('out-of-order');
      return reached(tx, escortId, stage, ctx, { ticked, note });
    },
  });
}

function beside(stage: 'halted' | 'handedToHospital', label: () => string) {
  return mutation({
    label,
    urgent: true,
    args: { escortId: f.reference('escort'), note: f.optional(f.note()) },
    about: aboutEscort,
    may: goesAlong,
    refusals,
    apply: (tx, { escortId, note }, ctx) =>
      tx.get(escort, escortId)?.state === 'staffed'
        ? reached(tx, escortId, stage, ctx, { note })
        : refuse('not-staffed'),
  });
}

export const escortStepActs = mutationsOf(escortStep, {
  confirm: onTheWay('confirmed', m.escorts_act_confirm),
  pickUp: onTheWay('pickedUp', m.escorts_act_pick_up),
  arrive: onTheWay('arrived', m.escorts_act_arrive),
  headBack: onTheWay('returning', m.escorts_act_head_back),
  handBack: mutation({
    label: m.escorts_act_hand_back,
    args: { escortId: f.reference('escort'), ticked: f.list(), note: f.optional(f.note()) },
    about: aboutEscort,
    may: goesAlong,
    refusals,
    apply(tx, { escortId, ticked, note }, ctx) {
      const trip = tx.get(escort, escortId);
      if (trip?.state !== 'staffed') return refuse('not-staffed');
      const steps = standingSteps(tx.where(escortStep, { escortId }));
      if (!steps.some(({ stage }) => stage === 'pickedUp')) return refuse('out-of-order');
      const missing = handBackChecks[trip.purpose].some((check) => !ticked.includes(check));
      return missing ? refuse('unticked') : reached(tx, escortId, 'handedBack', ctx, { ticked, note });
    },
  }),
  halt: beside('halted', m.escorts_act_halt),
  handToHospital: beside('handedToHospital', m.escorts_act_hand_to_hospital),
  extend: mutation({
    label: m.escorts_act_extend,
    args: { escortId: f.reference('escort'), expectedReturn: f.localTime(), note: f.optional(f.note()) },
    about: aboutEscort,
    may: goesAlong,
    refusals,
    apply: (tx, { escortId, expectedReturn, note }, ctx) =>
      tx.get(escort, escortId)?.state === 'staffed'
        ? reached(tx, escortId, 'extended', ctx, { expectedReturn, note })
        : refuse('not-staffed'),
  }),
  takeBack: mutation({
    label: m.escorts_act_take_back,
    args: { escortId: f.reference('escort'), stepId: f.reference('escortStep') },
    about: aboutEscort,
    may: goesAlong,
    refusals: { 'not-last': m.escorts_refused_not_last },
    apply(tx, { escortId, stepId }, ctx) {
      const last = standingSteps(tx.where(escortStep, { escortId })).at(-1);
      if (last?.id !== stepId) return refuse('not-last');
      return [put(escortStep, { ...last, id: `${stepId}:back`, corrects: stepId, at: ctx.at, by: ctx.person })];
    },
  }),
});
