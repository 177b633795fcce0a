import type { RowOf } from '#engine/kind.ts';
import type { elder } from './elder.record.ts';
import type { building } from './place.record.ts';

type Elder = Pick<RowOf<typeof elder>, 'address' | 'entrance' | 'door'>;
type Building = Pick<RowOf<typeof building>, 'estate' | 'name'>;

/** What a door plate shows. Without a known building the address as it was written stands in its place. */
export interface Door {
  readonly building: string;
  readonly entrance?: string;
  readonly door?: string;
}

export function doorOf(elder: Elder, building: Building | undefined): Door {
  if (!building) return { building: elder.address };
  const { entrance, door } = elder;
  return {
    building: `${building.estate} ${building.name}`,
    ...(entrance ? { entrance } : {}),
    ...(door ? { door } : {}),
  };
}

/** The same on one line, for a row or a tag: "银杏苑 3 栋 2-502". */
export function doorLine(elder: Elder, building: Building | undefined): string {
  const door = doorOf(elder, building);
  const flat = [door.entrance, door.door].filter(Boolean).join('-');
  return flat ? `${door.building} ${flat}` : door.building;
}
