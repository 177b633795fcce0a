import type { AnyKind, Row } from './kind.ts';

/** Changed records that are put in their places one by one. */
const movedAtMost = 64;

/**
 * Records of one kind in memory, with the declared indexes. Used for what the phone shows and for what the server has
 * loaded while it judges a batch, so that both answer a question in the same way.
 */
export class Table {
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new Map<string, Map<unknown, Set<string>>>();
  /** All records in order as they stood when somebody last asked: lists on screens ask again and again. */
  #sorted: readonly Row[] | null = null;
  /** Records that have changed since. */
  readonly #moved = new Set<string>();

  constructor(readonly kind: AnyKind) {
    for (const field of kind.index) this.#indexes.set(field, new Map());
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** All records in the order of their ids. */
  all(): readonly Row[] {
    if (!this.#sorted) this.#sorted = [...this.#rows.values()].sort(byId);
    else if (this.#moved.size > 0) this.#sorted = this.#withMoved(this.#sorted);
    this.#moved.clear();
    return this.#sorted;
  }

  /** A new list, so that whoever holds the one before sees that something is different. */
  #withMoved(before: readonly Row[]): readonly Row[] {
    const rows = [...before];
    for (const id of this.#moved) {
      const row = this.#rows.get(id);
      const place = placeOf(rows, id);
      const isThere = rows[place]?.id === id;
      rows.splice(place, isThere ? 1 : 0, ...(row ? [row] : []));
    }
    return rows;
  }

  /** Records whose fields equal the given values, in the order of their ids; one of the fields must be indexed. */
  where(equal: Readonly<Record<string, unknown>>): readonly Row[] {
    const entries = Object.entries(equal);
    const indexed = entries.find(([field]) => this.#indexes.has(field));
    if (!indexed) throw new Error(`${this.kind.name} has no index for ${Object.keys(equal).join(', ')}.`);
    const ids = this.#indexes.get(indexed[0])?.get(indexed[1]) ?? [];
    const found: Row[] = [];
    for (const id of ids) {
      const row = this.#rows.get(id) as Row;
      if (entries.every(([field, value]) => row[field] === value)) found.push(row);
    }
    return found.sort(byId);
  }

  /** Puts a record in place of what stood under its id; null takes it away. */
  set(id: string, row: Row | null): void {
    const before = this.#rows.get(id);
    if (before === undefined && row === null) return;
    this.#noteMoved(id);
    if (before) for (const [field, index] of this.#indexes) dropFrom(index, before[field], id);
    if (row === null) {
      this.#rows.delete(id);
      return;
    }
    this.#rows.set(id, row);
    for (const [field, index] of this.#indexes) addTo(index, row[field], id);
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
