import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { absence, standingOrder } from '#features/meals/order.record.ts';
import { absenceOn } from '#features/meals/public.ts';
import { doorLine } from './door.rules.ts';
import { elder } from './elder.record.ts';
import { housesById } from './houses.ts';
import { matches, searchEntry } from './people-search.rules.ts';

type Elder = RowOf<typeof elder>;
export type PeopleFilter = 'eating' | 'alone' | 'away' | 'paused' | 'ended';

/** One line of the list. */
export interface Listed {
  readonly elder: Elder;
  readonly door: string;
}

/** What is asked of the list; kept while one goes from file to file. */
export class PeopleList {
  query = $state('');
  filters = $state<PeopleFilter[]>([]);
  community = $state('');
  category = $state('');

  /** All elders with their doors, by the sound of the name; made anew only when people or houses change. */
  readonly #all = $derived.by(() => {
    const houses = housesById(station.reader);
    return station
      .records(elder)
      .all()
      .map((row) => {
        const door = doorLine(row, row.buildingId === null ? undefined : houses.get(row.buildingId));
        return { elder: row, door, entry: searchEntry({ ...row, door }) };
      })
      .sort((a, b) => order(a.elder, b.elder));
  });

  readonly #eating = $derived(
    new Set(
      station
        .records(standingOrder)
        .all()
        .filter(({ from, to }) => from <= station.today && (to === null || to >= station.today))
        .map(({ elderId }) => elderId),
    ),
  );
  readonly #away = $derived.by(() => {
    const { today } = station;
    const rows = station.records(absence).all();
    return new Map(rows.filter((row) => absenceOn([row], today)).map((row) => [row.elderId, row]));
  });

  readonly found: readonly Listed[] = $derived(
    this.#all.filter(
      ({ elder: row, entry }) =>
        (this.community === '' || row.communityId === this.community) &&
        (this.category === '' || (row.categories ?? []).includes(this.category)) &&
        this.filters.every((filter) => this.#passes(row, filter)) &&
        (row.status !== 'ended' || this.filters.includes('ended') || this.query.trim() !== '') &&
        matches(entry, this.query),
    ),
  );

  /** Everybody with an open file. */
  readonly total = $derived(this.#all.filter(({ elder: row }) => row.status !== 'ended').length);

  /** Categories that occur, so that a station's own list needs no setting up. */
  readonly categories = $derived([...new Set(this.#all.flatMap(({ elder: row }) => row.categories ?? []))].sort());

  eats(elderId: string): boolean {
    return this.#eating.has(elderId);
  }

  awayOf(elderId: string) {
    return this.#away.get(elderId);
  }

  #passes(row: Elder, filter: PeopleFilter): boolean {
    if (filter === 'eating') return this.#eating.has(row.id);
    if (filter === 'away') return this.#away.has(row.id);
    if (filter === 'alone') return row.living === '独居';
    return row.status === filter;
  }
}

function order(a: Elder, b: Elder): number {
  const [x, y] = [a.pinyin ?? a.name, b.pinyin ?? b.name];
  return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
}
