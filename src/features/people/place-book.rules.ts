import { put, type Change } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import type { AnyKind, RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { building, community, grid, microGrid } from './place.record.ts';

type Building = RowOf<typeof building>;
export type BuildingFacts = Partial<
  Pick<Building, 'gridId' | 'microGridId' | 'entrances' | 'floors' | 'lift' | 'latitude' | 'longitude'>
>;

/**
 * Looks places up by their names and writes down those that are not there yet. A place's id is made from its names, so
 * that two people who register the same street offline make one place and not two. What is known already is never
 * replaced, only what is missing is filled in: the same list twice changes nothing.
 */
export class PlaceBook {
  readonly #rows = new Map<string, { readonly kind: AnyKind; readonly row: { readonly id: string } }>();

  constructor(
    readonly tx: Reader,
    readonly ctx: Context,
  ) {}

  /** New and completed places, larger ones first. */
  get changes(): readonly Change[] {
    return [...this.#rows.values()].map(({ kind, row }) => put(kind, row as never));
  }

  community(name: string): RowOf<typeof community> {
    const spoken = placeName(name);
    const id = slug(spoken);
    return (
      this.#written(community, id) ??
      this.tx.where(community, { name: spoken })[0] ??
      this.#write(community, { id, name: spoken })
    );
  }

  grid(communityId: string, name: string): RowOf<typeof grid> {
    const spoken = placeName(name);
    const id = idOf(communityId, spoken);
    const found = this.tx.where(grid, { communityId }).find((row) => row.name === spoken);
    return this.#written(grid, id) ?? found ?? this.#write(grid, { id, communityId, name: spoken });
  }

  microGrid(communityId: string, gridId: string, name: string): RowOf<typeof microGrid> {
    const spoken = placeName(name);
    const id = idOf(gridId, spoken);
    const found = this.tx.where(microGrid, { gridId }).find((row) => row.name === spoken);
    return this.#written(microGrid, id) ?? found ?? this.#write(microGrid, { id, communityId, gridId, name: spoken });
  }

  building(communityId: string, estate: string, name: string, facts: BuildingFacts = {}): Building {
    const place = { communityId, estate: placeName(estate), name: placeName(name) };
    const id = idOf(communityId, place.estate, place.name);
    const found =
      this.#written(building, id) ??
      this.tx.where(building, { communityId, estate: place.estate }).find((row) => row.name === place.name);
    const before = found ?? { id, ...place, ...nothingKnown };
    const after = completed(before, facts);
    return found && after === before ? found : this.#write(building, after);
  }

  #written<K extends AnyKind>(kind: K, id: string): RowOf<K> | undefined {
    return this.#rows.get(`${kind.name}:${id}`)?.row as RowOf<K> | undefined;
  }

  #write<K extends AnyKind>(kind: K, row: RowOf<K>): RowOf<K> {
    this.#rows.set(`${kind.name}:${row.id}`, { kind, row });
    return row;
  }
}

const nothingKnown = {
  gridId: null,
  microGridId: null,
  entrances: null,
  floors: null,
  lift: null,
  latitude: null,
  longitude: null,
};

/** The building with what was missing filled in; the very same object when nothing was. */
function completed(before: Building, facts: BuildingFacts): Building {
  const missing = Object.entries(facts).filter(
    ([field, value]) => value !== null && value !== undefined && before[field as keyof Building] === null,
  );
  return missing.length === 0 ? before : { ...before, ...Object.fromEntries(missing) };
}

/** A place's name as it is kept: full-width signs made plain, no blanks ("３ 栋" is 3栋). */
export function placeName(written: string): string {
  return written.normalize('NFKC').replace(/\s+/g, '');
}

function idOf(parent: string, ...names: readonly string[]): string {
  return [parent, ...names.map(slug)].join(':');
}

/** Id made from a name, so that two who write it down offline mean the same record. */
export function placeId(name: string): string {
  return slug(placeName(name));
}

/** Part of an id; long names are cut and marked with a sum over the whole, so that two of them stay two. */
function slug(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]/gu, '-');
  if (plain === name && plain.length <= 24) return plain;
  let sum = 0;
  for (const sign of name) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) as number)) >>> 0;
  return `${plain.slice(0, 16)}-${sum.toString(36)}`;
}
