import * as v from 'valibot';
import { addDays } from '#engine/calendar.ts';
import { put } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';
import { openCheck } from '#features/safety/safety-check.record.ts';
import { m } from '#messages';
import { visitPlan } from './visit-plan.record.ts';

export const visitModes = ['door', 'phone', 'video'] as const;
/** What is looked at, in the order in which one notices it at a door. */
export const areas = ['mood', 'walking', 'eating', 'hygiene', 'safety', 'family'] as const;
export const findings = ['usual', 'better', 'worse', 'urgent'] as const;
export const services = ['talk', 'clean', 'cook', 'shop', 'medicine', 'bills', 'haircut', 'repair'] as const;

const observations = v.record(v.picklist(areas), v.picklist(findings));

/** 探访: one look-in. Started and finished by the same person; then a fact that only a new record can correct. */
export const visit = kind({
  name: 'visit',
  fields: {
    elderId: f.reference('elder'),
    date: f.date(),
    visitorId: f.person(),
    mode: f.oneOf(visitModes),
    /** 'withdrawn': begun by mistake. */
    state: f.oneOf(['started', 'finished', 'declined', 'noAnswer', 'withdrawn']),
    startedAt: f.instant(),
    finishedAt: f.optional(f.instant()),
    services: f.someOf(services),
    /** Area → finding; an area that was not mentioned is as usual. */
    observations: f.structure(observations),
    /** What the elder needs or was promised, one line each. */
    needs: f.list(),
    note: f.optional(f.note()),
    /** With the elder's consent only, and none by default: the screen says so. */
    photos: f.optional(f.photos({ label: m.visits_photo })),
    /** Id of the visit this one puts right. */
    corrects: f.optional(f.text()),
  },
  index: ['elderId', 'visitorId', 'date', 'state'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -60, to: 1 } }),
    seesMine('visitorId', { roles: ['visitor'], days: { field: 'date', from: -3, to: 1 } }),
  ],
  urgency: 2,
});

type Visit = RowOf<typeof visit>;

const found = {
  services: f.someOf(services),
  observations: f.structure(observations),
  needs: f.list(),
  note: f.optional(f.note()),
  photos: f.optional(f.photos()),
};
const aboutVisit = { kind: visit, id: (args: { readonly visitId: string }) => args.visitId };

function own(ctx: Context, one: Visit): boolean {
  return one.visitorId === ctx.person;
}

export const visitActs = mutationsOf(visit, {
  start: mutation({
    label: m.visits_act_start,
    args: { elderId: f.reference('elder'), mode: f.oneOf(visitModes) },
    may: (ctx) => hasRole(ctx, 'visitor', 'coordinator'),
    refusals: { 'already-started': m.visits_refused_already_started },
    apply(tx, { elderId, mode }, ctx) {
      const open = tx.where(visit, { elderId, visitorId: ctx.person, state: 'started' });
      if (open.some(({ date }) => date === ctx.today)) return refuse('already-started');
      return [
        put(visit, {
          id: ctx.newId(),
          elderId,
          date: ctx.today,
          visitorId: ctx.person,
          mode,
          state: 'started',
          startedAt: ctx.at,
          finishedAt: null,
          services: [],
          observations: {},
          needs: [],
          note: null,
          photos: null,
          corrects: null,
        }),
      ];
    },
  }),
  finish: mutation({
    label: m.visits_act_finish,
    args: { visitId: f.reference('visit'), ...found },
    about: aboutVisit,
    may: own,
    refusals: { 'not-open': m.visits_refused_not_open },
    apply(tx, { visitId, ...what }, ctx) {
      const before = tx.get(visit, visitId);
      if (before?.state !== 'started') return refuse('not-open');
      const plan = tx.get(visitPlan, before.elderId);
      const done = put(visit, { ...before, ...what, state: 'finished', finishedAt: ctx.at });
      // The later day wins when two people looked in: a visit that arrives late must not bring an old date back.
      const seenLater = plan?.lastVisitOn != null && plan.lastVisitOn > before.date;
      if (!plan || seenLater) return [done];
      return [done, put(visitPlan, { ...plan, lastVisitOn: before.date, dueOn: addDays(before.date, plan.everyDays) })];
    },
  }),
  decline: mutation({
    label: m.visits_act_decline,
    args: { visitId: f.reference('visit'), note: f.optional(f.note()) },
    about: aboutVisit,
    may: own,
    refusals: { 'not-open': m.visits_refused_not_open },
    apply(tx, { visitId, note }, ctx) {
      const before = tx.get(visit, visitId);
      if (before?.state !== 'started') return refuse('not-open');
      return [put(visit, { ...before, note, state: 'declined', finishedAt: ctx.at })];
    },
  }),
  noAnswer: mutation({
    label: m.visits_act_no_answer,
    urgent: true,
    args: { visitId: f.reference('visit') },
    about: aboutVisit,
    may: own,
    refusals: { 'not-open': m.visits_refused_not_open },
    apply(tx, { visitId }, ctx) {
      const before = tx.get(visit, visitId);
      if (before?.state !== 'started') return refuse('not-open');
      return [
        put(visit, { ...before, state: 'noAnswer', finishedAt: ctx.at }),
        ...openCheck(ctx, { id: `check:${visitId}`, elderId: before.elderId, date: before.date, visitId }),
      ];
    },
  }),
  withdraw: mutation({
    label: m.visits_act_withdraw,
    args: { visitId: f.reference('visit') },
    about: aboutVisit,
    may: own,
    refusals: { 'not-open': m.visits_refused_not_open },
    apply(tx, { visitId }) {
      const before = tx.get(visit, visitId);
      return before?.state === 'started' ? [put(visit, { ...before, state: 'withdrawn' })] : refuse('not-open');
    },
  }),
  correct: mutation({
    label: m.visits_act_correct,
    args: { visitId: f.reference('visit'), ...found },
    about: aboutVisit,
    may: (ctx, one) => own(ctx, one) || hasRole(ctx, 'coordinator'),
    refusals: {
      'not-finished': m.visits_refused_not_finished,
      'corrected-already': m.visits_refused_corrected_already,
    },
    apply(tx, { visitId, ...what }, ctx) {
      const before = tx.get(visit, visitId);
      if (before?.state !== 'finished') return refuse('not-finished');
      const sameDay = tx.where(visit, { elderId: before.elderId, date: before.date });
      if (sameDay.some(({ corrects }) => corrects === visitId)) return refuse('corrected-already');
      return [put(visit, { ...before, ...what, id: ctx.newId(), corrects: visitId })];
    },
  }),
});
