import { instantAt } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { escort } from './escort.record.ts';
import type { escortStep } from './escort-step.record.ts';

export type Escort = RowOf<typeof escort>;
export type Step = RowOf<typeof escortStep>;

/** The way of a trip, in order. 'halted', 'extended' and 'handedToHospital' stand beside it. */
export const way = ['confirmed', 'pickedUp', 'arrived', 'returning', 'handedBack'] as const;
export type WayStage = (typeof way)[number];

/** What must be true before an elder counts as handed back at home, by purpose. */
export const handBackChecks = {
  bank: ['inside', 'doorShut', 'moneyCounted', 'papersBack'],
  hospital: ['inside', 'doorShut', 'papersBack', 'medicineTold'],
  other: ['inside', 'doorShut'],
} as const satisfies Record<Escort['purpose'], readonly string[]>;

/** What the elder brings along and what is said before leaving, by purpose. */
export const startChecks = {
  bank: ['ownCard', 'ownIdCard', 'noCardNoPin', 'familyKnows'],
  hospital: ['idCard', 'insuranceCard', 'oldRecords', 'familyKnows'],
  other: ['familyKnows'],
} as const satisfies Record<Escort['purpose'], readonly string[]>;

/** Steps that stand: those taken back are left out together with what took them back. */
export function standingSteps(steps: readonly Step[]): readonly Step[] {
  const taken = new Set(steps.flatMap(({ corrects }) => corrects ?? []));
  return steps
    .filter(({ id, corrects }) => corrects === null && !taken.has(id))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export type TripState = 'requested' | 'staffed' | 'cancelled' | WayStage | 'halted' | 'handedToHospital';

/** Where a trip stands. A halted trip stays halted until somebody moves it on. */
export function tripState(one: Pick<Escort, 'state'>, steps: readonly Step[]): TripState {
  if (one.state === 'cancelled') return 'cancelled';
  const standing = standingSteps(steps).filter(({ stage }) => stage !== 'extended');
  if (standing.some(({ stage }) => stage === 'handedBack')) return 'handedBack';
  const last = standing.at(-1);
  return last ? (last.stage as TripState) : one.state;
}

/** The stage to press next, or null when the trip is over or nobody has been named. */
export function nextStage(one: Pick<Escort, 'state'>, steps: readonly Step[]): WayStage | null {
  if (one.state !== 'staffed') return null;
  const reached = standingSteps(steps).map(({ stage }) => way.indexOf(stage as WayStage));
  const next = way[Math.max(-1, ...reached) + 1];
  const ended = standingSteps(steps).some(({ stage }) => stage === 'handedToHospital');
  return ended ? null : (next ?? null);
}

/** Whether the elder is out of the house with us. */
export function isOut(one: Pick<Escort, 'state'>, steps: readonly Step[]): boolean {
  return ['pickedUp', 'arrived', 'returning', 'halted'].includes(tripState(one, steps));
}

/** When the elder should be home again (ms): as planned, or as last extended. */
export function expectedReturnAt(one: Pick<Escort, 'date' | 'expectedReturn'>, steps: readonly Step[]): number {
  const extended = standingSteps(steps).filter(
    ({ stage, expectedReturn }) => stage === 'extended' && expectedReturn !== null,
  );
  return instantAt(one.date, extended.at(-1)?.expectedReturn ?? one.expectedReturn);
}

/** Whole minutes past the expected return; 0 while there is time, or when nobody is out. */
export function minutesLate(one: Escort, steps: readonly Step[], now: number): number {
  if (!isOut(one, steps)) return 0;
  return Math.max(0, Math.floor((now - expectedReturnAt(one, steps)) / 60_000));
}
