import type { TableReader } from '#engine/reader.ts';
import { standingOrder } from '#features/meals/order.record.ts';
import { standingOrderActs } from '#features/meals/standing-order.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, community } from '#features/people/place.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import type { ServerCall } from '#server/exchange/act-as.ts';
import { demoPersonId } from './people.ts';
import { demoCall } from './setup.ts';

/** Doors on one walk; the demo's elders stand close together. */
const doorsPerRoute = 16;
const sides = ['东线', '西线', '南线', '北线', '中线', '环线'] as const;
/** The first routes are walked by the people who can sign in. */
const walkers = ['zhouguilan', 'wujianping', 'pengjuxiang'] as const;

const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;

/** Lunch routes: the elders of a community who get a meal brought, house by house, cut into walks. */
export function routeCalls(tables: TableReader): readonly ServerCall[] {
  return walksOf(tables).flatMap(({ name, elderIds }, at) => {
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
      demoCall(`${id}:places`, routeActs.setPlaces, { routeId: `demo:${id}`, elderIds: [...elderIds] }),
    ];
  });
}

/**
 * The month of marks knows few meals on Saturdays and Sundays. Whoever is on the first route gets lunch on all seven
 * days, so that a newcomer who starts the demo on a Sunday finds a whole walk too.
 */
export function weekendCalls(tables: TableReader): readonly ServerCall[] {
  const [first] = walksOf(tables);
  return (first?.elderIds ?? []).flatMap((elderId) => {
    const [usual] = lunchesBrought(tables, elderId);
    // Whoever eats in the canteen on a day goes on doing so.
    const lunches = tables.where(standingOrder, { elderId }).filter(({ meal }) => meal === 'lunch');
    const ordered = new Set(lunches.flatMap(({ weekdays }) => weekdays));
    const weekdays = everyDay.filter((day) => !ordered.has(day));
    if (!usual || weekdays.length === 0) return [];
    const { mode, variantId, from } = usual;
    const wanted = { elderId, meal: 'lunch' as const, weekdays, mode, variantId, from, despiteDiet: true };
    return [demoCall(`weekend:${elderId}`, standingOrderActs.arrange, wanted)];
  });
}

function lunchesBrought(tables: TableReader, elderId: string) {
  return tables.where(standingOrder, { elderId }).filter(({ meal, mode }) => meal === 'lunch' && mode === 'delivery');
}

function walksOf(tables: TableReader): readonly { readonly name: string; readonly elderIds: readonly string[] }[] {
  return tables.all(community).flatMap((place) => {
    const doors = houseByHouse(tables, place.id).filter((id) => lunchesBrought(tables, id).length > 0);
    const walks = Math.ceil(doors.length / doorsPerRoute);
    const size = Math.ceil(doors.length / Math.max(1, walks));
    return Array.from({ length: walks }, (_, at) => ({
      name: `${place.name.replace(/社区$/, '')}${sides[at % sides.length]}`,
      elderIds: doors.slice(at * size, (at + 1) * size),
    }));
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
