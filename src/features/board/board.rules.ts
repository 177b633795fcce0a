import type { RowOf } from '#engine/kind.ts';
import type { device } from '#features/access/device.record.ts';
import type { delivery } from '#features/routes/delivery.record.ts';
import {
  doorsOf,
  inOrder,
  nextStop,
  progressOf,
  stopState,
  type Door,
  type Progress,
  type StopState,
} from '#features/routes/public.ts';
import type { routeDay, stop } from '#features/routes/route.record.ts';
import type { safetyCheck } from '#features/safety/safety-check.record.ts';

type RouteDay = RowOf<typeof routeDay>;
type Stop = RowOf<typeof stop>;
type Delivery = RowOf<typeof delivery>;
type Check = RowOf<typeof safetyCheck>;
type Device = RowOf<typeof device>;

export interface StopOnBoard {
  readonly id: string;
  readonly stop: Stop;
  readonly state: StopState;
}

export interface RouteOnBoard {
  readonly day: RouteDay;
  readonly stops: readonly StopOnBoard[];
  readonly doors: readonly Door[];
  readonly progress: Progress;
}

/** Today's routes with the state of every door, in the order of their names. */
export function routesOnBoard(
  days: readonly RouteDay[],
  stops: readonly Stop[],
  deliveries: readonly Delivery[],
  checks: readonly Check[],
): readonly RouteOnBoard[] {
  const factsAt = groupBy(deliveries, ({ stopId }) => stopId);
  const checksAt = groupBy(checks, ({ stopId }) => stopId);
  // A stop that was taken off the route is kept for history and counts nowhere.
  const stopsOn = groupBy(
    stops.filter(({ active }) => active),
    ({ routeDayId }) => routeDayId,
  );
  const lines = days.map((day): RouteOnBoard => {
    const states = inOrder(stopsOn.get(day.id) ?? []).map((one) => ({
      id: one.id,
      stop: one,
      state: stopState(factsAt.get(one.id) ?? [], checksAt.get(one.id) ?? []),
    }));
    const next = day.state === 'onRoute' ? nextStop(states) : undefined;
    return {
      day,
      stops: states,
      doors: doorsOf(states, next ? [next.id] : []),
      progress: progressOf(states.map(({ state }) => state)),
    };
  });
  return lines.sort((a, b) =>
    a.day.name < b.day.name ? -1 : a.day.name > b.day.name ? 1 : a.day.id < b.day.id ? -1 : 1,
  );
}

/** All routes of the day in one line; every number opens the stops behind it. */
export function totalOf(routes: readonly RouteOnBoard[]): Progress {
  return progressOf(routes.flatMap(({ stops }) => stops.map(({ state }) => state)));
}

/** Minutes without contact after which a phone on duty is shown though it reported nothing unsent. */
export const quietAfterMs = 30 * 60_000;

/** Phones that still hold work of their own, the oldest work first. What a phone last said is all that can be known. */
export function phonesWithUnsentWork(devices: readonly Device[]): readonly Device[] {
  return devices
    .filter(({ unsent, refused, revokedAt }) => revokedAt === null && (unsent > 0 || refused > 0))
    .sort((a, b) => (a.oldestUnsentAt ?? Infinity) - (b.oldestUnsentAt ?? Infinity));
}

/** Phones of people who are on a route and have not been heard of for a while: they may hold work nobody knows of. */
export function quietPhones(
  devices: readonly Device[],
  peopleOnRoute: ReadonlySet<string>,
  now: number,
): readonly Device[] {
  return devices.filter(
    ({ person, revokedAt, unsent, lastContactAt }) =>
      revokedAt === null &&
      unsent === 0 &&
      peopleOnRoute.has(person) &&
      lastContactAt !== null &&
      now - lastContactAt >= quietAfterMs,
  );
}

/** Map.groupBy is not in every phone's browser yet. */
function groupBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
