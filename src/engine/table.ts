import type { AnyKind, Row } from './kind.ts';

/** Changed records that are put in their places one by one. */
const movedAtMost = 64;

/** A record of the centre's state with the version in which it came. */
export interface HeldRow {
  readonly row: Row;
  readonly version: number;
}

/**
 * Records of one kind in memory. Used for what the phone shows and for what the server has loaded while it judges a
 * batch, so that both answer a question in the same way. On a phone there are two layers: the centre's state below,
 * what acts have made of it on top.
 *
 * A phone in the morning fills it with thousands of records before it shows the first list, so that indexes and orders
 * are made when somebody first asks for them.
 */
export class Table {
  readonly #base = new Map<string, HeldRow>();
  /** What stands on top of the base; null where an act has taken the record away. */
  readonly #top = new Map<string, Row | null>();
  /** By field, those that have been asked for. */
  readonly #indexes = new Map<string, Map<unknown, Set<string>>>();
  /** All records in order as they stood when somebody last asked: lists on screens ask again and again. */
  #sorted: readonly Row[] | null = null;
  /** Records that have changed since. */
  readonly #moved = new Set<string>();

  constructor(readonly kind: AnyKind) {}

  get size(): number {
    let size = this.#base.size;
    for (const [id, row] of this.#top) size += (row ? 1 : 0) - (this.#base.has(id) ? 1 : 0);
    return size;
  }

  get(id: string): Row | undefined {
    const top = this.#top.get(id);
    return top === undefined ? this.#base.get(id)?.row : (top ?? undefined);
  }

  /** All records in the order of their ids. */
  all(): readonly Row[] {
    if (!this.#sorted) this.#sorted = inOrder(this.#rows());
    else if (this.#moved.size > 0) this.#sorted = this.#withMoved(this.#sorted);
    this.#moved.clear();
    return this.#sorted;
  }

  /** Records whose fields equal the given values, in the order of their ids; one of the fields must be indexed. */
  where(equal: Readonly<Record<string, unknown>>): readonly Row[] {
    const entries = Object.entries(equal);
    const indexed = entries.find(([field]) => this.kind.index.includes(field));
    if (!indexed) throw new Error(`${this.kind.name} has no index for ${Object.keys(equal).join(', ')}.`);
    const ids = this.#index(indexed[0]).get(indexed[1]) ?? [];
    const found: Row[] = [];
    for (const id of ids) {
      const row = this.get(id) as Row;
      if (entries.every(([field, value]) => row[field] === value)) found.push(row);
    }
    return found.sort(byId);
  }

  /** Puts a record in place of what stood under its id; null takes it away. */
  set(id: string, row: Row | null): void {
    this.#change(id, () => void this.#top.set(id, row));
  }

  /** The centre's state of this kind; only `setBase` and `clearBase` change it. */
  get base(): ReadonlyMap<string, HeldRow> {
    return this.#base;
  }

  /** Changes the layer below; what lies on top stays there. */
  setBase(id: string, held: HeldRow | null): void {
    if (held && this.#isUnasked) this.#base.set(id, held);
    else this.#change(id, () => void (held ? this.#base.set(id, held) : this.#base.delete(id)));
  }

  /** Puts a record below that was not there, while nobody has asked for anything; false when it is not so simple. */
  fillBase(id: string, held: HeldRow): boolean {
    if (this.#sorted !== null || this.#indexes.size > 0 || this.#base.has(id)) return false;
    this.#base.set(id, held);
    return true;
  }

  clearBase(): void {
    this.#base.clear();
    this.#startAnew();
  }

  /** Takes away what lies on top. Says whether there was anything. */
  clearTop(): boolean {
    if (this.#top.size === 0) return false;
    for (const id of [...this.#top.keys()]) this.#change(id, () => void this.#top.delete(id));
    return true;
  }

  /** Nobody has asked for an order or an index that would have to be put right. */
  get #isUnasked(): boolean {
    return this.#sorted === null && this.#indexes.size === 0;
  }

  #rows(): Row[] {
    const rows: Row[] = [];
    const isBare = this.#top.size === 0;
    for (const [id, { row }] of this.#base) if (isBare || !this.#top.has(id)) rows.push(row);
    for (const row of this.#top.values()) if (row) rows.push(row);
    return rows;
  }

  #index(field: string): Map<unknown, Set<string>> {
    const known = this.#indexes.get(field);
    if (known) return known;
    const index = new Map<unknown, Set<string>>();
    for (const row of this.#rows()) addTo(index, row[field], row.id);
    this.#indexes.set(field, index);
    return index;
  }

  #startAnew(): void {
    this.#sorted = null;
    this.#moved.clear();
    this.#indexes.clear();
  }

  #change(id: string, change: () => void): void {
    const before = this.get(id);
    change();
    const after = this.get(id);
    if (before === after) return;
    this.#noteMoved(id);
    for (const [field, index] of this.#indexes) {
      if (before) dropFrom(index, before[field], id);
      if (after) addTo(index, after[field], id);
    }
  }

  /** A new list, so that whoever holds the one before sees that something is different. */
  #withMoved(before: readonly Row[]): readonly Row[] {
    const rows = [...before];
    for (const id of this.#moved) {
      const row = this.get(id);
      const place = placeOf(rows, id);
      const isThere = rows[place]?.id === id;
      rows.splice(place, isThere ? 1 : 0, ...(row ? [row] : []));
    }
    return rows;
  }

  /** A few changes are put in their places; after many, sorting anew costs less. */
  #noteMoved(id: string): void {
    if (!this.#sorted) return;
    this.#moved.add(id);
    if (this.#moved.size <= movedAtMost) return;
    this.#sorted = null;
    this.#moved.clear();
  }
}

/** Place of the first record whose id is not below this one. */
function placeOf(rows: readonly Row[], id: string): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle] as Row).id < id) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Sorted by id; what came in few pieces is in order already, and to see that costs a tenth of sorting. */
function inOrder(rows: Row[]): Row[] {
  for (let at = 1; at < rows.length; at += 1)
    if ((rows[at] as Row).id < (rows[at - 1] as Row).id) return rows.sort(byId);
  return rows;
}

function byId(a: Row, b: Row): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function addTo(index: Map<unknown, Set<string>>, value: unknown, id: string): void {
  const ids = index.get(value);
  if (ids) ids.add(id);
  else index.set(value, new Set([id]));
}

function dropFrom(index: Map<unknown, Set<string>>, value: unknown, id: string): void {
  const ids = index.get(value);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(value);
}
