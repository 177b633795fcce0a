import { daysBetween } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { absence } from '#features/meals/order.record.ts';
import type { visitPlan } from './visit-plan.record.ts';
import type { visit } from './visit.record.ts';

export type DueState = 'overdue' | 'due' | 'soon' | 'later' | 'suspended' | 'ended';
export type Plan = RowOf<typeof visitPlan>;
export type Visit = RowOf<typeof visit>;
type Absence = Pick<RowOf<typeof absence>, 'elderId' | 'from' | 'to' | 'confirmed'>;

export interface Due {
  readonly plan: Plan;
  readonly state: DueState;
  /** Days past the due day; negative while there is still time. */
  readonly daysOver: number;
}

/** Days ahead in which a visit is already shown. */
export const soonDays = 3;

/** Where a plan stands on a day. Away (in hospital, with family) suspends: shown as that, neither overdue nor done. */
export function dueOf(plan: Plan, today: string, absences: readonly Absence[]): Due {
  const daysOver = daysBetween(plan.dueOn, today);
  const away = absences.some(
    ({ elderId, from, to, confirmed }) =>
      confirmed && elderId === plan.elderId && from <= today && (to === null || to >= today),
  );
  const state: DueState = !plan.active
    ? 'ended'
    : away
      ? 'suspended'
      : daysOver > 0
        ? 'overdue'
        : daysOver === 0
          ? 'due'
          : daysOver >= -soonDays
            ? 'soon'
            : 'later';
  return { plan, state, daysOver };
}

const rank: Record<DueState, number> = { overdue: 0, due: 1, soon: 2, later: 3, suspended: 4, ended: 5 };

/** The list to work through: longest overdue first, then what is due, then what comes. */
export function dueList(plans: readonly Plan[], today: string, absences: readonly Absence[]): readonly Due[] {
  return plans
    .map((plan) => dueOf(plan, today, absences))
    .sort((a, b) => rank[a.state] - rank[b.state] || b.daysOver - a.daysOver || (a.plan.id < b.plan.id ? -1 : 1));
}

/** What is overdue, due or coming, for each visitor who is to go there; last those for whom nobody is named. */
export function byVisitor(
  all: readonly Due[],
): readonly { readonly visitorId: string | null; readonly rows: readonly Due[] }[] {
  const toVisit = all.filter(({ state }) => state === 'overdue' || state === 'due' || state === 'soon');
  const visitors = [...new Set(toVisit.map(({ plan }) => plan.visitorId))];
  return visitors
    .sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
    .map((visitorId) => ({ visitorId, rows: toVisit.filter(({ plan }) => plan.visitorId === visitorId) }));
}

/** Visits that stand: corrected and withdrawn ones left out, newest first. */
export function standingVisits(visits: readonly Visit[]): readonly Visit[] {
  const corrected = new Set(visits.flatMap(({ corrects }) => corrects ?? []));
  return visits
    .filter(({ id, state }) => state !== 'withdrawn' && !corrected.has(id))
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
}

/** How many areas of the checklist changed and how many stayed as usual. */
export function tallyObservations(
  observations: Readonly<Record<string, string>>,
  areaCount: number,
): { changed: number; usual: number } {
  const changed = Object.values(observations).filter((one) => one !== 'usual').length;
  return { changed, usual: areaCount - changed };
}
