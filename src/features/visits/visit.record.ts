import * as v from 'valibot';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

export const visitModes = ['door', 'phone', 'video'] as const;

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

/** 探访: one look-in. Started by its visitor, finished by the same person; then a fact. */
export const visit = kind({
  name: 'visit',
  fields: {
    elderId: f.reference('elder'),
    date: f.date(),
    visitorId: f.person(),
    mode: f.oneOf(visitModes),
    state: f.oneOf(['started', 'finished', 'declined', 'noAnswer']),
    startedAt: f.instant(),
    finishedAt: f.optional(f.instant()),
    services: f.list(),
    /** What was seen: area of the checklist → 'well' | 'watch' | 'concern'. */
    observations: f.structure(v.record(v.string(), v.picklist(['well', 'watch', 'concern']))),
    needs: f.list(),
    note: f.optional(f.note()),
    corrects: f.optional(f.text()),
  },
  index: ['elderId', 'visitorId', 'date', 'state'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -60, to: 1 } }),
    seesMine('visitorId', { roles: ['visitor'], days: { field: 'date', from: -3, to: 1 } }),
  ],
  urgency: 2,
});
