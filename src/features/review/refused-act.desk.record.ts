import { again } from '#engine/again.ts';
import { put, type Change } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { refusedAct, type RefusedAct } from './refused-act.record.ts';

const aboutRefused = { kind: refusedAct, id: (args: { readonly refusedActId: string }) => args.refusedActId };
const mayDecide = (ctx: Context): boolean => hasRole(ctx, 'coordinator');
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
