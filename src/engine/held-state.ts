import { addHash, entryHash, takeHash } from './checksum.ts';
import type { StoredPage, StoredRow } from './device-storage.ts';
import type { Registry } from './registry.ts';
import { pagesOf, sensitiveFields } from './stored-shape.ts';
import type { HeldRow } from './table.ts';
import type { Tables } from './tables.ts';

/** The centre's last whole state as this phone holds it: the lower layer of its tables. */
export class HeldState {
  readonly #tables: Tables;
  readonly #kinds: ReadonlySet<string>;
  readonly #sensitive = new Map<string, readonly string[]>();
  /** Sum over everything held; null until somebody asks: the first list of a day does not wait for it. */
  #checksum: number | null = null;
  /** Whether the disk still holds records or values that are no longer here. */
  leftovers = false;

  constructor(registry: Registry, tables: Tables) {
    this.#tables = tables;
    this.#kinds = new Set(registry.kinds.map(({ name }) => name));
    for (const kind of registry.kinds) {
      const fields = sensitiveFields(kind);
      if (fields.length > 0) this.#sensitive.set(kind.name, fields);
    }
  }

  get checksum(): number {
    this.#checksum ??= this.#sum();
    return this.#checksum;
  }

  /** Takes a page on top of what is held; adds the kinds it touches to `changed`. */
  take(page: StoredPage, changed: Set<string>): void {
    for (const { kind, id } of page.removed) this.#put(kind, id, null, changed);
    for (const { kind, row, version } of page.rows) this.#put(kind, row.id, { row, version }, changed);
  }

  clear(changed: Set<string>): void {
    for (const kind of this.#kinds) {
      const table = this.#tables.of(kind);
      if (table.base.size > 0) changed.add(kind);
      table.clearBase();
    }
    this.#checksum = null;
    this.leftovers = false;
  }

  /** Everything held as few full pages. */
  pages(): StoredPage[] {
    const rows: StoredRow[] = [];
    for (const kind of this.#kinds)
      for (const held of this.#tables.of(kind).base.values()) rows.push({ kind, ...held });
    return pagesOf(rows);
  }

  #put(kind: string, id: string, held: HeldRow | null, changed: Set<string>): void {
    if (!this.#kinds.has(kind)) return;
    const table = this.#tables.of(kind);
    const before = table.base.get(id);
    if (this.#checksum !== null) this.#resum(this.#checksum, kind, id, before, held);
    // Older pages keep what a newer one has replaced; of what is sensitive, nothing may stay behind.
    if (before && held && this.#sensitive.get(kind)?.some((field) => before.row[field] !== held.row[field]))
      this.leftovers = true;
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
    for (const kind of this.#kinds)
      for (const [id, { version }] of this.#tables.of(kind).base) sum = addHash(sum, entryHash(kind, id, version));
    return sum;
  }
}
