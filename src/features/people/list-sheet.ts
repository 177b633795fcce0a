import { station } from '#engine/client/station.svelte.ts';
import { roleWords } from '#features/access/public.ts';
import type { ShownList } from '#features/export/public.ts';
import { m } from '#messages';
import { dateWords } from '#ui/format.ts';
import { alarmsOf } from './diet.rules.ts';
import { dietWord } from './diet-words.ts';
import { dietProfile } from './elder.record.ts';
import type { Listed, PeopleList } from './people-list.svelte.ts';
import { ageOn } from './people-search.rules.ts';
import { community } from './place.record.ts';
import type { VolunteerList } from './volunteer-list.svelte.ts';

/** Words for why somebody is away; the meals know them. */
export type AwayWords = (reason: string) => string;

/** How it stands with somebody today, in the words of the list. */
export function stateWords(list: PeopleList, { elder }: Listed, awayWords: AwayWords): string {
  if (elder.status === 'ended') return m.people_status_ended();
  if (elder.status === 'paused') return m.people_status_paused();
  const away = list.awayOf(elder.id);
  if (!away) return list.eats(elder.id) ? m.people_eats() : '';
  const why = awayWords(away.reason);
  return away.to ? m.people_away_until({ why, date: dateWords(away.to) }) : why;
}

/** These lines of the register, for a file: no more of anybody than stands in its rows, with the address whole. */
export function peopleSheet(list: PeopleList, lines: readonly Listed[], awayWords: AwayWords): ShownList {
  return {
    name: m.people_title(),
    columns: [
      m.people_name(),
      m.people_age_column(),
      m.people_community(),
      m.people_address(),
      m.people_column_living(),
      m.people_column_diet(),
      m.people_column_state(),
    ],
    rows: lines.map((row) => {
      const { elder } = row;
      const diet = station.records(dietProfile).get(elder.id);
      return [
        elder.name,
        ageOn(elder.birthDate, station.today) ?? '',
        station.records(community).get(elder.communityId)?.name ?? '',
        elder.address,
        [elder.living ?? '', ...(elder.categories ?? [])].filter(Boolean).join(m.people_list_separator()),
        (diet ? alarmsOf(diet) : []).map(({ sort, value }) => dietWord(sort, value)).join(m.people_list_separator()),
        stateWords(list, row, awayWords),
      ];
    }),
  };
}

/** The same for volunteers and staff. */
export function volunteersSheet(list: VolunteerList): ShownList {
  return {
    name: m.people_volunteers_title(),
    columns: [m.people_name(), m.people_team(), m.people_skills(), m.people_phone(), m.people_roles()],
    rows: list.found.map((one) => {
      const known = list.registerOf(one.id);
      return [
        one.name,
        known?.team ?? '',
        (known?.skills ?? []).join(m.people_list_separator()),
        one.phone ?? '',
        one.roles.map(roleWords).join(m.people_list_separator()),
      ];
    }),
  };
}
