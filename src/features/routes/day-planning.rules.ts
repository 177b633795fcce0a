import type { TableReader } from '#engine/reader.ts';
import { portionsBehind, countOfDay } from '#features/meals/public.ts';
import type { Meal } from '#features/meals/kitchen.record.ts';
import { delivery } from './delivery.record.ts';
import { earlierFrom, planDay, type PlannedDay } from './planning.rules.ts';
import { route, routePlace } from './route.record.ts';

/** What the routes of a day and meal should be: everybody who is counted for a delivery, at the door that is theirs. */
export function plannedRoutes(tx: TableReader, date: string, meal: Meal, boxesSince: string): PlannedDay {
  const { counted } = countOfDay(tx, date, meal);
  const carried = portionsBehind(counted, { mode: 'delivery' });
  const routes = tx.where(route, { meal });
  const places = routes.flatMap(({ id }) => tx.where(routePlace, { routeId: id }));
  // What was corrected or taken back at a door does not count twice: `earlierFrom` takes what stands.
  const earlier = earlierFrom(
    tx.all(delivery).filter(({ date: day }) => day >= boxesSince),
    date,
  );
  return planDay(routes, places, carried, earlier);
}
