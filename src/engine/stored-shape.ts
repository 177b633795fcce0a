import { entryHash } from './checksum.ts';
import type { StoredPage, StoredRow } from './device-storage.ts';
import type { Fields } from './field.ts';
import type { AnyKind } from './kind.ts';
import { rowsPerPage } from './limits.ts';
import type { Registry } from './registry.ts';

/** Differs when the kinds or their fields do: what another version of the app stored is told apart by it. */
export function storedShape(registry: Registry): string {
  const kinds = registry.kinds.map(({ name, fields }) => [name, ...Object.keys(fields).sort()].join()).sort();
  return entryHash('shape', kinds.join('\u0000'), 0).toString(36);
}

/** A page of another version of the app, with null for every field it does not have. */
export function readable(registry: Registry, page: StoredPage): StoredPage {
  const empty = new Map(
    registry.kinds.map(({ name, fields }) => [
      name,
      Object.fromEntries(Object.keys(fields).map((field) => [field, null])),
    ]),
  );
  return { ...page, rows: page.rows.map((one) => ({ ...one, row: { ...empty.get(one.kind), ...one.row } })) };
}

/** Few full pages of these rows. */
export function pagesOf(rows: readonly StoredRow[]): StoredPage[] {
  const pages: StoredPage[] = [];
  for (let from = 0; from < rows.length; from += rowsPerPage)
    pages.push({ rows: rows.slice(from, from + rowsPerPage), removed: [] });
  return pages;
}

/** Names of the fields of which nothing may stay on the disk once they changed. */
export function sensitiveFields(kind: AnyKind): string[] {
  const fields = Object.entries(kind.fields as Fields);
  return fields.filter(([, { sensitive, only }]) => sensitive || only).map(([name]) => name);
}
