import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { elder } from '#features/people/elder.record.ts';
import { setPassword } from '#server/access/passwords.ts';
import { makeStation } from '#server/new-station.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import { openStation, type RunningStation } from '#server/station.ts';
import { freshDatabase } from '../support/database.ts';

// The command as a coordinator types it, against a station on a real PostgreSQL.
let database: Awaited<ReturnType<typeof freshDatabase>>;
let station: RunningStation;

beforeAll(async () => {
  database = await freshDatabase();
  station = await openStation(database.url);
  await makeStation(station, {
    id: 'xingfu',
    card: { name: '幸福里站', phone: '0731-70001111', address: '幸福里' },
    coordinator: { id: 'p:lin', name: '林梅' },
  });
  await setPassword(station.sql, 'xingfu', 'p:lin', 'linmei', 'a-long-password');
}, 120_000);

afterAll(async () => {
  await station?.close();
  await database?.drop();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function importLedger(args: string[], env: NodeJS.ProcessEnv = { DATABASE_URL: database.url }): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.resolve('scripts/import.mjs'), ...args],
      { env: { ...process.env, ...env }, maxBuffer: 1e8 },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const elders = () =>
  inStation(station.sql, 'xingfu', (tx) => readTables(tx, station.registry, station.registry.kinds)).then((tables) =>
    tables.all(elder),
  );

it('registers a ledger in the name of a coordinator, and nothing the second time', async () => {
  const args = ['demo/wenyuan-elders.xlsx', '--as', 'linmei', '--json'];
  const first = await importLedger(args);
  expect(first.err).toBe('');
  const said = JSON.parse(first.out.trim().split('\n').at(-1) as string);
  expect(said).toMatchObject({ kind: 'elders', station: 'xingfu', as: 'linmei', refused: [], distinctPeople: 1060 });
  expect(said.registered).toBe(1060);
  expect(await elders()).toHaveLength(1060);
  const [act] = await station.sql`select person_id as person, device_id as device from act limit 1`;
  expect(act).toEqual({ person: 'p:lin', device: 'system:import' });
  const before = JSON.stringify(await elders());
  const again = JSON.parse((await importLedger(args)).out.trim());
  expect(again).toMatchObject({ registered: 0, unchanged: 1060, refused: [] });
  expect(JSON.stringify(await elders())).toBe(before);
}, 120_000);

it('says in one sentence why it did not', async () => {
  const file = 'demo/wenyuan-volunteers.xlsx';
  const stranger = await importLedger([file, '--as', 'nobody']);
  expect([stranger.code, stranger.err]).toEqual([1, expect.stringContaining('nobody')]);
  const closed = { DATABASE_URL: '', DATA_DIR: path.resolve('no-such-data-folder') };
  const notRunning = await importLedger([file, '--as', 'linmei'], closed);
  expect([notRunning.code, notRunning.err]).toEqual([1, expect.stringContaining('npm start')]);
}, 120_000);
