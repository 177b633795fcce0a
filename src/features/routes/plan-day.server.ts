import { addDays, dayOf, instantAt } from '#engine/calendar.ts';
import type { AnyKind } from '#engine/kind.ts';
import { dineInTally } from '#features/meals/count.record.ts';
import { mealVariant, meals } from '#features/meals/kitchen.record.ts';
import { absence, mealOrder, standingOrder } from '#features/meals/order.record.ts';
import { elder } from '#features/people/elder.record.ts';
import type { Job, JobContext } from '#server/jobs.ts';
import { plannedRoutes } from './day-planning.rules.ts';
import { delivery } from './delivery.record.ts';
import { dayPlanActs } from './route-day.desk.record.ts';
import { route, routeDay, routePlace, stop } from './route.record.ts';

const read: readonly AnyKind[] = [
  elder,
  mealVariant,
  standingOrder,
  mealOrder,
  absence,
  dineInTally,
  route,
  routePlace,
  routeDay,
  stop,
  delivery,
];
/** Boxes that were given out longer ago are not asked back at the door. */
const boxesRememberedDays = 14;
/** In the small hours for the day itself, and once the cut-off has passed for the day after. */
const hours = ['04:30', '18:00'] as const;

/** Plans the routes of a day from whom is to be fed; what the coordinator has changed stays as it is. */
export async function planRoutesOf(
  context: Pick<JobContext, 'tables' | 'act'>,
  date: string,
  now: number,
): Promise<number> {
  const tables = await context.tables(read);
  const calls = meals.flatMap((meal) =>
    plannedRoutes(tables, date, meal, addDays(date, -boxesRememberedDays)).plans.map((plan) => ({
      name: dayPlanActs.plan.name,
      args: { ...plan, date },
      id: `plan:${plan.routeId}:${date}:${now}`,
    })),
  );
  await context.act(calls);
  return calls.length;
}

export const jobs: Record<string, Job> = {
  'routes.plan': {
    next: (now) => {
      const day = dayOf(now);
      const times = [...hours.map((time) => instantAt(day, time)), instantAt(addDays(day, 1), hours[0])];
      return times.find((time) => time > now) ?? now;
    },
    run: async (context) => {
      const today = dayOf(context.now);
      for (const date of [today, addDays(today, 1)]) await planRoutesOf(context, date, context.now);
    },
  },
};
