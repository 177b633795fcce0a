import type { TableReader } from '#engine/reader.ts';
import { routeDay, type RouteDay } from '../route.record.ts';
import { stopViews, type StopView } from '../stop-view.ts';

/** A route of a day with its doors, as it is printed. */
export interface PrintedRoute {
  readonly day: RouteDay;
  readonly views: readonly StopView[];
}

/** The routes of a day and meal by name, or the one of them that was asked for; those without a door are left out. */
export function printedRoutes(
  reader: TableReader,
  { date, meal, routeDayId }: { date: string; meal: string; routeDayId: string | null },
): readonly PrintedRoute[] {
  const days = routeDayId === null ? reader.where(routeDay, { date }) : [reader.get(routeDay, routeDayId)];
  return days
    .filter((day): day is RouteDay => day !== undefined && (routeDayId !== null || day.meal === meal))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((day) => ({ day, views: stopViews(reader, day.id) }))
    .filter(({ views }) => views.length > 0);
}
