import type { AnyKind } from '#engine/kind.ts';

/**
 * The kinds of the whole station, found as `kinds.ts` finds them: what an import has made may be used by a record of a
 * feature that did not exist when this was written. Kinds never stand in desk records, and a record of the field never
 * imports one of a desk, so this leads nowhere back.
 */
const modules = import.meta.glob<Record<string, unknown>>(['../*/*.record.ts', '!../*/*.desk.record.ts'], {
  eager: true,
});

/** By name. Asked for when it is needed: the modules may still be on their way while this one is read. */
let found: ReadonlyMap<string, AnyKind> | null = null;

function kinds(): ReadonlyMap<string, AnyKind> {
  return (found ??= new Map(
    Object.values(modules)
      .flatMap((module) => Object.values(module))
      .filter((value): value is AnyKind => (value as AnyKind | null)?.type === 'kind')
      .map((kind) => [kind.name, kind]),
  ));
}

export function kindNamed(name: string): AnyKind | undefined {
  return kinds().get(name);
}

export function allKinds(): Iterable<AnyKind> {
  return kinds().values();
}
