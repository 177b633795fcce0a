import type { RowOf } from '#engine/kind.ts';
import type { mealVariant } from './kitchen.record.ts';

export type MealVariant = RowOf<typeof mealVariant>;

/** The boxes to show: those packed now, and those that old orders still name; in the kitchen's order. */
export function variantsShown(all: readonly MealVariant[], named: ReadonlySet<string>): readonly MealVariant[] {
  return all
    .filter(({ id, active }) => active || named.has(id))
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
}
