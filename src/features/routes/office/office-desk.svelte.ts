import { station } from '#engine/client/station.svelte.ts';
import { addDays } from '#engine/calendar.ts';
import type { AnyMutation, ArgumentsOf } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { mealVariant, meals, type Meal } from '#features/meals/kitchen.record.ts';
import { headcountOf, readPlan } from '#features/meals/public.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { delivery } from '../delivery.record.ts';
import { inOrder, mergeOrder } from '../order.rules.ts';
import { earlierFrom, planDay, type MealToCarry } from '../planning.rules.ts';
import { dayPlanActs } from '../route-day.desk.record.ts';
import { routeActs } from '../route.desk.record.ts';
import { route, routeDay, routePlace, stop, type RouteDay } from '../route.record.ts';
import { stopViews } from '../stop-view.ts';

/** Where the desk is opened. */
export interface DeskStart {
  readonly routeDayId?: string;
  readonly date?: string | null;
  readonly meal?: string | null;
}

/** The coordinator's desk for the routes of one day and meal. Computed from records, so it is live while others change. */
export class RouteDesk {
  date = $state('');
  meal = $state<Meal>('lunch');
  chosenId = $state('');
  problem = $state('');

  readonly days = $derived.by(() =>
    station
      .records(routeDay)
      .where({ date: this.date })
      .filter(({ meal }) => meal === this.meal)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((day) => ({ id: day.id, day, views: stopViews(station.reader, day.id) })),
  );
  readonly chosen = $derived.by(() => this.days.find(({ id }) => id === this.chosenId) ?? this.days[0]);
  readonly deliverers = $derived.by(() =>
    station
      .records(person)
      .all()
      .filter(({ active, roles }) => active && roles.includes('deliverer')),
  );
  readonly variants = $derived.by(() =>
    station
      .records(mealVariant)
      .all()
      .filter(({ active }) => active)
      .sort((a, b) => a.place - b.place),
  );
  /** Meals that are to be carried on the day, as the kitchen counts them. */
  readonly meals = $derived.by((): readonly MealToCarry[] =>
    headcountOf(readPlan(station.reader, this.date, this.meal)).counted.filter(({ mode }) => mode === 'delivery'),
  );
  readonly #carried = $derived.by(
    () => new Set(this.days.flatMap(({ views }) => views.map(({ stop: one }) => one.elderId))),
  );
  /** Meals that nobody carries yet. */
  readonly open = $derived.by(() => this.meals.filter(({ elderId }) => !this.#carried.has(elderId)));
  /** Stops whose elder gets no meal any more: away, cancelled, ended. */
  readonly idle = $derived.by(() => {
    const fed = new Set(this.meals.map(({ elderId }) => elderId));
    return new Set([...this.#carried].filter((elderId) => !fed.has(elderId)));
  });
  /** What the standing routes would add to the day. */
  readonly plan = $derived.by(() => {
    const removed = new Set(
      station
        .records(stop)
        .where({ date: this.date })
        .filter(({ active, meal }) => !active && meal === this.meal)
        .map(({ elderId }) => elderId),
    );
    const wanted = this.open.filter(({ elderId }) => !removed.has(elderId));
    const routes = station.records(route).where({ meal: this.meal });
    return planDay(
      routes,
      station.records(routePlace).all(),
      wanted,
      earlierFrom(station.records(delivery).all(), this.date),
    );
  });
  readonly may = $derived.by(() => station.who.roles.includes('coordinator'));

  /** At this route, or at this day and meal; today's lunch without. */
  constructor({ routeDayId = '', date, meal }: DeskStart = {}) {
    // The id says day and meal, so that a route that is still on its way to this device is opened when it comes.
    const [ofDate, ofMeal] = routeDayId.split(':');
    const day = ofDate || date || '';
    this.chosenId = routeDayId;
    this.date = /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : station.today;
    this.meal = meals.find((one) => one === (ofMeal ?? meal)) ?? 'lunch';
  }

  nameOf(elderId: string): string {
    return station.records(elder).get(elderId)?.name ?? '';
  }

  /** The box an elder gets: as ordered for the day, else as their diet asks, else the plain one. */
  variantFor(elderId: string): string | undefined {
    const ordered = this.meals.find((meal) => meal.elderId === elderId)?.variantId;
    const diet = station.records(dietProfile).where({ elderId })[0]?.variantId;
    return ordered ?? diet ?? this.variants[0]?.id;
  }

  go(days: number): void {
    this.date = addDays(this.date, days);
  }

  /** Does an act and keeps the words when it was refused; tells whether it was done. */
  async act<M extends AnyMutation>(mutation: M, args: ArgumentsOf<M>): Promise<boolean> {
    const outcome = await station.mutate(mutation, args);
    this.problem = 'refusal' in outcome ? station.refusalWords(outcome.refusal.code, mutation.name) : '';
    return 'saved' in outcome;
  }

  async planAll(): Promise<void> {
    for (const { routeId, stops } of this.plan.plans)
      if (!(await this.act(dayPlanActs.plan, { routeId, date: this.date, stops: [...stops] }))) return;
  }

  /** Puts an elder on a route, at the end or at a place. */
  async add(routeDayId: string, elderId: string, place: number | null = null): Promise<boolean> {
    const variantId = this.variantFor(elderId);
    if (variantId === undefined) return false;
    return this.act(dayPlanActs.addStop, { routeDayId, elderId, variantId, place, boxesDue: 0, note: null });
  }

  /** The route of the day that passes this elder, if any. */
  routeNameOf(elderId: string): string | undefined {
    return this.days.find(({ views }) => views.some(({ stop: one }) => one.elderId === elderId))?.day.name;
  }

  /** Keeps the order of a day as the route's usual one; whoever has no meal that day stays beside their neighbours. */
  keepOrder(routeId: string, elderIds: readonly string[]): Promise<boolean> {
    const places = inOrder(station.records(routePlace).where({ routeId }));
    const usual = places.map(({ elderId }) => elderId);
    return this.act(routeActs.setPlaces, { routeId, elderIds: [...mergeOrder(elderIds, usual)] });
  }

  volunteerOf(day: RouteDay): string | undefined {
    return day.volunteerId === null ? undefined : station.records(person).get(day.volunteerId)?.name;
  }
}
