import * as v from 'valibot';
import { put } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { placeId, placeName } from '#features/people/public.ts';
import { m } from '#messages';
import { kitchen, mealPoint, mealVariant } from './kitchen.record.ts';

const setsUp = (ctx: Context): boolean => hasRole(ctx, 'coordinator');
const where = {
  latitude: f.optional(f.measure({ min: -90, max: 90 })),
  longitude: f.optional(f.measure({ min: -180, max: 180 })),
};

export const kitchenActs = mutationsOf(kitchen, {
  /** A kitchen is known by its name: setting up the same one again changes it. */
  setUp: mutation({
    label: m.meals_act_set_up_kitchen,
    args: {
      name: f.text({ max: 80 }),
      seats: f.whole({ min: 0, max: 10_000 }),
      cutOff: f.localTime(),
      ...where,
      active: f.yesNo(),
    },
    may: setsUp,
    apply: (_tx, args) => [put(kitchen, { id: placeId(args.name), ...args, name: placeName(args.name) })],
  }),
});

export const mealPointActs = mutationsOf(mealPoint, {
  setUp: mutation({
    label: m.meals_act_set_up_meal_point,
    args: {
      name: f.text({ max: 80 }),
      kitchenId: f.reference('kitchen'),
      communityId: f.optional(f.reference('community')),
      ...where,
    },
    may: setsUp,
    apply: (_tx, args) => [put(mealPoint, { id: placeId(args.name), ...args, name: placeName(args.name) })],
  }),
});

export const variantLine = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  sign: v.pipe(v.string(), v.minLength(1), v.maxLength(4)),
  alarm: v.boolean(),
  matches: v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.maxLength(30)),
});

export const mealVariantActs = mutationsOf(mealVariant, {
  /** The whole list of boxes in its order; a sign that is no longer on it is no longer packed. */
  setUp: mutation({
    label: m.meals_act_set_up_variants,
    args: { variants: f.structure(v.pipe(v.array(variantLine), v.minLength(1), v.maxLength(20))) },
    may: setsUp,
    apply(tx, { variants }) {
      const listed = variants.map((line, at) =>
        put(mealVariant, { id: placeId(line.sign), ...line, place: at, active: true }),
      );
      const ids = new Set(listed.map(({ id }) => id));
      const gone = tx.where(mealVariant, { active: true }).filter(({ id }) => !ids.has(id));
      return [...listed, ...gone.map((row) => put(mealVariant, { ...row, active: false }))];
    },
  }),
});
