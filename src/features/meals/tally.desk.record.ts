import * as v from 'valibot';
import { put, type Change } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { dineInTally } from './count.record.ts';
import { meals } from './kitchen.record.ts';

const counts = (ctx: Context): boolean => hasRole(ctx, 'canteen', 'coordinator');
const sitting = { kitchenId: f.reference('kitchen'), meal: f.oneOf(meals) };
const dayTotal = v.object({
  date: f.date().schema,
  people: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
});
export type DayTotal = v.InferOutput<typeof dayTotal>;

export const dineInTallyActs = mutationsOf(dineInTally, {
  count: mutation({
    label: m.meals_act_tally,
    args: { ...sitting, date: f.date(), count: f.whole({ min: 1, max: 500 }) },
    may: counts,
    refusals: { future: m.meals_refused_future },
    apply(_tx, args, ctx) {
      if (args.date > ctx.today) return refuse('future');
      return [put(dineInTally, { id: ctx.newId(), ...args, corrects: null, source: 'counter', ...stamp(ctx) })];
    },
  }),
  /** Says how many it should have been; 0 takes the tally back. The tally itself stays, as a fact. */
  correct: mutation({
    label: m.meals_act_correct_tally,
    args: { tallyId: f.reference('dineInTally'), count: f.whole({ min: 0, max: 10_000 }) },
    about: { kind: dineInTally, id: (args) => args.tallyId },
    may: counts,
    refusals: { 'corrects-a-correction': m.meals_refused_corrects_a_correction },
    apply(tx, { tallyId, count }, ctx) {
      const before = tx.get(dineInTally, tallyId);
      if (!before || before.corrects !== null) return refuse('corrects-a-correction');
      const stands = tx.where(dineInTally, { corrects: tallyId }).reduce((sum, one) => sum + one.count, before.count);
      if (stands === count) return [];
      return [
        put(dineInTally, { ...before, id: ctx.newId(), count: count - stands, corrects: tallyId, ...stamp(ctx) }),
      ];
    },
  }),
  /** Totals of days out of a ledger. A total that is told again changes nothing; another one is a correction. */
  recordLedgerDays: mutation({
    label: m.meals_act_record_ledger_days,
    args: { ...sitting, days: f.structure(v.pipe(v.array(dayTotal), v.minLength(1), v.maxLength(100))) },
    may: counts,
    apply(tx, { days, ...where }, ctx) {
      return days.flatMap(({ date, people }): Change[] => {
        const id = ['ledger', where.kitchenId, date, where.meal].join(':');
        const first = tx.get(dineInTally, id);
        const row = { ...where, date, source: 'ledger', ...stamp(ctx) } as const;
        if (!first) return [put(dineInTally, { ...row, id, count: people, corrects: null })];
        const stands = tx.where(dineInTally, { corrects: id }).reduce((sum, one) => sum + one.count, first.count);
        return stands === people
          ? []
          : [put(dineInTally, { ...row, id: ctx.newId(), count: people - stands, corrects: id })];
      });
    },
  }),
});

function stamp(ctx: Context) {
  return { at: ctx.at, by: ctx.person };
}
