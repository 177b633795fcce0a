import type { Change } from './change.ts';
import type { AnyKind, Row, RowOf } from './kind.ts';
import type { Reader, Where } from './reader.ts';
import type { Registry } from './registry.ts';
import { Table } from './table.ts';

/** One table per kind, readable by mutations and rules. */
export class Tables implements Reader {
  readonly #tables = new Map<string, Table>();

  constructor(registry: Registry) {
    for (const kind of registry.kinds) this.#tables.set(kind.name, new Table(kind));
  }

  /** The table of a kind; throws for a name that is not declared. */
  of(kindName: string): Table {
    const table = this.#tables.get(kindName);
    if (!table) throw new Error(`No kind is called "${kindName}".`);
    return table;
  }

  get<K extends AnyKind>(kind: K, id: string): RowOf<K> | undefined {
    return this.of(kind.name).get(id) as RowOf<K> | undefined;
  }

  where<K extends AnyKind>(kind: K, equal: Where<K>): readonly RowOf<K>[] {
    return this.of(kind.name).where(equal) as readonly RowOf<K>[];
  }

  all<K extends AnyKind>(kind: K): readonly RowOf<K>[] {
    return this.of(kind.name).all() as readonly RowOf<K>[];
  }

  apply(changes: readonly Change[]): void {
    for (const { kind, id, row } of changes) this.of(kind).set(id, row as Row | null);
  }
}
