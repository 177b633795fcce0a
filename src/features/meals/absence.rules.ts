import { put, type Change } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import type { RowOf } from '#engine/kind.ts';
import { absence, type absenceReasons } from './order.record.ts';

export type Absence = RowOf<typeof absence>;
export type AbsenceReason = (typeof absenceReasons)[number];

/** Whether this absence covers the day, confirmed or not. An end before the beginning covers nothing. */
export function covers(away: Pick<Absence, 'from' | 'to'>, date: string): boolean {
  return away.from <= date && (away.to === null || date <= away.to);
}

/** Whether two absences share a day. */
export function meet(a: Pick<Absence, 'from' | 'to'>, b: Pick<Absence, 'from' | 'to'>): boolean {
  const empty = (one: Pick<Absence, 'from' | 'to'>) => one.to !== null && one.to < one.from;
  if (empty(a) || empty(b)) return false;
  return (a.to === null || b.from <= a.to) && (b.to === null || a.from <= b.to);
}

/**
 * The confirmed absence that keeps an elder away on this day. Of several the one that lasts longest, so that "until"
 * does not promise too early a return.
 */
export function absenceOn(absences: readonly Absence[], date: string): Absence | undefined {
  return absences
    .filter((one) => one.confirmed && covers(one, date))
    .reduce<Absence | undefined>((best, one) => (best === undefined || lasts(one, best) ? one : best), undefined);
}

function lasts(one: Absence, best: Absence): boolean {
  const [end, bestEnd] = [one.to ?? '9999', best.to ?? '9999'];
  return end > bestEnd || (end === bestEnd && one.id < best.id);
}

/**
 * What a door opens when it says "in hospital" or "moved": a draft that changes nobody's meals until the coordinator
 * confirms it. For the acts of other features.
 */
export function draftAbsence(
  draft: {
    readonly elderId: string;
    readonly reason: AbsenceReason;
    readonly from: string;
    readonly note: string | null;
  },
  ctx: Context,
): Change {
  const told = { to: null, toldBy: null, confirmed: false, recordedAt: ctx.at, recordedBy: ctx.person };
  return put(absence, { id: ctx.newId(), ...draft, ...told });
}
