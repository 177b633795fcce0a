import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { building } from './place.record.ts';

/** All houses by their id, for lists that say a door in every row; reactive to changes of houses. */
export function housesById(): ReadonlyMap<string, RowOf<typeof building>> {
  const rows = station.records(building).all();
  return new Map(rows.map((row) => [row.id, row]));
}
