import type { Meal } from './kitchen.record.ts';
import type { ExclusionReason } from './count.record.ts';
import { absenceOn, covers, type Absence } from './absence.rules.ts';
import { latestOf, runsOn, type DayOrder, type StandingOrder } from './order.rules.ts';
import type { MealMode } from './order.record.ts';

/** Everything the count of one day and meal rests on; gathered by `readPlan`. */
export interface Plan {
  readonly date: string;
  readonly meal: Meal;
  readonly standing: readonly StandingOrder[];
  readonly days: readonly DayOrder[];
  readonly absences: readonly Absence[];
  /** Status of the file; an elder who is not in it is fed, because not knowing somebody is no reason to forget them. */
  readonly statusOf: ReadonlyMap<string, 'active' | 'paused' | 'ended'>;
  /** Route of an elder who gets the meal brought; none when nobody carries it yet. */
  readonly routeOf: ReadonlyMap<string, string>;
}

/** One portion for one elder. */
export interface Portion {
  readonly elderId: string;
  readonly mode: MealMode;
  readonly variantId: string;
  /** Null for dine-in and for deliveries that are on no route yet. */
  readonly routeId: string | null;
}

/** A portion with what the office wants to know of it. */
export interface Counted extends Portion {
  /** Asked for after the cut-off. */
  readonly late: boolean;
  readonly askedBy: string | null;
}

export interface Excluded {
  readonly elderId: string;
  readonly reason: ExclusionReason;
  /** Last day of the absence, null when nobody knows it or there is none. */
  readonly until: string | null;
}

/** Portions that are alike; the form in which the count is kept and sent. */
export interface CountLine {
  readonly variantId: string;
  readonly mode: MealMode;
  readonly routeId: string | null;
  readonly elderIds: readonly string[];
}

/** 备餐数: who is cooked for and who is not, each elder with an order exactly once. */
export interface Headcount {
  readonly date: string;
  readonly meal: Meal;
  readonly counted: readonly Counted[];
  readonly excluded: readonly Excluded[];
  readonly lines: readonly CountLine[];
  /** Counted, although somebody at a door says that they are away: the coordinator has not confirmed it yet. */
  readonly unconfirmed: readonly Absence[];
}

/**
 * The count of one day and meal. Pure, and the same for any order of the records. The screen, the printed sheet and
 * the count that the kitchen is told all come from here.
 */
export function headcountOf(plan: Plan): Headcount {
  const standing = groupByElder(plan.standing.filter((order) => order.meal === plan.meal && runsOn(order, plan.date)));
  const days = groupByElder(plan.days.filter((order) => order.meal === plan.meal && order.date === plan.date));
  const absences = groupByElder(plan.absences);
  const counted: Counted[] = [];
  const excluded: Excluded[] = [];
  for (const elderId of [...new Set([...standing.keys(), ...days.keys()])].sort()) {
    const day = days.get(elderId)?.[0];
    const order = day ?? (latestOf(standing.get(elderId) ?? []) as StandingOrder);
    const out = exclusionOf(plan, elderId, day, absences.get(elderId) ?? []);
    if (out) excluded.push({ elderId, ...out });
    else counted.push(portionOf(plan, elderId, order, day));
  }
  const fed = new Set(counted.map(({ elderId }) => elderId));
  const unconfirmed = plan.absences
    .filter((one) => !one.confirmed && covers(one, plan.date) && fed.has(one.elderId))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { date: plan.date, meal: plan.meal, counted, excluded, lines: linesOf(counted), unconfirmed };
}

/** Why this elder is left out, the reason that lasts longest first; undefined when they are fed. */
function exclusionOf(
  plan: Plan,
  elderId: string,
  day: DayOrder | undefined,
  absences: readonly Absence[],
): Omit<Excluded, 'elderId'> | undefined {
  const status = plan.statusOf.get(elderId);
  if (status === 'ended') return { reason: 'fileEnded', until: null };
  if (status === 'paused') return { reason: 'paused', until: null };
  const away = absenceOn(absences, plan.date);
  if (away) return { reason: away.reason, until: away.to };
  return day?.state === 'cancelled' ? { reason: 'cancelled', until: null } : undefined;
}

function portionOf(
  plan: Plan,
  elderId: string,
  { mode, variantId }: Pick<DayOrder, 'mode' | 'variantId'>,
  day: DayOrder | undefined,
): Counted {
  const routeId = mode === 'delivery' ? (plan.routeOf.get(elderId) ?? null) : null;
  return { elderId, mode, variantId, routeId, late: day?.late ?? false, askedBy: day?.askedBy ?? null };
}

/** Portions that are alike put together; lines and names in a fixed order, so that equal counts are equal values. */
export function linesOf(portions: readonly Portion[]): readonly CountLine[] {
  const lines = new Map<string, { variantId: string; mode: MealMode; routeId: string | null; elderIds: string[] }>();
  for (const { elderId, variantId, mode, routeId } of portions) {
    const key = JSON.stringify([mode, routeId, variantId]);
    const line = lines.get(key) ?? { variantId, mode, routeId, elderIds: [] };
    line.elderIds.push(elderId);
    lines.set(key, line);
  }
  return [...lines.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => ({ ...line, elderIds: line.elderIds.sort() }));
}

/** The portions again, out of kept lines. */
export function portionsOf(lines: readonly CountLine[]): readonly Portion[] {
  return lines.flatMap(({ elderIds, ...alike }) => elderIds.map((elderId) => ({ elderId, ...alike })));
}

/** Which portions a figure stands for; what is left out is not asked. */
export type Figure = Partial<Omit<Portion, 'elderId'>>;

/** The portions behind a figure. The figure itself is the length of this list: nothing else is ever shown. */
export function portionsBehind<P extends Portion>(portions: readonly P[], figure: Figure): readonly P[] {
  const asked = Object.entries(figure) as [keyof Figure, string | null][];
  return portions.filter((portion) => asked.every(([field, value]) => portion[field] === value));
}

function groupByElder<R extends { readonly elderId: string }>(rows: readonly R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(row.elderId);
    if (group) group.push(row);
    else groups.set(row.elderId, [row]);
  }
  return groups;
}
