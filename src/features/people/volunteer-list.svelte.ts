import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { roleWords } from '#features/access/public.ts';
import { volunteer } from './volunteer.record.ts';

export type Person = RowOf<typeof person>;
export type VolunteerFilter = 'withRole' | 'gone';

/** The people of the station as they are asked for: by words and filters, whoever may do most first. */
export class VolunteerList {
  query = $state('');
  filters = $state<VolunteerFilter[]>([]);

  readonly #skills = $derived.by(() => {
    const rows = station.records(volunteer).all();
    return new Map(rows.map((row) => [row.personId, row]));
  });

  readonly found: readonly Person[] = $derived.by(() => {
    const sought = this.query.trim();
    return station
      .records(person)
      .all()
      .filter((one) => one.active !== this.filters.includes('gone'))
      .filter((one) => !this.filters.includes('withRole') || one.roles.length > 0)
      .filter((one) => sought === '' || this.#wordsOf(one).some((word) => word.includes(sought)))
      .sort((a, b) => b.roles.length - a.roles.length || a.name.localeCompare(b.name, 'zh-CN'));
  });

  /** How many of them stand in the register of volunteers. */
  get registered(): number {
    return this.#skills.size;
  }

  /** What the register says of a person; undefined for staff who are in no register. */
  registerOf(personId: string) {
    return this.#skills.get(personId);
  }

  #wordsOf(one: Person): string[] {
    const row = this.#skills.get(one.id);
    const words = [one.name, one.phone, row?.team, row?.number, ...(row?.skills ?? []), ...one.roles.map(roleWords)];
    return words.filter((word) => typeof word === 'string');
  }
}
