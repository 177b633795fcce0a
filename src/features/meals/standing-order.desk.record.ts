import * as v from 'valibot';
import { addDays } from '#engine/calendar.ts';
import { put, type Change } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { meals } from './kitchen.record.ts';
import { aboutElder, despiteDiet, elderId, takesOrders, takesOrdersFor } from './order-permission.ts';
import { mealModes, standingOrder } from './order.record.ts';
import { boxFor, overlaps, type StandingOrder } from './order.rules.ts';

const weekdays = standingOrder.fields.weekdays;
const wanted = {
  weekdays,
  mode: f.oneOf(mealModes),
  /** Null: the box of the elder's diet. */
  variantId: f.optional(f.reference('mealVariant')),
  from: f.date(),
  despiteDiet,
};
const orderId = f.reference('standingOrder');
const aboutOrder = { kind: standingOrder, id: (args: { readonly orderId: string }) => args.orderId };
const refusals = {
  'file-ended': m.meals_refused_file_ended,
  'no-weekdays': m.meals_refused_no_weekdays,
  'already-arranged': m.meals_refused_already_arranged,
  'diet-alarm': m.meals_refused_diet_alarm,
  'no-variants': m.meals_refused_no_variants,
};

export const arrangementLine = v.object({
  elderId: f.idSchema,
  meal: v.picklist(meals),
  weekdays: v.pipe(weekdays.schema, v.minLength(1)),
  mode: v.picklist(mealModes),
  from: f.date().schema,
});
export type ArrangementLine = v.InferOutput<typeof arrangementLine>;

export const standingOrderActs = mutationsOf(standingOrder, {
  arrange: mutation({
    label: m.meals_act_arrange,
    args: { elderId, meal: f.oneOf(meals), ...wanted },
    about: aboutElder,
    may: takesOrders,
    refusals,
    apply(tx, { despiteDiet: meant, ...args }, ctx) {
      if (tx.get(elder, args.elderId)?.status === 'ended') return refuse('file-ended');
      if (args.weekdays.length === 0) return refuse('no-weekdays');
      const row = { ...args, to: null };
      if (clashing(tx, row).length > 0) return refuse('already-arranged');
      const box = boxFor(tx, args.elderId, args.variantId, meant);
      if (typeof box === 'string') return refuse(box);
      return [put(standingOrder, { id: ctx.newId(), ...row, ...box })];
    },
  }),
  /** From a day on; what was eaten before stays as it was arranged then. */
  change: mutation({
    label: m.meals_act_change_standing,
    args: { orderId, ...wanted },
    about: aboutOrder,
    may: takesOrdersFor,
    refusals,
    apply(tx, { orderId: id, despiteDiet: meant, ...args }, ctx) {
      const before = tx.get(standingOrder, id);
      if (!before || args.weekdays.length === 0) return refuse('no-weekdays');
      const starts = args.from > before.from;
      const row = { ...before, ...args, id: starts ? ctx.newId() : id };
      if (clashing(tx, row).some((one) => one.id !== id)) return refuse('already-arranged');
      const box = boxFor(tx, before.elderId, args.variantId, meant);
      if (typeof box === 'string') return refuse(box);
      const ended = starts ? [put(standingOrder, { ...before, to: addDays(args.from, -1) })] : [];
      return [...ended, put(standingOrder, { ...row, ...box })];
    },
  }),
  end: mutation({
    label: m.meals_act_end_standing,
    args: {
      orderId,
      /** Last day with a meal. */
      lastDay: f.date(),
    },
    about: aboutOrder,
    may: takesOrdersFor,
    apply(tx, { orderId: id, lastDay }) {
      const before = tx.get(standingOrder, id);
      return before ? [put(standingOrder, { ...before, to: lastDay })] : [];
    },
  }),
  /**
   * Out of a ledger. Somebody who has an order for these weekdays, or had this very one and ended it since, is left as
   * they are, so that the same ledger twice changes nothing.
   */
  arrangeMany: mutation({
    label: m.meals_act_arrange_many,
    args: { rows: f.structure(v.pipe(v.array(arrangementLine), v.minLength(1), v.maxLength(100))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'no-variants': m.meals_refused_no_variants },
    apply(tx, { rows }) {
      const added: StandingOrder[] = [];
      for (const line of rows) {
        const id = [line.elderId, line.meal, line.mode, line.from].join(':');
        const person = tx.get(elder, line.elderId);
        if (!person || person.status === 'ended' || tx.get(standingOrder, id)) continue;
        const row = { ...line, to: null };
        const twin = added.some((one) => one.elderId === line.elderId && one.meal === line.meal && overlaps(one, row));
        if (twin || clashing(tx, row).length > 0) continue;
        const box = boxFor(tx, line.elderId, null, false);
        if (typeof box === 'string') return refuse('no-variants');
        added.push({ id, ...row, ...box });
      }
      return added.map((row): Change => put(standingOrder, row));
    },
  }),
});

/** Orders of the same elder and meal that ask for one of the same days. */
function clashing(
  tx: Reader,
  row: Pick<StandingOrder, 'elderId' | 'meal' | 'from' | 'to' | 'weekdays'>,
): readonly StandingOrder[] {
  return tx.where(standingOrder, { elderId: row.elderId }).filter((one) => one.meal === row.meal && overlaps(one, row));
}
