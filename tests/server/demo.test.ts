import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, dayOf } from '#engine/calendar.ts';
import { escort } from '#features/escorts/escort.record.ts';
import { countOfDay } from '#features/meals/public.ts';
import { standingOrder } from '#features/meals/order.record.ts';
import { kitchen, mealPoint } from '#features/meals/kitchen.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, community } from '#features/people/place.record.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { routeDay, stop } from '#features/routes/route.record.ts';
import { dueList } from '#features/visits/public.ts';
import { visitPlan } from '#features/visits/visit-plan.record.ts';
import { bringDemoToToday, demoState, demoStation, seedDemo } from '#server/demo/seed.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import { openStation, type RunningStation } from '#server/station.ts';
import { freshDatabase } from '../support/database.ts';

// The demo is what a newcomer sees first, and it is made by the importer: its numbers are those of the ledgers.
let database: Awaited<ReturnType<typeof freshDatabase>>;
let station: RunningStation;
const now = Date.parse('2026-11-24T02:00:00Z');
const tables = () =>
  inStation(station.sql, demoStation, (tx) => readTables(tx, station.registry, station.registry.kinds));

beforeAll(async () => {
  database = await freshDatabase();
  station = await openStation(database.url, () => now);
  await seedDemo(station);
  await bringDemoToToday(station);
}, 120_000);

afterAll(async () => {
  await station?.close();
  await database?.drop();
});

it('holds the six communities, the elders, houses and volunteers of the ledgers', async () => {
  const all = await tables();
  expect(all.all(community)).toHaveLength(6);
  expect(all.all(elder)).toHaveLength(1060);
  expect(all.all(building).length).toBeGreaterThanOrEqual(169);
  expect(all.all(volunteer)).toHaveLength(320);
  expect(all.all(mealPoint)).toHaveLength(6);
  expect(all.all(kitchen)[0]?.seats).toBe(40);
});

it('has today’s routes for the three who walk, look-ins that wait and two trips', async () => {
  const all = await tables();
  const today = dayOf(now);
  const days = all.where(routeDay, { date: today });
  const walked = days.filter(({ volunteerId }) => volunteerId !== null);
  expect(walked.map(({ volunteerId }) => volunteerId).sort()).toEqual([
    'demo:person:pengjuxiang',
    'demo:person:wujianping',
    'demo:person:zhouguilan',
  ]);
  for (const { id } of walked) expect(all.where(stop, { routeDayId: id }).length).toBeGreaterThan(5);
  const waiting = dueList(all.all(visitPlan), today, []).filter(({ state }) => state === 'overdue' || state === 'due');
  expect(waiting.length).toBeGreaterThan(4);
  expect(all.where(escort, { date: today }).map(({ state }) => state)).toEqual(['staffed', 'staffed']);
});

it('counts lunch from the month of marks and forecasts from it', async () => {
  const all = await tables();
  expect(all.all(standingOrder).length).toBeGreaterThan(200);
  const count = countOfDay(all, dayOf(now), 'lunch');
  expect(count.counted.length).toBeGreaterThan(100);
  expect(count.forecast.people).toBeGreaterThan(0);
});

it('made again changes nothing, and the next day is today', async () => {
  const before = JSON.stringify((await tables()).all(elder));
  await seedDemo(station);
  expect(JSON.stringify((await tables()).all(elder))).toBe(before);
  expect(await demoState(station)).toBe('complete');
  const tomorrow = { ...station, now: () => now + 86_400_000 };
  await bringDemoToToday(tomorrow);
  await bringDemoToToday(tomorrow);
  const all = await tables();
  expect(all.where(escort, { date: '2026-11-25' })).toHaveLength(2);
  expect(all.where(routeDay, { date: '2026-11-25' }).length).toBe(all.where(routeDay, { date: '2026-11-24' }).length);
});

it('gives 周桂兰 a whole walk on every day of the week', async () => {
  const counted: number[] = [];
  for (let later = 0; later < 7; later += 1) {
    const on = now + later * 86_400_000;
    await bringDemoToToday({ ...station, now: () => on });
    const all = await tables();
    const walked = all.where(routeDay, { date: addDays(dayOf(now), later) });
    const days = walked.filter(({ volunteerId }) => volunteerId === 'demo:person:zhouguilan');
    const stops = days.flatMap(({ id }) => [...all.where(stop, { routeDayId: id })].filter(({ active }) => active));
    counted.push(stops.length);
  }
  expect(Math.min(...counted), counted.join(' ')).toBeGreaterThanOrEqual(14);
});
