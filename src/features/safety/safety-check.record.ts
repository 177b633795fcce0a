import type { Change } from '#engine/change.ts';
import { put } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { seesBeside, seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { office, officeAndField } from '#features/access/public.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import {
  causes,
  fieldMayClose,
  findings,
  isUntouched,
  rungResults,
  rungSteps,
  type Cause,
  type Finding,
} from './ladder.rules.ts';

export { findings, rungResults, rungSteps } from './ladder.rules.ts';

/**
 * 核实: a door did not open. Open until a named person writes down what was found. A check that a no answer opened is
 * called <fact>.check: every no answer has its own, so that two people who knocked never close each other's.
 */
export const safetyCheck = kind({
  name: 'safetyCheck',
  label: () => m.safety_check(),
  fields: {
    elderId: f.reference('elder'),
    date: f.date(),
    /** The stop or visit at which it began. */
    stopId: f.optional(f.reference('stop')),
    visitId: f.optional(f.reference('visit')),
    cause: f.oneOf(causes),
    note: f.optional(f.note()),
    openedAt: f.instant(),
    openedBy: f.person(),
    /** Who looks after it now; null until somebody in the office takes it. */
    ownerId: f.optional(f.person()),
    state: f.oneOf(['open', 'closed']),
    finding: f.optional(f.oneOf(findings)),
    findingNote: f.optional(f.note()),
    closedAt: f.optional(f.instant()),
    closedBy: f.optional(f.person()),
    /** The hand-over that closed it, so that taking that back opens it again. */
    closedWith: f.optional(f.text()),
  },
  index: ['elderId', 'stopId', 'visitId', 'state', 'date'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -30, to: 1 } }),
    seesStation({ roles: office, having: { field: 'state', values: ['open'] } }),
    seesMine('openedBy', { days: { field: 'date', from: -1, to: 1 } }),
    seesBeside('stop', 'stopId', 'id', { roles: ['deliverer'] }),
  ],
  urgency: 0,
});
export type SafetyCheck = RowOf<typeof safetyCheck>;

/** One rung of the ladder: who was tried, when, with what result. A fact. */
export const checkRung = kind({
  name: 'checkRung',
  label: () => m.safety_rung(),
  fields: {
    checkId: f.reference('safetyCheck'),
    step: f.oneOf(rungSteps),
    contactId: f.optional(f.text()),
    result: f.oneOf(rungResults),
    note: f.optional(f.note()),
    at: f.instant(),
    by: f.person(),
  },
  index: ['checkId'],
  sees: [seesWith('safetyCheck', 'checkId')],
  urgency: 0,
});

interface Opening {
  /** Begin it with the id of the act (`ctx.newId()`), so that what builds on a refused act is held with it. */
  readonly id: string;
  readonly elderId: string;
  readonly date: string;
  readonly stopId?: string | null;
  readonly visitId?: string | null;
  readonly cause?: Cause;
  readonly note?: string | null;
}

/** What opens a check; used by every act that finds a door shut. A no answer implies that somebody has just knocked. */
export function openCheck(ctx: Context, opening: Opening): readonly Change[] {
  const { id, elderId, date, stopId = null, visitId = null, cause = 'noAnswer', note = null } = opening;
  const check = put(safetyCheck, {
    id,
    elderId,
    date,
    stopId,
    visitId,
    cause,
    note,
    openedAt: ctx.at,
    openedBy: ctx.person,
    ownerId: null,
    state: 'open',
    ...notClosed,
  });
  if (cause !== 'noAnswer') return [check];
  const knock = { checkId: id, step: 'knock', contactId: null, result: 'noAnswer', note: null } as const;
  return [check, put(checkRung, { id: `${id}.knock`, ...knock, at: ctx.at, by: ctx.person })];
}

const notClosed = { finding: null, findingNote: null, closedAt: null, closedBy: null, closedWith: null } as const;

interface Found {
  /** Id of the rung that keeps the finding, beginning with the id of the act. */
  readonly rungId: string;
  readonly finding: Finding;
  readonly note?: string | null;
  readonly closedWith?: string | null;
}

/** What a finding changes. On a check that is closed already the first finding stays and the second is kept as a rung. */
export function closeCheck(ctx: Context, check: SafetyCheck, found: Found): readonly Change[] {
  const { rungId, finding, note = null, closedWith = null } = found;
  const words = note === null ? finding : `${finding}: ${note}`;
  const rung = { checkId: check.id, step: 'finding', contactId: null, result: 'done', note: words } as const;
  const kept = put(checkRung, { id: rungId, ...rung, at: ctx.at, by: ctx.person });
  if (check.state === 'closed') return [kept];
  const closed = { finding, findingNote: note, closedAt: ctx.at, closedBy: ctx.person, closedWith } as const;
  return [put(safetyCheck, { ...check, state: 'closed', ...closed }), kept];
}

/** What opens a closed check again. */
export function reopenCheck(ctx: Context, check: SafetyCheck, rungId: string, note: string | null): readonly Change[] {
  const rung = { checkId: check.id, step: 'reopened', contactId: null, result: 'done', note } as const;
  return [
    put(safetyCheck, { ...check, state: 'open', ...notClosed }),
    put(checkRung, { id: rungId, ...rung, at: ctx.at, by: ctx.person }),
  ];
}

const about = { kind: safetyCheck, id: (args: { checkId: string }) => args.checkId } as const;
const checkId = f.reference('safetyCheck');

/** 核实 acts. There is none that deletes a check or ends it without a finding. */
export const safetyCheckActs = mutationsOf(safetyCheck, {
  open: mutation({
    label: () => m.safety_act_open(),
    args: {
      elderId: f.reference('elder'),
      stopId: f.optional(f.reference('stop')),
      visitId: f.optional(f.reference('visit')),
      cause: f.oneOf(causes),
      note: f.optional(f.note()),
    },
    urgent: true,
    may: (ctx) => hasRole(ctx, ...officeAndField),
    refusals: { 'unknown-elder': () => m.safety_refusal_unknown_elder() },
    apply: (tx, args, ctx) => {
      if (!tx.get(elder, args.elderId)) return refuse('unknown-elder', args.elderId);
      return openCheck(ctx, { ...args, id: ctx.newId(), date: ctx.today });
    },
  }),
  climb: mutation({
    label: () => m.safety_act_climb(),
    args: {
      checkId,
      step: f.oneOf(rungSteps.filter(isTried)),
      contactId: f.optional(f.text()),
      result: f.oneOf(rungResults),
      note: f.optional(f.note()),
    },
    about,
    urgent: true,
    may: (ctx) => hasRole(ctx, ...officeAndField),
    // A rung climbed without signal counts also when the office has closed the check meanwhile: it is a fact.
    apply: (_tx, args, ctx) => [put(checkRung, { id: ctx.newId(), ...args, at: ctx.at, by: ctx.person })],
  }),
  takeOver: mutation({
    label: () => m.safety_act_take_over(),
    args: { checkId },
    about,
    urgent: true,
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'check-closed': () => m.safety_refusal_closed() },
    apply: (tx, args, ctx) => {
      const check = tx.get(safetyCheck, args.checkId);
      if (check?.state !== 'open') return refuse('check-closed');
      return [put(safetyCheck, { ...check, ownerId: ctx.person })];
    },
  }),
  close: mutation({
    label: () => m.safety_act_close(),
    args: { checkId, finding: f.oneOf(findings.filter(isFinding)), note: f.optional(f.note()) },
    about,
    urgent: true,
    may: (ctx) => hasRole(ctx, 'coordinator', 'deliverer', 'visitor', 'escort'),
    refusals: {
      'office-only': () => m.safety_refusal_office_only(),
      'note-needed': () => m.safety_refusal_note_needed(),
    },
    apply: (tx, args, ctx) => {
      const check = tx.get(safetyCheck, args.checkId);
      const rungs = tx.where(checkRung, { checkId: args.checkId });
      if (!check) return refuse('office-only', args.checkId);
      const note = args.note?.trim() || null;
      if (!fieldMayClose(check, args.finding, rungs, ctx.person)) {
        if (!hasRole(ctx, 'coordinator')) return refuse('office-only');
        if (note === null) return refuse('note-needed');
      }
      return closeCheck(ctx, check, { rungId: ctx.newId(), finding: args.finding, note });
    },
  }),
  /**
   * 人不好 was pressed by a slip: whoever pressed it says so, as long as nobody has acted on it. It stays on record with
   * that finding, and the same person may open it again. A no answer is taken back with its fact (delivery.withdraw).
   */
  takeBack: mutation({
    label: () => m.safety_act_take_back(),
    args: { checkId },
    about,
    urgent: true,
    may: (ctx, check) => check.cause === 'unwell' && check.openedBy === ctx.person,
    refusals: { 'check-running': () => m.safety_refusal_running() },
    apply: (tx, args, ctx) => {
      const check = tx.get(safetyCheck, args.checkId);
      if (!check || !isUntouched(check, tx.where(checkRung, { checkId: check.id }))) return refuse('check-running');
      return closeCheck(ctx, check, { rungId: ctx.newId(), finding: 'openedInError' });
    },
  }),
  reopen: mutation({
    label: () => m.safety_act_reopen(),
    args: { checkId, note: f.optional(f.note()) },
    about,
    urgent: true,
    may: (ctx, check) => hasRole(ctx, 'coordinator') || check.closedBy === ctx.person,
    refusals: { 'check-open': () => m.safety_refusal_open() },
    apply: (tx, args, ctx) => {
      const check = tx.get(safetyCheck, args.checkId);
      if (check?.state !== 'closed') return refuse('check-open');
      return reopenCheck(ctx, check, ctx.newId(), args.note);
    },
  }),
});

function isTried<S extends string>(step: S): step is Exclude<S, 'finding' | 'reopened'> {
  return step !== 'finding' && step !== 'reopened';
}

function isFinding<S extends string>(finding: S): finding is Exclude<S, 'openedInError'> {
  return finding !== 'openedInError';
}
