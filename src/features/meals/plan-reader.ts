import type { Reader } from '#engine/reader.ts';
import { elder } from '#features/people/elder.record.ts';
import { route, routeDay, routePlace, stop } from '#features/routes/route.record.ts';
import { dineInTally, kitchenCount } from './count.record.ts';
import { forecastDineIn, walkInsOf, eatenOf, type Forecast } from './forecast.rules.ts';
import { headcountOf, portionsBehind, type Headcount, type Plan } from './headcount.rules.ts';
import type { Meal } from './kitchen.record.ts';
import { absence, mealOrder, standingOrder } from './order.record.ts';
import { dayOrderId, runsOn } from './order.rules.ts';

/** Gathers what the count of a day and meal rests on, on the phone and on the server alike. */
export function readPlan(tx: Reader, date: string, meal: Meal): Plan {
  const standing = tx.where(standingOrder, { meal }).filter((order) => runsOn(order, date));
  const days = tx.where(mealOrder, { date }).filter((order) => order.meal === meal);
  const elderIds = [...new Set([...standing, ...days].map((order) => order.elderId))];
  const statusOf: [string, 'active' | 'paused' | 'ended'][] = [];
  const routeOf: [string, string][] = [];
  for (const elderId of elderIds) {
    const status = tx.get(elder, elderId)?.status;
    if (status !== undefined) statusOf.push([elderId, status]);
    const routeId = routeOfElder(tx, elderId, date, meal);
    if (routeId !== undefined) routeOf.push([elderId, routeId]);
  }
  const absences = elderIds.flatMap((elderId) => tx.where(absence, { elderId }));
  return { date, meal, standing, days, absences, statusOf: new Map(statusOf), routeOf: new Map(routeOf) };
}

/** The route of this very day if the stop is made already, else the one on which the elder has a fixed place. */
function routeOfElder(tx: Reader, elderId: string, date: string, meal: Meal): string | undefined {
  const today = tx.get(stop, dayOrderId(date, meal, elderId));
  const carried = today && tx.get(routeDay, today.routeDayId)?.routeId;
  if (carried !== undefined) return carried;
  return tx
    .where(routePlace, { elderId })
    .map((place) => tx.get(route, place.routeId))
    .filter((one) => one?.active === true && one.meal === meal)
    .map((one) => one?.id as string)
    .sort()[0];
}

export interface CountOfDay extends Headcount {
  readonly forecast: Forecast;
  readonly walkIns: number;
}

/** The count of a day and meal with the people expected to walk in. */
export function countOfDay(tx: Reader, date: string, meal: Meal): CountOfDay {
  const headcount = headcountOf(readPlan(tx, date, meal));
  const eatenOn = (day: string) => eatenOf(tx.where(dineInTally, { date: day }).filter((one) => one.meal === meal));
  const forecast = forecastDineIn(date, eatenOn);
  const seated = portionsBehind(headcount.counted, { mode: 'dineIn' }).length;
  return { ...headcount, forecast, walkIns: walkInsOf(forecast, seated) };
}

/** What the kitchen has been told for a day and meal, first issue first. */
export function issuesOf(tx: Reader, date: string, meal: Meal) {
  return tx
    .where(kitchenCount, { date })
    .filter((count) => count.meal === meal)
    .sort((a, b) => a.issue - b.issue);
}
