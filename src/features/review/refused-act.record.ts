import { again } from '#engine/again.ts';
import { put, type Change } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { m } from '#messages';

const roles = ['coordinator'];
const someDays = { field: 'day', from: -14, to: 1 } as const;

/**
 * An act the centre did not take, as a person finds it who decides what becomes of it. The centre makes the record in
 * the same moment in which it refuses; its own book keeps the act for ever, whatever is decided.
 */
export const refusedAct = kind({
  name: 'refusedAct',
  fields: {
    act: f.text({ max: 120 }),
    argsVersion: f.whole({ min: 0 }),
    /** What the act said, as JSON; null when it is too much for a list. */
    said: f.optional(f.text({ max: 24_000, sensitive: true })),
    author: f.person(),
    /** Best known time of the act. */
    at: f.instant(),
    receivedAt: f.instant(),
    day: f.date(),
    code: f.text({ max: 120 }),
    /** The refused act this one stands on. */
    heldWith: f.optional(f.text({ max: 120 })),
    state: f.oneOf(['open', 'applied', 'discarded', 'givenBack']),
    decidedBy: f.optional(f.person()),
    decidedAt: f.optional(f.instant()),
    reason: f.optional(f.note({ max: 500 })),
  },
  index: ['state', 'author'],
  sees: [
    seesStation({ roles, having: { field: 'state', values: ['open'] } }),
    seesStation({ roles, days: someDays }),
    seesMine('author', { having: { field: 'state', values: ['givenBack'] }, days: someDays }),
  ],
  urgency: 2,
});

export type RefusedAct = RowOf<typeof refusedAct>;

const aboutRefused = { kind: refusedAct, id: (args: { readonly refusedActId: string }) => args.refusedActId };
const mayDecide = (ctx: Context): boolean => hasRole(ctx, ...roles);
const refusals = {
  'already-decided': m.review_refused_already_decided,
  'reason-missing': m.review_refused_reason_missing,
};
const withReason = { refusedActId: f.reference('refusedAct'), reason: f.note({ max: 500 }) };

function decided(row: RefusedAct, state: RefusedAct['state'], reason: string | null, ctx: Context): Change {
  return put(refusedAct, { ...row, state, reason, decidedBy: ctx.person, decidedAt: ctx.at });
}

/** Sets it aside or gives it back, with the reason a person reads. */
function decide(
  tx: Reader,
  { refusedActId, reason }: { readonly refusedActId: string; readonly reason: string },
  state: 'discarded' | 'givenBack',
  ctx: Context,
) {
  const row = tx.get(refusedAct, refusedActId);
  if (row?.state !== 'open') return refuse('already-decided');
  return reason.trim() === '' ? refuse('reason-missing') : [decided(row, state, reason.trim(), ctx)];
}

export const refusedActActs = mutationsOf(refusedAct, {
  /** Done after all, as its author's fact, with the authority of whoever decides. */
  applyAgain: mutation({
    label: m.review_act_apply_again,
    args: { refusedActId: f.reference('refusedAct') },
    about: aboutRefused,
    may: mayDecide,
    refusals: { 'already-decided': m.review_refused_already_decided, 'too-much': m.review_refused_too_much },
    apply(tx, { refusedActId }, ctx) {
      const row = tx.get(refusedAct, refusedActId);
      if (row?.state !== 'open') return refuse('already-decided');
      if (row.said === null) return refuse('too-much');
      const call = { name: row.act, version: row.argsVersion, args: JSON.parse(row.said) as unknown };
      const as = { person: row.author, id: row.id, at: row.at };
      return again(call, as, [decided(row, 'applied', null, ctx)]);
    },
  }),
  discard: mutation({
    label: m.review_act_discard,
    args: withReason,
    about: aboutRefused,
    may: mayDecide,
    refusals,
    apply: (tx, args, ctx) => decide(tx, args, 'discarded', ctx),
  }),
  giveBack: mutation({
    label: m.review_act_give_back,
    args: withReason,
    about: aboutRefused,
    may: mayDecide,
    refusals,
    apply: (tx, args, ctx) => decide(tx, args, 'givenBack', ctx),
  }),
});
