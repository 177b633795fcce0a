import { inOrder } from './order.rules.ts';
import { latest, type Fact } from './stop.rules.ts';

export interface RouteToPlan {
  readonly id: string;
  readonly meal: string;
  readonly active: boolean;
}

export interface PlaceOnRoute {
  readonly id: string;
  readonly routeId: string;
  readonly elderId: string;
  readonly order: number;
}

/** A meal that is to be carried to an elder on the day. */
export interface MealToCarry {
  readonly elderId: string;
  readonly variantId: string;
}

/** What came of an elder's earlier meals: given in a box, and how many boxes were taken back. */
export interface EarlierDelivery {
  readonly elderId: string;
  readonly given: boolean;
  readonly boxesBack: number;
}

export interface DayPlan {
  readonly routeId: string;
  readonly stops: readonly {
    readonly elderId: string;
    readonly variantId: string;
    readonly boxesDue: number;
    readonly note: null;
  }[];
}

export interface PlannedDay {
  /** One entry per route that has somebody to go to; arguments of `routeDay.plan` but for the date. */
  readonly plans: readonly DayPlan[];
  /** Meals that no route passes; somebody has to put them on one. */
  readonly unplaced: readonly MealToCarry[];
}

/** The routes of one meal on one day: who gets a meal carried, in the order of the route that passes them. */
export function planDay(
  routes: readonly RouteToPlan[],
  places: readonly PlaceOnRoute[],
  meals: readonly MealToCarry[],
  earlier: readonly EarlierDelivery[] = [],
): PlannedDay {
  const wanted = new Map(meals.map((meal) => [meal.elderId, meal]));
  const due = boxesDueOf(earlier);
  const placed = new Set<string>();
  const plans = [...routes]
    .filter(({ active }) => active)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id: routeId }) => {
      const here = inOrder(places.filter((place) => place.routeId === routeId));
      const stops = here.flatMap(({ elderId }) => {
        const meal = wanted.get(elderId);
        if (!meal || placed.has(elderId)) return [];
        placed.add(elderId);
        return [{ elderId, variantId: meal.variantId, boxesDue: due.get(elderId) ?? 0, note: null }];
      });
      return { routeId, stops };
    });
  return {
    plans: plans.filter(({ stops }) => stops.length > 0),
    unplaced: meals.filter(({ elderId }) => !placed.has(elderId)),
  };
}

/** Old boxes still with each elder: given and not taken back, at most 9 so that one mistake does not grow for ever. */
export function boxesDueOf(earlier: readonly EarlierDelivery[]): ReadonlyMap<string, number> {
  const due = new Map<string, number>();
  for (const { elderId, given, boxesBack } of earlier)
    due.set(elderId, (due.get(elderId) ?? 0) + (given ? 1 : 0) - boxesBack);
  return new Map([...due].map(([elderId, count]) => [elderId, Math.max(0, Math.min(9, count))]));
}

/** The same from the facts told at doors before the day: one entry for each stop that was told of. */
export function earlierFrom(
  facts: readonly (Fact & {
    readonly stopId: string;
    readonly elderId: string;
    readonly date: string;
    readonly boxesBack: number;
  })[],
  date: string,
): readonly EarlierDelivery[] {
  const stops = new Map<string, (typeof facts)[number][]>();
  for (const fact of facts) if (fact.date < date) stops.set(fact.stopId, [...(stops.get(fact.stopId) ?? []), fact]);
  return [...stops.values()].flatMap((told) => {
    const counting = latest(told);
    if (!counting) return [];
    const given = counting.outcome === 'handedOver' || counting.outcome === 'handedToOther';
    return [{ elderId: counting.elderId, given, boxesBack: counting.boxesBack }];
  });
}
