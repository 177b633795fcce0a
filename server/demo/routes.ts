import type { TableReader } from '#engine/reader.ts';
import { standingOrder } from '#features/meals/order.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, community } from '#features/people/place.record.ts';
import { routeActs } from '#features/routes/route.record.ts';
import type { ServerCall } from '#server/exchange/act-as.ts';
import { demoPersonId } from './people.ts';
import { demoCall } from './setup.ts';

/** Doors on one walk; the demo's elders stand close together. */
const doorsPerRoute = 16;
const sides = ['东线', '西线', '南线', '北线', '中线', '环线'] as const;
/** The first routes are walked by the people who can sign in. */
const walkers = ['zhouguilan', 'wujianping', 'pengjuxiang'] as const;

/** Lunch routes: the elders of a community who get a meal brought, house by house, cut into walks. */
export function routeCalls(tables: TableReader): readonly ServerCall[] {
  const fed = new Set(
    tables
      .where(standingOrder, { meal: 'lunch' })
      .filter(({ mode }) => mode === 'delivery')
      .map(({ elderId }) => elderId),
  );
  const routes = tables.all(community).flatMap((place) => {
    const doors = houseByHouse(tables, place.id).filter((id) => fed.has(id));
    const walks = Math.ceil(doors.length / doorsPerRoute);
    const size = Math.ceil(doors.length / Math.max(1, walks));
    return Array.from({ length: walks }, (_, at) => ({
      name: `${place.name.replace(/社区$/, '')}${sides[at % sides.length]}`,
      elderIds: doors.slice(at * size, (at + 1) * size),
    }));
  });
  return routes.flatMap(({ name, elderIds }, at) => {
    const walker = walkers[at];
    const id = `route:${name}`;
    return [
      demoCall(id, routeActs.create, {
        name,
        meal: 'lunch',
        mealPointId: null,
        volunteerId: walker ? demoPersonId(walker) : null,
        deliverBy: '12:35',
      }),
      demoCall(`${id}:places`, routeActs.setPlaces, { routeId: `demo:${id}`, elderIds }),
    ];
  });
}

function houseByHouse(tables: TableReader, communityId: string): readonly string[] {
  const houseOf = (id: string | null) => (id ? tables.get(building, id) : undefined);
  return tables
    .where(elder, { communityId })
    .filter(({ status }) => status === 'active')
    .map((one) => ({ id: one.id, house: houseOf(one.buildingId), entrance: one.entrance ?? '', door: one.door ?? '' }))
    .sort(
      (a, b) =>
        (a.house?.estate ?? '').localeCompare(b.house?.estate ?? '', 'zh') ||
        (a.house?.name ?? '').localeCompare(b.house?.name ?? '', 'zh', { numeric: true }) ||
        a.entrance.localeCompare(b.entrance, 'zh', { numeric: true }) ||
        a.door.localeCompare(b.door, 'zh', { numeric: true }),
    )
    .map(({ id }) => id);
}
