import type { CountLine, Excluded, Portion } from './headcount.rules.ts';
import { portionsOf } from './headcount.rules.ts';
import type { ExclusionReason } from './count.record.ts';

/** A count as it was told or would be told now. */
export interface ToldCount {
  readonly lines: readonly CountLine[];
  readonly excluded: readonly Excluded[];
  /** People expected at the tables beyond those with an order. */
  readonly walkIns: number;
}

/** What became different for one elder between two counts. */
export interface Difference {
  readonly elderId: string;
  /** Null when they were not, or are no longer, cooked for. */
  readonly before: Portion | null;
  readonly after: Portion | null;
  /** Why they are left out now; 'noOrder' when nobody orders for them any more; null for everything else. */
  readonly reason: ExclusionReason | 'noOrder' | null;
  readonly until: string | null;
  /** Why they had been left out before, for somebody who is back. */
  readonly formerReason: ExclusionReason | null;
}

/** Everybody for whom the two counts differ: those who are out first, then the changed, then the new; then by id. */
export function differencesBetween(before: ToldCount, after: ToldCount): readonly Difference[] {
  const was = byElder(portionsOf(before.lines));
  const is = byElder(portionsOf(after.lines));
  const out = byElder(after.excluded);
  const formerlyOut = byElder(before.excluded);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((elderId) => !samePortion(was.get(elderId), is.get(elderId)))
    .map((elderId): Difference => {
      const excluded = is.has(elderId) ? undefined : out.get(elderId);
      return {
        elderId,
        before: was.get(elderId) ?? null,
        after: is.get(elderId) ?? null,
        reason: is.has(elderId) ? null : (excluded?.reason ?? 'noOrder'),
        until: excluded?.until ?? null,
        formerReason: was.has(elderId) ? null : (formerlyOut.get(elderId)?.reason ?? null),
      };
    })
    .sort((a, b) => rank(a) - rank(b) || (a.elderId < b.elderId ? -1 : 1));
}

/** Whether the kitchen would have to do anything differently. */
export function differs(before: ToldCount, after: ToldCount): boolean {
  return before.walkIns !== after.walkIns || differencesBetween(before, after).length > 0;
}

/** Elders that stand in a count more than once, or in it and among those left out. A right count has none. */
export function countedTwice({ lines, excluded }: Pick<ToldCount, 'lines' | 'excluded'>): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  const all = [...portionsOf(lines), ...excluded];
  for (const { elderId } of all) (seen.has(elderId) ? twice : seen).add(elderId);
  return [...twice];
}

function rank({ before, after }: Difference): number {
  return after === null ? 0 : before === null ? 2 : 1;
}

function samePortion(a: Portion | undefined, b: Portion | undefined): boolean {
  if (!a || !b) return a === b;
  return a.mode === b.mode && a.variantId === b.variantId && a.routeId === b.routeId;
}

function byElder<R extends { readonly elderId: string }>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.map((row) => [row.elderId, row]));
}
