import { put } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { absenceOn } from './absence.rules.ts';
import { isLate } from './cut-off.rules.ts';
import { meals, type Meal } from './kitchen.record.ts';
import { aboutElder, despiteDiet, elderId, takesOrders } from './order-permission.ts';
import { absence, mealModes, mealOrder, standingOrder } from './order.record.ts';
import { boxFor, dayOrderId, latestOf, runsOn, type DayOrder } from './order.rules.ts';

const day = { elderId, date: f.date(), meal: f.oneOf(meals) };
const said = { askedBy: f.optional(f.text({ max: 60 })), note: f.optional(f.note()) };
const refusals = {
  'file-ended': m.meals_refused_file_ended,
  paused: m.meals_refused_paused,
  past: m.meals_refused_past,
  absent: m.meals_refused_absent,
  'diet-alarm': m.meals_refused_diet_alarm,
  'no-variants': m.meals_refused_no_variants,
};
const changeRefusals = { ...refusals, 'nothing-ordered': m.meals_refused_nothing_ordered };

/** Orders of one day. After the cut-off they are taken all the same, marked late, and the kitchen is told anew. */
export const mealOrderActs = mutationsOf(mealOrder, {
  order: mutation({
    label: m.meals_act_order,
    args: {
      ...day,
      mode: f.oneOf(mealModes),
      /** Null: the box of the elder's diet. */
      variantId: f.optional(f.reference('mealVariant')),
      ...said,
      despiteDiet,
    },
    about: aboutElder,
    may: takesOrders,
    refusals,
    apply(tx, { despiteDiet: meant, ...args }, ctx) {
      const no = whyNot(tx, args.elderId, args.date, ctx);
      if (no) return refuse(no);
      const box = boxFor(tx, args.elderId, args.variantId, meant);
      if (typeof box === 'string') return refuse(box);
      return [put(mealOrder, { ...args, ...box, ...stamp(tx, args, ctx), state: 'ordered' })];
    },
  }),
  changeVariant: mutation({
    label: m.meals_act_change_variant,
    args: { ...day, variantId: f.reference('mealVariant'), ...said, despiteDiet },
    about: aboutElder,
    may: takesOrders,
    refusals: changeRefusals,
    apply(tx, { despiteDiet: meant, ...args }, ctx) {
      const no = whyNot(tx, args.elderId, args.date, ctx);
      if (no) return refuse(no);
      const before = expectedOrder(tx, args.elderId, args.date, args.meal);
      if (!before || before.state === 'cancelled') return refuse('nothing-ordered');
      const box = boxFor(tx, args.elderId, args.variantId, meant);
      if (typeof box === 'string') return refuse(box);
      return [put(mealOrder, { ...args, ...box, mode: before.mode, ...stamp(tx, args, ctx), state: 'ordered' })];
    },
  }),
  cancel: mutation({
    label: m.meals_act_cancel,
    args: { ...day, ...said },
    about: aboutElder,
    may: takesOrders,
    refusals: { past: m.meals_refused_past, 'nothing-ordered': m.meals_refused_nothing_ordered },
    apply(tx, args, ctx) {
      if (args.date < ctx.today) return refuse('past');
      const before = expectedOrder(tx, args.elderId, args.date, args.meal);
      if (!before) return refuse('nothing-ordered');
      if (before.state === 'cancelled') return [];
      const { mode, variantId } = before;
      return [put(mealOrder, { ...args, mode, variantId, ...stamp(tx, args, ctx), state: 'cancelled' })];
    },
  }),
});

/** What is on order for this day now: the order of the day, else the standing one. */
function expectedOrder(
  tx: Reader,
  elder: string,
  date: string,
  meal: Meal,
): Pick<DayOrder, 'mode' | 'variantId' | 'state'> | undefined {
  const own = tx.get(mealOrder, dayOrderId(date, meal, elder));
  if (own) return own;
  const standing = tx.where(standingOrder, { elderId: elder }).filter((one) => one.meal === meal && runsOn(one, date));
  const order = latestOf(standing);
  return order && { mode: order.mode, variantId: order.variantId, state: 'ordered' };
}

function whyNot(
  tx: Reader,
  id: string,
  date: string,
  ctx: Context,
): 'file-ended' | 'paused' | 'past' | 'absent' | undefined {
  if (date < ctx.today) return 'past';
  const status = tx.get(elder, id)?.status;
  if (status === 'ended') return 'file-ended';
  if (status === 'paused') return 'paused';
  // Somebody who is away by the book and orders has come back: that is written down first, or they stay left out.
  return absenceOn(tx.where(absence, { elderId: id }), date) ? 'absent' : undefined;
}

function stamp(tx: Reader, { date, meal, elderId: id }: { date: string; meal: Meal; elderId: string }, ctx: Context) {
  return { id: dayOrderId(date, meal, id), late: isLate(tx, date, meal, ctx.at), changedAt: ctx.at };
}
