import type { Row } from './kind.ts';
import { idsFrom, readColumn, UnreadableColumn, writeColumn } from './packing.ts';
import type { KindPatch, SentColumn, WireColumn } from './protocol.ts';

export interface VersionedRow {
  readonly row: Row;
  readonly version: number;
}

/**
 * Rows of one kind as columns: what repeats is written once, which is half of the bytes of compressed rows. `pack` for a
 * phone that reads packed columns.
 */
export function encodeRows(
  kind: string,
  fields: readonly string[],
  rows: readonly VersionedRow[],
  removed: readonly string[],
  pack = false,
): KindPatch {
  const columns: Record<string, WireColumn> = {};
  if (rows.length > 0)
    for (const field of fields)
      columns[field] = writeColumn(
        rows.map(({ row }) => row[field] ?? null),
        pack,
      );
  const ids = rows.map(({ row }) => row.id);
  const packed = pack ? writeColumn(ids, true) : null;
  return {
    kind,
    ...(packed && 'uuids' in packed ? { ids: [], packedIds: packed } : { ids }),
    versions: writeColumn(
      rows.map(({ version }) => version),
      pack,
    ),
    columns,
    removed,
  };
}

/** The rows again, each with its version. A field the sender does not know is null. */
export function decodeRows(patch: KindPatch, fields: readonly string[]): VersionedRow[] {
  const ids = idsOf(patch);
  const versions = readColumn(patch.versions, ids.length);
  const columns = fields.map((field) => [field, readColumn(plainColumn(patch.columns[field]), ids.length)] as const);
  return ids.map((id, at) => {
    const row: Record<string, unknown> = { id };
    for (const [field, values] of columns) row[field] = values[at];
    return { row: row as Row, version: versions[at] as number };
  });
}

/** What refers to acts is made plain where the answer comes in; see `sent-rows.ts`. */
function plainColumn(column: WireColumn | SentColumn = { all: null }): WireColumn {
  if ('argument' in column) throw new UnreadableColumn();
  return column;
}

function idsOf({ ids, packedIds }: KindPatch): readonly string[] {
  return packedIds ? idsFrom(packedIds.uuids) : ids;
}
