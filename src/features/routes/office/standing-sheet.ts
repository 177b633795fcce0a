import { station } from '#engine/client/station.svelte.ts';
import { person } from '#features/access/person.record.ts';
import type { ShownList } from '#features/export/public.ts';
import { m } from '#messages';
import { mealWords } from '../outcome-words.ts';
import { routePlace, type Route } from '../route.record.ts';

/** The standing routes as their list shows them, for a file. */
export function standingSheet(routes: readonly Route[]): ShownList {
  return {
    name: m.routes_standing(),
    columns: [m.routes_route(), m.routes_which_meal(), m.routes_usual_volunteer(), m.routes_stops()],
    rows: routes.map((one) => [
      one.name,
      mealWords[one.meal](),
      (one.volunteerId && station.records(person).get(one.volunteerId)?.name) || m.routes_nobody_yet(),
      station.records(routePlace).where({ routeId: one.id }).length,
    ]),
  };
}
