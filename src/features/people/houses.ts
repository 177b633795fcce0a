import type { RowOf } from '#engine/kind.ts';
import type { TableReader } from '#engine/reader.ts';
import { building } from './place.record.ts';

/** All houses by their id, for lists that say a door in every row; reactive to changes of houses where the reader is. */
export function housesById(reader: TableReader): ReadonlyMap<string, RowOf<typeof building>> {
  return new Map(reader.all(building).map((row) => [row.id, row]));
}
