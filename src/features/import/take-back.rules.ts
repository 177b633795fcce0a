/**
 * Taking back what a part of an import has made. What nobody has touched or used since goes, what was completed gets
 * back what stood there; everything else stays, with all that belongs to it.
 */
import { remove, type Change } from '#engine/change.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { importPart, type ImportPart, type MadeRecord } from './import-part.record.ts';
import { kindNamed } from './kinds-known.ts';
import { idOf, sumOf } from './made.rules.ts';
import { referrersOf } from './referrers.rules.ts';

/** What belongs to somebody stays when they stay: an elder without diet and contacts would be half a file. */
const ownerField: Readonly<Record<string, { readonly kind: string; readonly field: string }>> = {
  dietProfile: { kind: 'elder', field: 'elderId' },
  contact: { kind: 'elder', field: 'elderId' },
  absence: { kind: 'elder', field: 'elderId' },
  standingOrder: { kind: 'elder', field: 'elderId' },
  volunteer: { kind: 'person', field: 'personId' },
};

/** The changes that take this part back. */
export function takeBack(tx: Reader, part: ImportPart): Change[] {
  const run = new Standing(tx, part.run);
  return part.made.flatMap((made): Change[] => {
    const kind = kindNamed(made.kind);
    const row = kind && (tx.get(kind, idOf(part.id, made)) as Row | undefined);
    if (!kind || !row || !run.mayGo(kind, row)) return [];
    if (made.was === undefined) return [remove(kind, row.id)];
    return [{ kind: kind.name, id: row.id, row: { ...row, ...made.was } as Row }];
  });
}

/** What an import has made and has not taken back yet. */
class Standing {
  /** By record, how the parts left it. */
  readonly #made = new Map<string, MadeRecord[]>();
  readonly #free = new Map<string, boolean>();

  constructor(
    readonly tx: Reader,
    run: string,
  ) {
    for (const part of tx.where(importPart, { run }))
      if (part.takenBackAt === null)
        for (const one of part.made) {
          const key = keyOf(one.kind, idOf(part.id, one));
          this.#made.set(key, [...(this.#made.get(key) ?? []), one]);
        }
  }

  mayGo(kind: AnyKind, row: Row): boolean {
    return this.#isFree(kind, row) && this.#ownerIsFree(kind, row);
  }

  /** Nobody has changed it, and nothing points to it but what goes with it. */
  #isFree(kind: AnyKind, row: Row): boolean {
    const key = keyOf(kind.name, row.id);
    const known = this.#free.get(key);
    if (known !== undefined) return known;
    const made = this.#made.get(key) ?? [];
    const isUntouched = made.some(({ sum }) => sum === sumOf(kind, row));
    const isNew = made.some(({ was }) => was === undefined);
    const isFree =
      isUntouched && (!isNew || referrersOf(this.tx, kind, row).every((one) => this.#isFree(one.kind, one.row)));
    this.#free.set(key, isFree);
    return isFree;
  }

  #ownerIsFree(kind: AnyKind, row: Row): boolean {
    const owner = ownerField[kind.name];
    const of = owner && kindNamed(owner.kind);
    const id = owner && row[owner.field];
    if (!of || typeof id !== 'string' || !this.#made.has(keyOf(of.name, id))) return true;
    const found = this.tx.get(of, id) as Row | undefined;
    return found === undefined || this.#isFree(of, found);
  }
}

function keyOf(kind: string, id: string): string {
  return `${kind}\u0000${id}`;
}
