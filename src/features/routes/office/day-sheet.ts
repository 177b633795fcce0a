import { station } from '#engine/client/station.svelte.ts';
import { person } from '#features/access/person.record.ts';
import type { ShownList } from '#features/export/public.ts';
import { m } from '#messages';
import { timeOfDay } from '#ui/format.ts';
import { mealWords, outcomeLabels, stateLabels } from '../outcome-words.ts';
import type { RouteDay } from '../route.record.ts';
import { boxCode, type StopView } from '../stop-view.ts';

type Day = { readonly day: RouteDay; readonly views: readonly StopView[] };

/**
 * All routes of a day and meal, door by door, for a file: where, whom, which box, what came of it. No code of a door
 * and no illness: a sheet goes further than a screen.
 */
export function daySheet(date: string, days: readonly Day[]): ShownList {
  const nameOf = (id: string | null): string => (id && station.records(person).get(id)?.name) || '';
  return {
    name: `${m.routes_sheet_all()} ${date}`,
    columns: [
      m.routes_route(),
      m.routes_volunteer(),
      m.routes_column_meal(),
      m.routes_column_place(),
      m.routes_column_name(),
      m.routes_column_door(),
      m.routes_column_box(),
      m.routes_column_result(),
      m.routes_column_when(),
      m.routes_column_old_boxes(),
    ],
    rows: days.flatMap(({ day, views }) =>
      views.map((view) => {
        const fact = view.facts.at(-1);
        return [
          day.name,
          nameOf(fact?.by ?? day.volunteerId),
          mealWords[day.meal](),
          view.place,
          view.elder?.name ?? '',
          view.door || (view.elder?.address ?? ''),
          boxCode(view),
          fact && view.state !== 'checking' ? outcomeLabels[fact.outcome]() : stateLabels[view.state](),
          fact ? timeOfDay(fact.at) : '',
          fact?.boxesBack ?? '',
        ];
      }),
    ),
  };
}
