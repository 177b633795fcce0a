import type { AnyKind, RowOf } from './kind.ts';

/** Equal values by field; at least one of the fields must be declared in the kind's `index`. */
export type Where<K> = Partial<Omit<RowOf<K>, 'id'>>;

/** How mutations, permissions and rules read records, on the phone and on the server alike. Synchronous by design. */
export interface Reader {
  get<K extends AnyKind>(kind: K, id: string): RowOf<K> | undefined;
  /** Records in the order of their ids. */
  where<K extends AnyKind>(kind: K, equal: Where<K>): readonly RowOf<K>[];
}

/** For what looks at a whole kind: screens of the office, jobs of the server. Acts do without, so that they load little. */
export interface TableReader extends Reader {
  all<K extends AnyKind>(kind: K): readonly RowOf<K>[];
}
