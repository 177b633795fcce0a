import { isDone, isGiven, type StopState } from './stop.rules.ts';

/** One stop with its state, in the order of the route. */
export interface StopWithState {
  readonly id: string;
  readonly state: StopState;
}

export interface Progress {
  readonly total: number;
  /** Stops with an outcome and no open check. */
  readonly done: number;
  readonly waiting: number;
  readonly checking: number;
  readonly delivered: number;
  readonly deliveredToOther: number;
  readonly notDelivered: number;
  readonly resolved: number;
}

/** How far a route is; the parts always add up to the total. */
export function progressOf(states: readonly StopState[]): Progress {
  const count = (wanted: StopState): number => states.filter((state) => state === wanted).length;
  return {
    total: states.length,
    done: states.filter(isDone).length,
    waiting: count('waiting'),
    checking: count('checking'),
    delivered: count('delivered'),
    deliveredToOther: count('deliveredToOther'),
    notDelivered: count('notDelivered'),
    resolved: count('resolved'),
  };
}

/** What a little door shows: done · taken by another · we go there now · not yet · nobody answered · nothing given. */
export type Door = 'ok' | 'other' | 'now' | 'wait' | 'alarm' | 'none';

const doors: Record<StopState, Door> = {
  waiting: 'wait',
  delivered: 'ok',
  deliveredToOther: 'other',
  notDelivered: 'none',
  checking: 'alarm',
  resolved: 'none',
};

/** One door per stop, in order; the stops in `here` are where we are going now unless they already ended. */
export function doorsOf(stops: readonly StopWithState[], here: readonly string[] = []): Door[] {
  return stops.map(({ id, state }) => (state === 'waiting' && here.includes(id) ? 'now' : doors[state]));
}

/** The next stop that waits: after the given one, else from the start; undefined when none waits. */
export function nextStop<S extends StopWithState>(stops: readonly S[], afterId?: string): S | undefined {
  const place = stops.findIndex(({ id }) => id === afterId);
  const ahead = [...stops.slice(place + 1), ...stops.slice(0, place + 1)];
  return ahead.find(({ state }) => state === 'waiting');
}

export interface DayFacts {
  readonly boxesOut: number | null;
  readonly boxesBack: number | null;
}

/** Boxes of a route: carried out = given + brought back. */
export interface Sums {
  readonly out: number;
  readonly given: number;
  readonly back: number;
  /** Boxes nobody can account for; negative when more came back than went out. */
  readonly missing: number;
  readonly addsUp: boolean;
}

/** Sums of a route. Until the volunteer counted at the start, one box per stop is taken as carried out. */
export function sumsOf(day: DayFacts, states: readonly StopState[], boxesBack = day.boxesBack): Sums {
  const out = day.boxesOut ?? states.length;
  const given = states.filter(isGiven).length;
  const back = boxesBack ?? 0;
  const missing = out - given - back;
  return { out, given, back, missing, addsUp: missing === 0 };
}

/** How many boxes should come back: all that were not given. Never negative. */
export function expectedBack(day: Pick<DayFacts, 'boxesOut'>, states: readonly StopState[]): number {
  return Math.max(0, (day.boxesOut ?? states.length) - states.filter(isGiven).length);
}

/** Why a route cannot be closed, or undefined when it can. */
export type ClosingProblem = 'stops-open' | 'check-not-owned' | 'sum';

export interface Closing {
  readonly states: readonly StopState[];
  /** Every open check at these stops has somebody in the office who looks after it. */
  readonly checksOwned: boolean;
  readonly sums: Sums;
  readonly note: string | null;
}

export function closingProblem({ states, checksOwned, sums, note }: Closing): ClosingProblem | undefined {
  if (states.includes('waiting')) return 'stops-open';
  if (states.includes('checking') && !checksOwned) return 'check-not-owned';
  if (!sums.addsUp && (note ?? '').trim() === '') return 'sum';
  return undefined;
}
