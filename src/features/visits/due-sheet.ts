import { station } from '#engine/client/station.svelte.ts';
import { person } from '#features/access/person.record.ts';
import type { ShownList } from '#features/export/public.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { dueWords } from './due-words.ts';
import type { Due } from './due.rules.ts';

/** The look-ins that the list shows now, for a file. */
export function dueSheet(rows: readonly Due[]): ShownList {
  return {
    name: m.visits_title(),
    columns: [
      m.visits_column_over(),
      m.visits_column_name(),
      m.people_address(),
      m.visits_column_last(),
      m.visits_column_every(),
      m.visits_column_who(),
    ],
    rows: rows.map((due) => {
      const { plan } = due;
      const who = station.records(elder).get(plan.elderId);
      return [
        dueWords(due),
        who?.name ?? plan.elderId,
        who?.address ?? '',
        plan.lastVisitOn ?? m.visits_never(),
        m.visits_every({ n: plan.everyDays }),
        (plan.visitorId && station.records(person).get(plan.visitorId)?.name) || '',
      ];
    }),
  };
}
