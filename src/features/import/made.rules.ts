/** What an act makes of the records, written down so briefly that a whole import fits on every phone of the office. */
import type { Change } from '#engine/change.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import type { MadeRecord } from './import-part.record.ts';
import { kindNamed } from './kinds-known.ts';
import { textSum } from './sum.rules.ts';

/** Records that these changes make, and those that they complete with what stood there before. */
export function madeBy(tx: Reader, partId: string, changes: readonly Change[]): MadeRecord[] {
  return changes.flatMap(({ kind, id, row }): MadeRecord[] => {
    const of = kindNamed(kind);
    if (!of || row === null) return [];
    const before = tx.get(of, id) as Row | undefined;
    const short = id.startsWith(partId) ? `~${id.slice(partId.length)}` : id;
    const made = { kind, id: short, sum: sumOf(of, row) };
    if (!before) return [made];
    const was = Object.fromEntries(
      Object.keys(of.fields).flatMap((field) =>
        same(before[field], row[field]) ? [] : [[field, before[field] ?? null]],
      ),
    );
    return Object.keys(was).length === 0 ? [] : [{ ...made, was }];
  });
}

/** The id as it stands in the record's table. */
export function idOf(partId: string, { id }: Pick<MadeRecord, 'id'>): string {
  return id.startsWith('~') ? partId + id.slice(1) : id;
}

/**
 * Sum over what a record says. Fields without a value do not count, so that a field that the station learns later
 * changes the sum of no older record.
 */
export function sumOf(kind: AnyKind, row: Row): string {
  const said = Object.keys(kind.fields)
    .sort()
    .flatMap((field) => (row[field] === null || row[field] === undefined ? [] : [field, row[field]]));
  return textSum(JSON.stringify(said));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
