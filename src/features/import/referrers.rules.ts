/** Which records point to one, whatever kind they are of. */
import type { Fields } from '#engine/field.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Reader, Where } from '#engine/reader.ts';
import { allKinds } from './kinds-known.ts';

export interface Referrer {
  readonly kind: AnyKind;
  readonly row: Row;
}

/** Fields that point to a record without being a reference. */
const pointing: Readonly<Record<string, readonly { readonly kind: string; readonly field: string }[]>> = {
  dineInTally: [{ kind: 'dineInTally', field: 'corrects' }],
};

/** The records that point to this one. */
export function referrersOf(tx: Reader, kind: AnyKind, row: Row): Referrer[] {
  return [...allKinds()].flatMap((other) =>
    fieldsPointingTo(kind.name, other).flatMap((field) =>
      questions(other, field, row).flatMap((equal) =>
        (tx.where(other, equal as Where<AnyKind>) as readonly Row[]).map((found) => ({ kind: other, row: found })),
      ),
    ),
  );
}

function fieldsPointingTo(name: string, other: AnyKind): string[] {
  const references = Object.entries(other.fields as Fields).flatMap(([field, { refers }]) =>
    refers === name ? [field] : [],
  );
  const besides = (pointing[name] ?? []).filter(({ kind }) => kind === other.name).map(({ field }) => field);
  return [...references, ...besides];
}

/**
 * How to ask for the records of a kind with this value in a field. A field without an index is asked for together with
 * one that has: the community in which both lie, or each value of a closed list. What cannot be asked for at all is
 * held by the foreign key.
 */
function questions(other: AnyKind, field: string, row: Row): Record<string, unknown>[] {
  if (other.index.includes(field)) return [{ [field]: row.id }];
  if (other.index.includes('communityId') && typeof row.communityId === 'string')
    return [{ communityId: row.communityId, [field]: row.id }];
  const listed = other.index.find((name) => (other.fields as Fields)[name]?.values !== undefined);
  const values = listed === undefined ? [] : ((other.fields as Fields)[listed]?.values ?? []);
  return values.map((value: string) => ({ [listed as string]: value, [field]: row.id }));
}
