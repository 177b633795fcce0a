import type { RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { doorLine, swapHarms } from '#features/people/public.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { building, contact } from '#features/people/place.record.ts';
import { contactsInOrder } from '#features/safety/public.ts';
import { safetyCheck, type SafetyCheck } from '#features/safety/safety-check.record.ts';
import { delivery, type Delivery } from './delivery.record.ts';
import { stopsOf } from './stops-of.ts';
import type { RouteDay, Stop } from './route.record.ts';
import { standing, stopState, type StopState } from './stop.rules.ts';

export type Elder = RowOf<typeof elder>;
export type Building = RowOf<typeof building>;
export type MealVariant = RowOf<typeof mealVariant>;
export type Contact = RowOf<typeof contact>;

/** One stop with all a screen needs to show it. Everything but the stop may still be on its way to the phone. */
export interface StopView {
  readonly id: string;
  readonly stop: Stop;
  /** Place on the route, from 1. */
  readonly place: number;
  readonly state: StopState;
  /** Facts that count, oldest first. */
  readonly facts: readonly Delivery[];
  readonly openCheck: SafetyCheck | undefined;
  readonly elder: Elder | undefined;
  readonly building: Building | undefined;
  readonly variant: MealVariant | undefined;
  /** "银杏苑 3 栋 2-502". */
  readonly door: string;
  /** How to call them: 刘奶奶, or the name. */
  readonly called: string;
}

/** All stops of a route of the day, in order. */
export function stopViews(reader: Reader, routeDayId: string): readonly StopView[] {
  return stopsOf(reader, routeDayId).map((one, at) => viewOf(reader, one, at + 1));
}

function viewOf(reader: Reader, stop: Stop, place: number): StopView {
  const facts = reader.where(delivery, { stopId: stop.id });
  const checks = reader.where(safetyCheck, { stopId: stop.id });
  const who = reader.get(elder, stop.elderId);
  const house = who?.buildingId ? reader.get(building, who.buildingId) : undefined;
  return {
    id: stop.id,
    stop,
    place,
    state: stopState(facts, checks),
    facts: standing(facts),
    elder: who,
    openCheck: checks.find(({ state }) => state === 'open'),
    building: house,
    variant: reader.get(mealVariant, stop.variantId),
    door: who ? doorLine(who, house) : '',
    called: who?.callName ?? who?.name ?? '',
  };
}

/** 丁 06: what stands on the box. */
export function boxCode(view: Pick<StopView, 'variant' | 'stop'>): string {
  return `${view.variant?.sign ?? ''} ${String(view.stop.boxNumber).padStart(2, '0')}`.trim();
}

/** What an elder must not eat, from the diet on file. */
export function allergensOf(reader: Reader, elderId: string): readonly string[] {
  return reader.where(dietProfile, { elderId }).flatMap(({ allergens }) => allergens);
}

/** The box is another than the elder's diet asks for, and eating it may harm them. */
export function boxMayHarm(reader: Reader, { elderId, variantId }: Pick<Stop, 'elderId' | 'variantId'>): boolean {
  return reader.where(dietProfile, { elderId }).some((diet) => {
    const own = diet.variantId === null ? undefined : reader.get(mealVariant, diet.variantId);
    return swapHarms(diet, own, reader.get(mealVariant, variantId));
  });
}

/** Who may be called about an elder, in the order the family wants. */
export function callableContacts(reader: Reader, elderId: string): readonly Contact[] {
  return contactsInOrder(reader.where(contact, { elderId }));
}

/** Waiting stops next to each other on the route behind the same entrance, this one among them; 03 of the pictures. */
export function sameEntrance(views: readonly StopView[], id: string): readonly StopView[] {
  const here = views.find((view) => view.id === id);
  if (!here || here.state !== 'waiting' || !here.elder?.buildingId) return here ? [here] : [];
  const alike = (view: StopView | undefined): boolean =>
    view?.state === 'waiting' &&
    view.elder?.buildingId === here.elder?.buildingId &&
    (view.elder?.entrance ?? '') === (here.elder?.entrance ?? '');
  let first = here.place - 1;
  let last = first;
  while (alike(views[first - 1])) first -= 1;
  while (alike(views[last + 1])) last += 1;
  return views.slice(first, last + 1);
}

/** The routes a person walks today, by meal and name. */
export function routeDaysOf(days: readonly RouteDay[], person: string, date: string): readonly RouteDay[] {
  const order = ['breakfast', 'lunch', 'dinner'];
  return days
    .filter((day) => day.volunteerId === person && day.date === date)
    .sort((a, b) => order.indexOf(a.meal) - order.indexOf(b.meal) || (a.name < b.name ? -1 : 1));
}
