import type { AnyKind, Row } from './kind.ts';

/**
 * Records of one kind in memory, with the declared indexes. Used for what the phone shows and for what the server has
 * loaded while it judges a batch, so that both answer a question in the same way.
 */
export class Table {
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new Map<string, Map<unknown, Set<string>>>();
  /** All records in order, until one of them changes: lists on screens ask again and again. */
  #sorted: readonly Row[] | null = null;

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
    this.#sorted ??= [...this.#rows.values()].sort(byId);
    return this.#sorted;
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
    this.#sorted = null;
    if (before) for (const [field, index] of this.#indexes) dropFrom(index, before[field], id);
    if (row === null) {
      this.#rows.delete(id);
      return;
    }
    this.#rows.set(id, row);
    for (const [field, index] of this.#indexes) addTo(index, row[field], id);
  }
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
