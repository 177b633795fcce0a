import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { lostWork } from './lost-work.record.ts';

export const lostWorkActs = mutationsOf(lostWork, {
  /** Its author was asked; `finding` says what came of it. */
  settle: mutation({
    label: m.review_act_settle_lost,
    args: { lostWorkId: f.reference('lostWork'), finding: f.note({ max: 500 }) },
    about: { kind: lostWork, id: (args) => args.lostWorkId },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: {
      'already-settled': m.review_refused_already_settled,
      'finding-missing': m.review_refused_finding_missing,
    },
    apply(tx, { lostWorkId, finding }, ctx) {
      const row = tx.get(lostWork, lostWorkId);
      if (row?.state !== 'open') return refuse('already-settled');
      if (finding.trim() === '') return refuse('finding-missing');
      return [
        put(lostWork, {
          ...row,
          state: 'settled',
          finding: finding.trim(),
          settledBy: ctx.person,
          settledAt: ctx.at,
        }),
      ];
    },
  }),
});
