import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { LiveForm } from '#features/forms/public.ts';
import { m } from '#messages';
import type { elder } from '../elder.record.ts';
import { building, community } from '../place.record.ts';

/** Where an elder lives, as it is filled in; a form of its own while others may change it. */
export function liveAddress(who: () => RowOf<typeof elder>) {
  const now = () => {
    const { communityId, buildingId, entrance, floor, door, address } = who();
    return {
      ...{ communityId, address, buildingId: buildingId ?? '', entrance: entrance ?? '', door: door ?? '' },
      floor: floor === null ? '' : String(floor),
    };
  };
  const communityName = (id: string): string => station.records(community).get(id)?.name ?? '';
  const houseName = (id: string): string => {
    const house = station.records(building).get(id);
    return house ? `${house.estate} ${house.name}` : '';
  };
  return new LiveForm(now, {
    communityId: { label: m.people_community, tell: communityName },
    buildingId: { label: m.people_building, tell: houseName },
    entrance: { label: m.people_entrance },
    floor: { label: m.people_floor },
    door: { label: m.people_door },
    address: { label: m.people_address },
  });
}
