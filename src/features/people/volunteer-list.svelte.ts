import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { roleWords } from '#features/access/public.ts';
import { questionOf, type Question } from '#features/views/public.ts';
import { volunteer } from './volunteer.record.ts';

export type Person = RowOf<typeof person>;
const volunteerFilters = ['withRole', 'gone'] as const;
export type VolunteerFilter = (typeof volunteerFilters)[number];

interface Asked {
  readonly query: string;
  readonly filters: readonly VolunteerFilter[];
}

/** The people of the station as they are asked for: by words and filters, whoever may do most first. */
export class VolunteerList {
  query = $state('');
  filters = $state<VolunteerFilter[]>([]);

  readonly #skills = $derived.by(() => {
    const rows = station.records(volunteer).all();
    return new Map(rows.map((row) => [row.personId, row]));
  });

  readonly found: readonly Person[] = $derived.by(() =>
    [...this.#foundBy(this)].sort((a, b) => b.roles.length - a.roles.length || a.name.localeCompare(b.name, 'zh-CN')),
  );

  /** What is asked now, as it can be kept and asked again. */
  get question(): Question {
    return questionOf({ find: [this.query.trim()], filter: this.filters });
  }

  ask(question: Question): void {
    const { query, filters } = asked(question);
    [this.query, this.filters] = [query, [...filters]];
  }

  countOf(question: Question): number {
    return this.#foundBy(asked(question)).length;
  }

  /** How many of them stand in the register of volunteers. */
  get registered(): number {
    return this.#skills.size;
  }

  /** What the register says of a person; undefined for staff who are in no register. */
  registerOf(personId: string) {
    return this.#skills.get(personId);
  }

  #foundBy({ query, filters }: Asked): readonly Person[] {
    const sought = query.trim();
    return station
      .records(person)
      .all()
      .filter((one) => one.active !== filters.includes('gone'))
      .filter((one) => !filters.includes('withRole') || one.roles.length > 0)
      .filter((one) => sought === '' || this.#wordsOf(one).some((word) => word.includes(sought)));
  }

  #wordsOf(one: Person): string[] {
    const row = this.#skills.get(one.id);
    const words = [one.name, one.phone, row?.team, row?.number, ...(row?.skills ?? []), ...one.roles.map(roleWords)];
    return words.filter((word) => typeof word === 'string');
  }
}

function asked(question: Question): Asked {
  return {
    query: question.find?.[0] ?? '',
    filters: volunteerFilters.filter((filter) => question.filter?.includes(filter)),
  };
}
