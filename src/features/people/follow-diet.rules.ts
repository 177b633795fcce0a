import { put, type Change } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import type { Reader } from '#engine/reader.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { mealOrder, standingOrder } from '#features/meals/order.record.ts';
import { variantFor } from './diet.rules.ts';
import type { DietLine } from './elder-line.ts';
import { dietProfile } from './elder.record.ts';

/**
 * A new diet, and with it every box that is still to be packed for this elder: standing orders and the orders of
 * coming days get the box of the new diet. One that was chosen by hand is replaced too, because it was chosen for the
 * old diet, and a box that harms is worse than one that is asked for again.
 */
export function followDiet(tx: Reader, elderId: string, diet: DietLine, ctx: Context): readonly Change[] {
  const { variantId } = variantFor(diet, tx.where(mealVariant, { active: true }));
  const profile = put(dietProfile, { id: elderId, elderId, ...diet, variantId });
  if (variantId === null || tx.get(dietProfile, elderId)?.variantId === variantId) return [profile];
  const standing = tx
    .where(standingOrder, { elderId })
    .filter((order) => order.to === null || order.to >= ctx.today)
    .map((order) => put(standingOrder, { ...order, variantId }));
  const days = tx
    .where(mealOrder, { elderId })
    .filter((order) => order.date >= ctx.today)
    .map((order) => put(mealOrder, { ...order, variantId, changedAt: ctx.at }));
  return [profile, ...standing, ...days];
}
