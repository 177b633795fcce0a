import { addHash, entryHash, takeHash } from './checksum.ts';
import type { StoredPage, StoredRow } from './device-storage.ts';
import type { Registry } from './registry.ts';
import { pagesOf, sensitiveFields } from './stored-shape.ts';
import type { HeldRow, Table } from './table.ts';
import type { Tables } from './tables.ts';

interface HeldKind {
  readonly table: Table;
  /** Fields of which nothing may stay on the disk once they changed. */
  readonly sensitive: readonly string[];
}

/** The centre's last whole state as this phone holds it: the lower layer of its tables. */
export class HeldState {
  readonly #kinds = new Map<string, HeldKind>();
  /** Sum over everything held; null until somebody asks: the first list of a day does not wait for it. */
  #checksum: number | null = null;
  /** Whether the disk still holds records or values that are no longer here. */
  leftovers = false;

  constructor(registry: Registry, tables: Tables) {
    for (const kind of registry.kinds)
      this.#kinds.set(kind.name, { table: tables.of(kind.name), sensitive: sensitiveFields(kind) });
  }

  get checksum(): number {
    this.#checksum ??= this.#sum();
    return this.#checksum;
  }

  /** Takes a page on top of what is held; adds the kinds it touches to `changed`. */
  take(page: StoredPage, changed: Set<string>): void {
    for (const { kind, id } of page.removed) this.#put(kind, id, null, changed);
    let [name, table] = ['', undefined as Table | undefined];
    for (const one of page.rows) {
      // A start fills tables that nobody has looked at with thousands of records, one kind after the other.
      if (one.kind !== name) {
        [name, table] = [one.kind, this.#kinds.get(one.kind)?.table];
        if (table) changed.add(name);
      }
      if (this.#checksum !== null || !table?.fillBase(one.row.id, one)) this.#put(name, one.row.id, one, changed);
    }
  }

  clear(changed: Set<string>): void {
    for (const [kind, { table }] of this.#kinds) {
      if (table.base.size > 0) changed.add(kind);
      table.clearBase();
    }
    this.#checksum = null;
    this.leftovers = false;
  }

  /** Everything held as few full pages. */
  pages(): StoredPage[] {
    const rows: StoredRow[] = [];
    for (const [kind, { table }] of this.#kinds)
      for (const { row, version } of table.base.values()) rows.push({ kind, version, row });
    return pagesOf(rows);
  }

  #put(kind: string, id: string, held: HeldRow | null, changed: Set<string>): void {
    const known = this.#kinds.get(kind);
    if (!known) return;
    const { table, sensitive } = known;
    const before = table.base.get(id);
    if (this.#checksum !== null) this.#resum(this.#checksum, kind, id, before, held);
    // Older pages keep what a newer one has replaced; of what is sensitive, nothing may stay behind.
    if (before && held && sensitive.some((field) => before.row[field] !== held.row[field])) this.leftovers = true;
    if (!held) this.leftovers = true;
    table.setBase(id, held);
    changed.add(kind);
  }

  #resum(sum: number, kind: string, id: string, before: HeldRow | undefined, after: HeldRow | null): void {
    const without = before ? takeHash(sum, entryHash(kind, id, before.version)) : sum;
    this.#checksum = after ? addHash(without, entryHash(kind, id, after.version)) : without;
  }

  #sum(): number {
    let sum = 0;
    for (const [kind, { table }] of this.#kinds)
      for (const [id, { version }] of table.base) sum = addHash(sum, entryHash(kind, id, version));
    return sum;
  }
}
