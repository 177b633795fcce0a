import fs from 'node:fs/promises';
import type { Tables } from '#engine/tables.ts';
import { callsOf } from '#features/import/ledger-to-acts.ts';
import { readLedger } from '#features/import/read-ledger.ts';
import { standingOrderActs } from '#features/meals/standing-order.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { contact } from '#features/people/place.record.ts';
import { routeDayIdOf } from '#features/routes/stops-of.ts';
import { dayPlanActs } from '#features/routes/route-day.desk.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import { placeId } from '#features/people/public.ts';
import { demoPersonId } from '#server/demo/people.ts';
import type { Office } from './office.ts';

export const plainMeal = placeId('甲');
const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;

/** Brings one of the ledgers in demo/ in, through the reader and the acts of the import. */
export async function importLedger(office: Office, file: string): Promise<void> {
  const ledger = await readLedger(new Uint8Array(await fs.readFile(`demo/${file}`)), file, { today: office.today });
  if (ledger.outcome !== 'read') throw new Error(`${file} was not read: ${ledger.reason}`);
  const calls = callsOf(ledger, await office.tables(), { pinyin: () => null });
  await office.calls(calls.map((call, at) => ({ ...call, id: `import:${file}:${at}` })));
}

/** Elders with a telephone and somebody to call, no two of them next to each other behind the same entrance. */
export function eldersApart(tables: Tables, count: number): readonly string[] {
  const names = new Map<string, number>();
  for (const { name } of tables.all(elder)) names.set(name, (names.get(name) ?? 0) + 1);
  const able = tables
    .where(elder, { status: 'active' })
    .filter(({ name, phones, buildingId }) => names.get(name) === 1 && (phones ?? []).length > 0 && buildingId !== null)
    .filter(({ id }) => tables.where(contact, { elderId: id }).some(({ phone }) => phone !== null));
  const houses = new Set<string>();
  const apart = able.filter(({ buildingId, entrance }) => {
    const house = `${buildingId} ${entrance}`;
    const isNew = !houses.has(house);
    houses.add(house);
    return isNew;
  });
  if (apart.length < count) throw new Error(`The ledger has only ${apart.length} such elders.`);
  return apart.slice(0, count).map(({ id }) => id);
}

/** A lunch route of these doors, walked by this person, planned for today; gives the id of its day. */
export async function planWalk(
  office: Office,
  name: string,
  login: string | null,
  elderIds: readonly string[],
): Promise<string> {
  for (const elderId of elderIds)
    await office.act(standingOrderActs.arrange, {
      elderId,
      meal: 'lunch',
      weekdays: [...everyDay],
      mode: 'delivery',
      variantId: plainMeal,
      from: office.today,
      despiteDiet: true,
    });
  const routeId = await office.act(routeActs.create, {
    name,
    meal: 'lunch',
    mealPointId: null,
    deliverBy: '12:35',
    volunteerId: login && demoPersonId(login),
  });
  await office.act(routeActs.setPlaces, { routeId, elderIds: [...elderIds] });
  const stops = elderIds.map((elderId) => ({ elderId, variantId: plainMeal, boxesDue: 0, note: null }));
  await office.act(dayPlanActs.plan, { routeId, date: office.today, stops });
  return routeDayIdOf(office.today, 'lunch', routeId);
}
