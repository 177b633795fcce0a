import type { AnyKind, Row, RowOf } from './kind.ts';

/** What an act does to one record: the whole new record, or its removal. */
export interface Change {
  readonly kind: string;
  readonly id: string;
  /** null removes the record. */
  readonly row: Row | null;
}

/** The record as it stands after the act; the id says whether it is new. */
export function put<K extends AnyKind>(kind: K, row: RowOf<K>): Change {
  return { kind: kind.name, id: row.id, row: row as unknown as Row };
}

/** Takes a record away. Field facts are never removed: they are corrected by a new record. */
export function remove(kind: AnyKind, id: string): Change {
  return { kind: kind.name, id, row: null };
}
