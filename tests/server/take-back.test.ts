/** An import and its undo on a real PostgreSQL, with its keys between tables: the station is as it was before. */
import fs from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Row } from '#engine/kind.ts';
import { importLedger, stationPeople } from '#features/import/import-ledger.server.ts';
import { importPartActs } from '#features/import/import-part.desk.record.ts';
import { readLedger } from '#features/import/read-ledger.ts';
import { runsOf } from '#features/import/runs.ts';
import { elder } from '#features/people/elder.record.ts';
import { building } from '#features/people/place.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.desk.record.ts';
import { actAs, type ServerCall } from '#server/exchange/act-as.ts';
import { setupCalls } from '#server/demo/setup.ts';
import { makeStation } from '#server/new-station.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import { openStation, type RunningStation } from '#server/station.ts';
import { freshDatabase } from '../support/database.ts';

const station = 'xingfu';
const identity = { station, person: 'p:lin', roles: ['coordinator'], communities: 'all' as const };
let database: Awaited<ReturnType<typeof freshDatabase>>;
let open: RunningStation;

beforeAll(async () => {
  database = await freshDatabase();
  open = await openStation(database.url);
  await makeStation(open, {
    id: station,
    card: { name: '幸福里站', phone: '0731-70001111', address: '幸福里' },
    coordinator: { id: 'p:lin', name: '林梅' },
  });
  await act(setupCalls());
}, 120_000);

afterAll(async () => {
  await open?.close();
  await database?.drop();
});

async function act(calls: readonly ServerCall[]): Promise<readonly string[]> {
  const session = { device: 'system:test', identity };
  const verdicts = await actAs(open.store, open.registry, open, session, calls, (error) => {
    throw error;
  });
  return verdicts.map(({ verdict }) => verdict);
}

const tables = () => inStation(open.sql, station, (tx) => readTables(tx, open.registry, open.registry.kinds));

/** Everything but the book of imports. */
async function standing(): Promise<string> {
  const all = await tables();
  const kinds = open.registry.kinds.filter(({ name }) => name !== 'importPart');
  return JSON.stringify(kinds.map((kind) => [kind.name, all.all(kind) as readonly Row[]]));
}

const demo = (file: string) => fs.readFileSync(new URL(`../../demo/${file}`, import.meta.url));

async function bringIn(file: string, bytes: Uint8Array = demo(file)): Promise<void> {
  const people = await stationPeople(open, station);
  const ledger = await readLedger(bytes, file, { today: '2026-11-02', knownPeople: people });
  if (ledger.outcome !== 'read') throw new Error(ledger.reason);
  const session = { device: 'system:import', identity };
  const done = await importLedger(open, session, ledger, { run: file, pinyinOf: () => null });
  expect(done.refused).toEqual([]);
  expect(done.registered).toBeGreaterThan(0);
}

async function takeBack(file: string): Promise<void> {
  const run = runsOf(await tables()).find((one) => one.run === file);
  const calls = (run?.standing ?? []).map(({ id }) => ({
    id: `back:${id}`,
    name: importPartActs.takeBack.name,
    args: { partId: id },
  }));
  expect(calls.length).toBeGreaterThan(0);
  expect(new Set(await act(calls))).toEqual(new Set(['applied']));
}

const files = ['wenyuan-places.csv', 'wenyuan-elders.xlsx', 'wenyuan-orders-2026-10.xlsx'];

it('leaves the station as it was before, ledger by ledger', { timeout: 300_000 }, async () => {
  const before: string[] = [];
  for (const file of files) {
    before.push(await standing());
    await bringIn(file);
  }
  const [largest] = await open.sql<{ signs: number }[]>`
    select max(length(args::text))::int as signs from act where name = 'importPart.bringIn'`;
  expect(largest?.signs).toBeLessThan(24_000);
  for (const file of [...files].reverse()) {
    await takeBack(file);
    expect((await standing()) === before.pop()).toBe(true);
  }
});

it('leaves an elder whom somebody means to visit, with the house', { timeout: 120_000 }, async () => {
  const lines = [
    '姓名,性别,住址,电话,联系人',
    '张建国,男,幸福里3栋2单元501,13900000001,张小明13800002222（儿子）',
    '李桂兰,女,幸福里4栋2单元502,13900000002,',
  ];
  await bringIn('a.csv', Buffer.from(lines.join('\n')));
  const one = (await tables()).where(elder, { status: 'active' }).find(({ buildingId }) => buildingId !== null);
  const args = { elderId: one?.id, everyDays: 30, visitorId: 'p:lin', dueOn: '2026-11-05' };
  expect(await act([{ id: 'plan', name: visitPlanActs.arrange.name, args }])).toEqual(['applied']);
  await takeBack('a.csv');
  const after = await tables();
  expect(after.all(elder).map(({ id }) => id)).toEqual([one?.id]);
  expect(after.all(building).map(({ id }) => id)).toEqual([one?.buildingId]);
  expect(runsOf(after)[0]?.stays).toEqual([one?.name]);
});
