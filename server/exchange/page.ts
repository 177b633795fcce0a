import type { Fields } from '#engine/field.ts';
import type { AnyKind } from '#engine/kind.ts';
import { encodeRows, type VersionedRow } from '#engine/patch.ts';
import type { ExchangeRequest, KindPatch } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { encodeRowsBriefly } from '#engine/sent-rows.ts';
import { projectRow } from '#engine/visible.ts';
import { fieldsSeen, type Cookie, type Part } from './cookie.ts';
import type { Difference, LoadedRow, WholeChange } from './store.ts';
import { urgentFirst, type WholePage } from './whole.ts';

/** What one answer carries, and how far the device has come with it. */
export interface Page {
  /** What is noted of the device from now on. */
  readonly difference: Difference;
  readonly changes: readonly WholeChange[];
  readonly version: number;
  readonly part: Part | null;
}

/**
 * Puts what is noted record by record and what is compared by version into one answer of at most `limit` records:
 * removals first, then the most urgent kinds, whichever way they are kept.
 */
export function togetherInOrder(
  difference: Difference,
  { changes, more }: WholePage,
  whole: readonly AnyKind[],
  noted: readonly AnyKind[],
  from: Pick<Cookie, 'version' | 'part'>,
  upTo: number,
  limit: number,
): Page {
  const urgency = new Map([...whole, ...noted].map((kind) => [kind.name, kind.urgency]));
  const urgencyOf = ({ kind }: LoadedRow | WholeChange) => urgency.get(kind) as number;
  let [rows, taken] = [0, 0];
  for (let room = limit - difference.removed.length; room > 0; room -= 1) {
    const [row, change] = [difference.rows[rows], changes[taken]];
    if (row && (!change || urgencyOf(row) < urgencyOf(change))) rows += 1;
    else if (change) taken += 1;
    else break;
  }
  const isCut = more || taken < changes.length;
  return {
    difference:
      rows === difference.rows.length
        ? difference
        : { ...difference, rows: difference.rows.slice(0, rows), more: true },
    changes: changes.slice(0, taken),
    version: isCut ? from.version : upTo,
    part: isCut ? partAfter(changes[taken - 1], whole, from, upTo) : null,
  };
}

/** Where the next answer goes on; where this one began, when nothing of it found room. */
function partAfter(
  last: WholeChange | undefined,
  whole: readonly AnyKind[],
  { version, part }: Pick<Cookie, 'version' | 'part'>,
  upTo: number,
): Part {
  if (last) return { upTo, kind: last.kind, version: last.version, id: last.id };
  return part ?? { upTo, kind: (whole[0] as AnyKind).name, version: version + 1, id: '' };
}

/** The page by kinds, the most urgent first, without fields kept from these roles, in the form that the phone reads. */
export function patchesOf(
  registry: Registry,
  { difference, changes }: Pick<Page, 'difference' | 'changes'>,
  roles: readonly string[],
  { mutations, packed, brief }: Pick<ExchangeRequest, 'mutations' | 'packed' | 'brief'>,
): KindPatch[] {
  return urgentFirst(registry).flatMap((kind) => {
    const own = changes.filter((one) => one.kind === kind.name);
    const rows = [...difference.rows.filter((one) => one.kind === kind.name), ...own.flatMap(rowIn)];
    const gone = own.flatMap(({ id, row }) => (row === null ? [id] : []));
    const removed = [...difference.removed.filter((one) => one.kind === kind.name).map(({ id }) => id), ...gone];
    if (rows.length + removed.length === 0) return [];
    const projected = rows.map(({ row, version }) => ({ row: projectRow(kind, row, roles), version }));
    const fields = fieldsSeen(kind.fields as Fields, roles);
    if (packed && brief) return encodeRowsBriefly(kind.name, fields, projected, removed, mutations);
    return [encodeRows(kind.name, fields, projected, removed, packed ?? false)];
  });
}

function rowIn({ row, version }: WholeChange): VersionedRow[] {
  return row === null ? [] : [{ row, version }];
}
