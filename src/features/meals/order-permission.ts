import { hasRole, worksIn, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import type { RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { elder } from '#features/people/elder.record.ts';

export const aboutElder = { kind: elder, id: (args: { readonly elderId: string }) => args.elderId };
export const elderId = f.reference('elder');
/** Set when somebody has said, after being asked, that another box than the diet's is meant. */
export const despiteDiet = f.yesNo();

/** Elder or family ring the canteen or the coordinator; both may write down what they say. */
export function takesOrders(ctx: Context, subject: RowOf<typeof elder>): boolean {
  return hasRole(ctx, 'canteen') || (hasRole(ctx, 'coordinator') && worksIn(ctx, subject.communityId));
}

/** The same for a record that belongs to an elder. */
export function takesOrdersFor(ctx: Context, row: { readonly elderId: string }, tx: Reader): boolean {
  const subject = tx.get(elder, row.elderId);
  return subject === undefined ? hasRole(ctx, 'canteen') : takesOrders(ctx, subject);
}
