import {
  entryOf,
  findSorts,
  levelOf,
  notAtAll,
  reasonsOf,
  wordsOf,
  type Entry,
  type Findable,
  type FindSort,
  type Found,
} from './find.rules.ts';

/** Something that can be found, as long as what it was made from stays the same. */
export interface Source {
  readonly key: string;
  /** The records and words it is made from; it is made anew when one of them is another object. */
  readonly from: readonly unknown[];
  readonly make: () => Findable;
}

export interface Finding {
  /** The best of each sort, best first. */
  readonly shown: readonly Found[];
  /** How many there are in all. */
  readonly total: number;
}

interface Held {
  readonly from: readonly unknown[];
  readonly entry: Entry;
}

/**
 * Entries of all that can be found. Noting what has changed is quick; making the entries is work that waits and is done
 * piece by piece, so that whoever types never waits for it. Until then the former entry stands.
 */
export class FindIndex {
  readonly #held = new Map<string, Held>();
  #waiting: Source[] = [];
  #entries: readonly Entry[] | null = null;

  /** All there is to find now. What is no longer among it is not found any more at once. */
  take(sources: readonly Source[]): void {
    const keys = new Set(sources.map(({ key }) => key));
    for (const key of [...this.#held.keys()]) if (!keys.has(key)) this.#forget(key);
    this.#waiting = sources.filter(({ key, from }) => !isSame(this.#held.get(key)?.from, from));
    // Taken from the end.
    this.#waiting.reverse();
  }

  /** Makes so many of the waiting entries; tells whether some still wait. */
  work(count: number): boolean {
    for (let done = 0; done < count; done += 1) {
      const next = this.#waiting.pop();
      if (!next) break;
      this.#held.set(next.key, { from: next.from, entry: entryOf(next.make()) });
      this.#entries = null;
    }
    return this.#waiting.length > 0;
  }

  /** `beside` are entries that are asked once and not kept. */
  find(query: string, atMost: Readonly<Record<FindSort, number>>, beside: readonly Entry[] = []): Finding {
    this.#entries ??= [...this.#held.values()].map(({ entry }) => entry);
    const words = wordsOf(query);
    if (words.length === 0) return { shown: [], total: 0 };
    const best = new Best(atMost);
    for (const entries of [this.#entries, beside])
      for (const entry of entries) best.offer(entry, levelOf(entry, words));
    const shown = best.shown.map((entry) => ({ entry, by: reasonsOf(entry, words) }));
    return { shown, total: best.total };
  }

  #forget(key: string): void {
    this.#held.delete(key);
    this.#entries = null;
  }
}

interface Ranked {
  readonly entry: Entry;
  /** Exact before beginning before within; of those that fit alike, the ended ones last. */
  readonly rank: number;
}

/** Keeps the best few of each sort while thousands go by. */
class Best {
  readonly #kept = new Map<FindSort, Ranked[]>(findSorts.map((sort) => [sort, []]));
  total = 0;

  constructor(readonly atMost: Readonly<Record<FindSort, number>>) {}

  /** The kept ones, best first; of those that fit alike, people before routes before acts and pages. */
  get shown(): readonly Entry[] {
    return [...this.#kept.values()]
      .flat()
      .sort((a, b) => a.rank - b.rank)
      .map(({ entry }) => entry);
  }

  offer(entry: Entry, level: number): void {
    if (level === notAtAll) return;
    this.total += 1;
    const kept = this.#kept.get(entry.sort) as Ranked[];
    const one = { entry, rank: level * 2 + (entry.ended ? 1 : 0) };
    let place = kept.length;
    while (place > 0 && isBefore(one, kept[place - 1] as Ranked)) place -= 1;
    if (place >= this.atMost[entry.sort]) return;
    kept.splice(place, 0, one);
    if (kept.length > this.atMost[entry.sort]) kept.pop();
  }
}

function isBefore(a: Ranked, b: Ranked): boolean {
  return a.rank === b.rank ? a.entry.order < b.entry.order : a.rank < b.rank;
}

function isSame(before: readonly unknown[] | undefined, now: readonly unknown[]): boolean {
  return before !== undefined && before.length === now.length && now.every((one, at) => one === before[at]);
}
