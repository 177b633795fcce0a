import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, wholeRule, type Viewer } from '#engine/scope.ts';
import type { Cookie, Part } from './cookie.ts';
import type { StationClock, StationTransaction, WholeChange } from './store.ts';

/**
 * Whether the person sees every record of the kind, whatever stands in it. What their device holds of such a kind
 * follows from the version in its cookie alone, so the server notes nothing about single records.
 */
export function isWhole(kind: AnyKind, viewer: Viewer): boolean {
  return wholeRule(kind, viewer) !== undefined;
}

/** The kinds held whole and those noted record by record, each the most urgent first; kinds not seen are in neither. */
export function kindsSeen(
  registry: Registry,
  viewer: Viewer,
): { readonly whole: AnyKind[]; readonly noted: AnyKind[] } {
  const seen = urgentFirst(registry).filter((kind) => rulesFor(kind.sees, viewer).length > 0);
  return {
    whole: seen.filter((kind) => isWhole(kind, viewer)),
    noted: seen.filter((kind) => !isWhole(kind, viewer)),
  };
}

export function urgentFirst(registry: Registry): AnyKind[] {
  return [...registry.kinds].sort((a, b) => a.urgency - b.urgency);
}

export interface WholePage {
  readonly changes: readonly WholeChange[];
  /** There are more changes than fit. */
  readonly more: boolean;
}

/** Changes of the kinds held whole that the device lacks, at most `limit`, in the order of `kinds`. */
export async function readWhole(
  tx: Pick<StationTransaction, 'changes'>,
  kinds: readonly AnyKind[],
  held: Pick<Cookie, 'version' | 'part'>,
  clock: StationClock,
  limit: number,
): Promise<WholePage> {
  const found: WholeChange[] = [];
  for (const { name } of behind(kinds, held.part)) {
    const after = held.part?.kind === name ? held.part : { version: held.version + 1, id: '' };
    if ((clock.kinds[name] ?? 0) < after.version) continue;
    // A device that is filled for the first time need not hear of what went before it came.
    const goneAfter = held.version > 0 ? held.version : upTo(held, clock);
    found.push(...(await tx.changes(name, after, goneAfter, limit + 1 - found.length)));
    if (found.length > limit) return { changes: found.slice(0, limit), more: true };
  }
  return { changes: found, more: false };
}

/** Kinds of which something may still be missing. A kind that is not held any more starts the list anew. */
function behind(kinds: readonly AnyKind[], part: Part | null): readonly AnyKind[] {
  return part === null
    ? kinds
    : kinds.slice(
        Math.max(
          0,
          kinds.findIndex(({ name }) => name === part.kind),
        ),
      );
}

/** The version at which the filling aims: what changes later comes after it. */
export function upTo(held: Pick<Cookie, 'part'>, clock: StationClock): number {
  return held.part?.upTo ?? clock.version;
}

/** Whether any of the kinds has changed behind this version. */
export function movedSince(kinds: readonly AnyKind[], clock: StationClock, version: number): boolean {
  return kinds.some(({ name }) => (clock.kinds[name] ?? 0) > version);
}
