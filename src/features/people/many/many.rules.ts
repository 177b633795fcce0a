import type { AnyMutation, ArgumentsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { absenceActs } from '#features/meals/absence.desk.record.ts';
import { absence } from '#features/meals/order.record.ts';
import { covers } from '#features/meals/public.ts';
import { inOrder, mergeOrder } from '#features/routes/public.ts';
import { route, routePlace } from '#features/routes/route.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import { elderActs } from '../elder.desk.record.ts';
import { elderFileActs } from '../elder-file.desk.record.ts';
import { elder } from '../elder.record.ts';

/** An act with what it is told. */
export interface Call {
  readonly act: AnyMutation;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One act of many, about these people, and the acts that take it back, asked for when it is to be taken back. */
export interface Step extends Call {
  readonly elderIds: readonly string[];
  /** `actId` is the id under which the act was saved: a record that it made has the same. */
  readonly back: (actId: string, reader: Reader) => readonly Call[];
}

/** Doors that one route may have. */
export const routeDoorsMax = 200;

/** Why there is nothing to do for somebody. */
export type LeftReason = 'ended' | 'not-away' | 'has-it' | 'has-it-not' | 'on-it';

/** What is done to many people at once, person by person, and for whom there is nothing to do. */
export interface ManyPlan {
  readonly steps: readonly Step[];
  readonly left: readonly { readonly elderId: string; readonly why: LeftReason }[];
}

export function call<M extends AnyMutation>(act: M, args: ArgumentsOf<M>): Call {
  return { act, args: args as Readonly<Record<string, unknown>> };
}

type Planned = Step | LeftReason | readonly Step[];

function planFor(elderIds: readonly string[], planned: (elderId: string) => Planned): ManyPlan {
  const each = elderIds.map((elderId) => ({ elderId, came: planned(elderId) }));
  return {
    steps: each.flatMap(({ came }) => (typeof came === 'string' ? [] : came)),
    left: each.flatMap(({ elderId, came }) => (typeof came === 'string' ? [{ elderId, why: came }] : [])),
  };
}

const isEnded = (reader: Reader, elderId: string): boolean => reader.get(elder, elderId)?.status === 'ended';

export type Span = Omit<ArgumentsOf<typeof absenceActs.record>, 'elderId'>;

/** No meals for these days. Whether somebody is away already is for the act to say. */
export function stopMeals(reader: Reader, elderIds: readonly string[], span: Span): ManyPlan {
  return planFor(elderIds, (elderId) =>
    isEnded(reader, elderId)
      ? 'ended'
      : {
          ...call(absenceActs.record, { elderId, ...span }),
          elderIds: [elderId],
          back: (actId) => [call(absenceActs.endReturn, { absenceId: actId, backOn: span.from })],
        },
  );
}

/** Meals again from this day on: the absence over that day ends, and a file that was paused goes on. */
export function resumeMeals(reader: Reader, elderIds: readonly string[], day: string): ManyPlan {
  return planFor(elderIds, (elderId) => {
    if (isEnded(reader, elderId)) return 'ended';
    const absences = reader.where(absence, { elderId }).filter((one) => one.confirmed && covers(one, day));
    const back = absences.map(({ id, to }): Step => ({
      ...call(absenceActs.endReturn, { absenceId: id, backOn: day }),
      elderIds: [elderId],
      back: () => [call(absenceActs.extend, { absenceId: id, to, toldBy: null })],
    }));
    const paused = reader.get(elder, elderId)?.status === 'paused';
    const steps = paused ? [...back, reopened(elderId)] : back;
    return steps.length > 0 ? steps : 'not-away';
  });
}

function reopened(elderId: string): Step {
  return {
    ...call(elderFileActs.reopen, { elderId }),
    elderIds: [elderId],
    back: () => [call(elderFileActs.pause, { elderId })],
  };
}

/** A category for all of them, or taken off all of them. */
export function categorise(reader: Reader, elderIds: readonly string[], category: string, has: boolean): ManyPlan {
  return planFor(elderIds, (elderId) => {
    const had = (reader.get(elder, elderId)?.categories ?? []).includes(category);
    if (had === has) return has ? 'has-it' : 'has-it-not';
    return {
      ...call(elderActs.setCategory, { elderId, category, has }),
      elderIds: [elderId],
      back: () => [call(elderActs.setCategory, { elderId, category, has: had })],
    };
  });
}

/**
 * All of them behind the last door of a standing route, in the order in which they are named; one act, which also takes
 * them off another route of the same meal. Taken back, each stands again beside their former neighbours, and what
 * others have changed of the routes meanwhile stays.
 */
export function putOnRoute(reader: Reader, elderIds: readonly string[], routeId: string): ManyPlan {
  const here = placesOf(reader, routeId);
  const known = planFor(elderIds, (elderId) => {
    if (isEnded(reader, elderId)) return 'ended';
    return here.includes(elderId) ? 'on-it' : [];
  });
  const without = new Set(known.left.map(({ elderId }) => elderId));
  const added = elderIds.filter((elderId) => !without.has(elderId));
  if (added.length === 0) return known;
  const from = formerRoutes(reader, routeId, added);
  const step: Step = {
    ...call(routeActs.setPlaces, { routeId, elderIds: [...here, ...added] }),
    elderIds: added,
    back: (_actId, now) => backOnRoutes(now, routeId, added, from),
  };
  return { ...known, steps: [step] };
}

const placesOf = (reader: Reader, routeId: string): readonly string[] =>
  inOrder(reader.where(routePlace, { routeId })).map(({ elderId }) => elderId);

/** The order of every other route of the same meal that passes one of them, as it is now. */
function formerRoutes(
  reader: Reader,
  routeId: string,
  elderIds: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const meal = reader.get(route, routeId)?.meal;
  const passing = elderIds
    .flatMap((elderId) => reader.where(routePlace, { elderId }).map((place) => place.routeId))
    .filter((id) => id !== routeId && reader.get(route, id)?.meal === meal);
  return new Map([...new Set(passing)].map((id) => [id, placesOf(reader, id)]));
}

/** Only who still stands where they were put is taken back: somebody may have moved them on since. */
function backOnRoutes(
  now: Reader,
  routeId: string,
  added: readonly string[],
  from: ReadonlyMap<string, readonly string[]>,
): readonly Call[] {
  const here = placesOf(now, routeId);
  const taken = new Set(added.filter((elderId) => here.includes(elderId)));
  const off = call(routeActs.setPlaces, { routeId, elderIds: here.filter((elderId) => !taken.has(elderId)) });
  const back = [...from].map(([formerId, order]) => {
    const present = placesOf(now, formerId);
    const wanted = order.filter((elderId) => present.includes(elderId) || taken.has(elderId));
    return call(routeActs.setPlaces, { routeId: formerId, elderIds: [...mergeOrder(present, wanted)] });
  });
  return [off, ...back];
}
