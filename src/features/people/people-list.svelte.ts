import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { absence, standingOrder } from '#features/meals/order.record.ts';
import { absenceOn } from '#features/meals/public.ts';
import { questionOf, type Question } from '#features/views/public.ts';
import { nobody, only, type Chosen } from './many/choosing.rules.ts';
import { doorLine } from './door.rules.ts';
import { elder } from './elder.record.ts';
import { housesById } from './houses.ts';
import { matches, searchEntry, type Entry } from './people-search.rules.ts';

type Elder = RowOf<typeof elder>;
const peopleFilters = ['eating', 'alone', 'away', 'paused', 'ended'] as const;
export type PeopleFilter = (typeof peopleFilters)[number];

/** One line of the list. */
export interface Listed {
  readonly elder: Elder;
  readonly door: string;
}
interface Known extends Listed {
  readonly entry: Entry;
}

interface Asked {
  readonly query: string;
  readonly filters: readonly PeopleFilter[];
  readonly community: string;
  readonly category: string;
}

/** What is asked of the list; kept while one goes from file to file. */
export class PeopleList {
  query = $state('');
  filters = $state<PeopleFilter[]>([]);
  community = $state('');
  category = $state('');
  #chosen = $state.raw<Chosen>(nobody);

  /** While act after act is done to many people the list stands still; afterwards it is made anew once. */
  still = $state(false);
  #before: readonly Known[] = [];

  /** All elders with their doors, by the sound of the name; made anew only when people or houses change. */
  readonly #all: readonly Known[] = $derived.by(() => {
    if (!this.still) this.#before = this.#known();
    return this.#before;
  });

  #known(): readonly Known[] {
    const houses = housesById(station.reader);
    return station
      .records(elder)
      .all()
      .map((row) => {
        const door = doorLine(row, row.buildingId === null ? undefined : houses.get(row.buildingId));
        return { elder: row, door, entry: searchEntry({ ...row, door }) };
      })
      .sort((a, b) => order(a.elder, b.elder));
  }

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

  readonly found: readonly Listed[] = $derived(this.#foundBy(this));

  /** Everybody with an open file. */
  readonly total = $derived(this.#all.filter(({ elder: row }) => row.status !== 'ended').length);

  /** Categories that occur, so that a station's own list needs no setting up. */
  readonly categories = $derived([...new Set(this.#all.flatMap(({ elder: row }) => row.categories ?? []))].sort());

  /** Who is chosen; who has left the register meanwhile is not. */
  get chosen(): Chosen {
    return this.#present;
  }
  set chosen(chosen: Chosen) {
    this.#chosen = chosen;
  }
  /** The chosen ones as lines of the list, listed just now or not. */
  get chosenRows(): readonly Listed[] {
    return this.#all.filter(({ elder: row }) => this.#chosen.ids.has(row.id));
  }

  readonly #present = $derived(only(this.#chosen, (id) => station.records(elder).get(id) !== undefined));

  /** What is asked now, as it can be kept and asked again. */
  get question(): Question {
    const { query, filters, community, category } = this;
    return questionOf({ find: [query.trim()], filter: filters, community: [community], category: [category] });
  }

  ask(question: Question): void {
    const { query, filters, community, category } = asked(question);
    [this.query, this.filters, this.community, this.category] = [query, [...filters], community, category];
  }

  countOf(question: Question): number {
    return this.#foundBy(asked(question)).length;
  }

  eats(elderId: string): boolean {
    return this.#eating.has(elderId);
  }

  awayOf(elderId: string) {
    return this.#away.get(elderId);
  }

  #foundBy({ query, filters, community, category }: Asked): readonly Known[] {
    return this.#all.filter(
      ({ elder: row, entry }) =>
        (community === '' || row.communityId === community) &&
        (category === '' || (row.categories ?? []).includes(category)) &&
        filters.every((filter) => this.#passes(row, filter)) &&
        (row.status !== 'ended' || filters.includes('ended') || query.trim() !== '') &&
        matches(entry, query),
    );
  }

  #passes(row: Elder, filter: PeopleFilter): boolean {
    if (filter === 'eating') return this.#eating.has(row.id);
    if (filter === 'away') return this.#away.has(row.id);
    if (filter === 'alone') return row.living === '独居';
    return row.status === filter;
  }
}

/** A filter that this version no longer knows is left out, and the rest is asked. */
function asked(question: Question): Asked {
  return {
    query: question.find?.[0] ?? '',
    filters: peopleFilters.filter((filter) => question.filter?.includes(filter)),
    community: question.community?.[0] ?? '',
    category: question.category?.[0] ?? '',
  };
}

function order(a: Elder, b: Elder): number {
  const [x, y] = [a.pinyin ?? a.name, b.pinyin ?? b.name];
  return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
}
