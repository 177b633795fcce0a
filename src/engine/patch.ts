import type { Row } from './kind.ts';
import type { KindPatch, WireColumn } from './protocol.ts';

export interface VersionedRow {
  readonly row: Row;
  readonly version: number;
}

/** Rows of one kind as columns: what repeats is written once, which is half of the bytes of compressed rows. */
export function encodeRows(
  kind: string,
  fields: readonly string[],
  rows: readonly VersionedRow[],
  removed: readonly string[],
): KindPatch {
  const columns: Record<string, WireColumn> = {};
  if (rows.length > 0)
    for (const field of fields) columns[field] = encodeColumn(rows.map(({ row }) => row[field] ?? null));
  return {
    kind,
    ids: rows.map(({ row }) => row.id),
    versions: encodeColumn(rows.map(({ version }) => version)),
    columns,
    removed,
  };
}

/** The rows again, each with its version. A field the sender does not know is null. */
export function decodeRows(patch: KindPatch, fields: readonly string[]): VersionedRow[] {
  const versions = decodeColumn(patch.versions, patch.ids.length);
  const columns = fields.map(
    (field) => [field, decodeColumn(patch.columns[field] ?? { all: null }, patch.ids.length)] as const,
  );
  return patch.ids.map((id, at) => {
    const row: Record<string, unknown> = { id };
    for (const [field, values] of columns) row[field] = values[at];
    return { row: row as Row, version: versions[at] as number };
  });
}

function encodeColumn(values: readonly unknown[]): WireColumn {
  const places = new Map<unknown, number>();
  const words: unknown[] = [];
  const at = values.map((value) => {
    const key = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, words.length);
    return words.push(value) - 1;
  });
  if (words.length <= 1) return { all: words[0] ?? null };
  return words.length * 2 <= values.length ? { words, at } : { each: values };
}

function decodeColumn(column: WireColumn, length: number): readonly unknown[] {
  if ('all' in column) return Array.from({ length }, () => column.all);
  if ('each' in column) return column.each;
  return column.at.map((place) => column.words[place]);
}
