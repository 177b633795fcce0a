import * as v from 'valibot';
import { put } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { countedTwice, differs } from './count-differences.rules.ts';
import { countLine, exclusion, kitchenCount } from './count.record.ts';
import { countId } from './cut-off.rules.ts';
import { meals } from './kitchen.record.ts';

/**
 * What the cook is told is a fact: the very lines that stood on the screen, not what another device would count. When
 * the orders change afterwards, the count of that moment differs from them, and a new issue says how.
 */
const told = {
  date: f.date(),
  meal: f.oneOf(meals),
  lines: f.structure(v.pipe(v.array(countLine), v.maxLength(1_000), v.readonly())),
  excluded: f.structure(v.pipe(v.array(exclusion), v.maxLength(5_000), v.readonly())),
  walkIns: f.whole({ min: 0, max: 10_000 }),
};
const tellsKitchen = (ctx: Context): boolean => hasRole(ctx, 'canteen', 'coordinator');

export const kitchenCountActs = mutationsOf(kitchenCount, {
  close: mutation({
    label: m.meals_act_close,
    args: told,
    may: tellsKitchen,
    refusals: { 'already-closed': m.meals_refused_already_closed, 'counted-twice': m.meals_refused_counted_twice },
    apply(tx, args, ctx) {
      const id = countId(args.date, args.meal, 1);
      if (tx.get(kitchenCount, id)) return refuse('already-closed');
      if (countedTwice(args).length > 0) return refuse('counted-twice');
      return [put(kitchenCount, { id, issue: 1, ...args, ...issued(ctx) })];
    },
  }),
  reissue: mutation({
    label: m.meals_act_reissue,
    args: { ...told, issue: f.whole({ min: 2, max: 99 }) },
    may: tellsKitchen,
    refusals: {
      'other-issue': m.meals_refused_other_issue,
      'nothing-changed': m.meals_refused_nothing_changed,
      'counted-twice': m.meals_refused_counted_twice,
    },
    apply(tx, args, ctx) {
      const id = countId(args.date, args.meal, args.issue);
      const before = tx.get(kitchenCount, countId(args.date, args.meal, args.issue - 1));
      // Somebody else told the kitchen meanwhile: look at that issue first, then tell what differs from it.
      if (!before || tx.get(kitchenCount, id)) return refuse('other-issue');
      if (countedTwice(args).length > 0) return refuse('counted-twice');
      if (!differs(before, args)) return refuse('nothing-changed');
      return [put(kitchenCount, { id, ...args, ...issued(ctx) })];
    },
  }),
  kitchenKnows: mutation({
    label: m.meals_act_kitchen_knows,
    args: { countId: f.reference('kitchenCount') },
    about: { kind: kitchenCount, id: (args) => args.countId },
    may: tellsKitchen,
    apply(tx, { countId: id }, ctx) {
      const before = tx.get(kitchenCount, id);
      if (!before || before.kitchenKnowsAt !== null) return [];
      return [put(kitchenCount, { ...before, kitchenKnowsAt: ctx.at })];
    },
  }),
});

function issued(ctx: Context) {
  return { closedAt: ctx.at, closedBy: ctx.person, kitchenKnowsAt: null };
}
