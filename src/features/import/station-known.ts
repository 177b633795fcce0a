import type { AnyKind, RowOf } from '#engine/kind.ts';
import type { TableReader } from '#engine/reader.ts';
import { person } from '#features/access/person.record.ts';
import { kitchen, mealPoint } from '#features/meals/kitchen.record.ts';
import { dineInTally } from '#features/meals/count.record.ts';
import { absence, standingOrder } from '#features/meals/order.record.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { building, community, contact, grid, microGrid } from '#features/people/place.record.ts';
import type { KnownPerson } from './ledger.ts';

const looked = {
  person,
  kitchen,
  mealPoint,
  dineInTally,
  absence,
  standingOrder,
  elder,
  dietProfile,
  contact,
  building,
  community,
  grid,
  microGrid,
};
type Looked = typeof looked;

/** What the station has already, as far as a ledger can be about it. */
export type StationKnown = { readonly [K in keyof Looked]: readonly RowOf<Looked[K]>[] };

/** Gathers it from what the caller may see. */
export function stationKnown(station: Pick<TableReader, 'all'>): StationKnown {
  const entries = Object.entries(looked).map(([name, kind]) => [name, station.all(kind as AnyKind)]);
  return Object.fromEntries(entries) as StationKnown;
}

/** The elders of the station as the reader wants them, so that lists and marks are matched against them. */
export function knownPeople(known: StationKnown): KnownPerson[] {
  const communities = new Map(known.community.map((row) => [row.id, row.name]));
  const buildings = new Map(known.building.map((row) => [row.id, row]));
  return known.elder
    .filter((row) => row.status !== 'ended')
    .map((row) => {
      const place = row.buildingId === null ? undefined : buildings.get(row.buildingId);
      return {
        elderId: row.id,
        name: row.name,
        id: row.idNumber,
        community: communities.get(row.communityId) ?? null,
        estate: place?.estate ?? null,
        building: place ? writtenBuilding(place.name) : null,
        unit: row.entrance !== null && /^\d+$/.test(row.entrance) ? Number(row.entrance) : null,
        room: row.door,
        phones: [...(row.phones ?? [])],
      };
    });
}

/** A house as a ledger writes it: '3' for "3栋". */
export function writtenBuilding(spoken: string): string {
  return spoken.replace(/^([\dA-Za-z]+)栋$/, '$1');
}
