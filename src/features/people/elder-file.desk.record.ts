import { put } from '#engine/change.ts';
import { addDays } from '#engine/calendar.ts';
import { hasRole, worksIn, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { standingOrder } from '#features/meals/order.record.ts';
import { m } from '#messages';
import { elder, endReasons } from './elder.record.ts';

const aboutElder = { kind: elder, id: (args: { readonly elderId: string }) => args.elderId };
const elderId = f.reference('elder');
/** Days for which the kitchen's list still says by name why an elder whose file has ended is not cooked for. */
const daysNamed = 7;

function keepsFile(ctx: Context, subject: RowOf<typeof elder>): boolean {
  return hasRole(ctx, 'coordinator') && worksIn(ctx, subject.communityId);
}

/** Beginning and end of a file. Hospital and travel do not end it: those are absences. */
export const elderFileActs = mutationsOf(elder, {
  endFile: mutation({
    label: m.people_act_end_file,
    args: {
      elderId,
      reason: f.oneOf(endReasons),
      /** First day without service. */
      on: f.date(),
    },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id, reason, on }) {
      const before = tx.get(elder, id);
      if (!before) return [];
      const lastNamed = addDays(on, daysNamed - 1);
      const orders = tx
        .where(standingOrder, { elderId: id })
        .filter((order) => order.to === null || order.to > lastNamed)
        .map((order) => put(standingOrder, { ...order, to: lastNamed < order.from ? order.from : lastNamed }));
      return [put(elder, { ...before, status: 'ended', endReason: reason, endedOn: on }), ...orders];
    },
  }),
  pause: mutation({
    label: m.people_act_pause,
    args: { elderId },
    about: aboutElder,
    may: keepsFile,
    refusals: { 'file-ended': m.people_refused_file_ended },
    apply(tx, { elderId: id }) {
      const before = tx.get(elder, id);
      if (!before || before.status === 'ended') return refuse('file-ended');
      return [put(elder, { ...before, status: 'paused' })];
    },
  }),
  reopen: mutation({
    label: m.people_act_reopen,
    args: { elderId },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id }) {
      const before = tx.get(elder, id);
      return before ? [put(elder, { ...before, status: 'active', endReason: null, endedOn: null })] : [];
    },
  }),
});
