import { addDays, dayOf } from '#engine/calendar.ts';
import type { Tables } from '#engine/tables.ts';
import { callsOf } from '#features/import/ledger-to-acts.ts';
import { pinyinReader } from '#features/people/pinyin.ts';
import { planRoutesOf } from '#features/routes/plan-day.server.ts';
import { setPassword } from '#server/access/passwords.ts';
import { actAs, type ServerCall } from '#server/exchange/act-as.ts';
import { makeStation } from '#server/new-station.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import type { Station } from '#server/station.ts';
import { escortCalls, visitCalls, visitsComeRound } from './day.ts';
import { demoFiles, readDemoLedger } from './ledgers.ts';
import { demoCoordinator, demoPeople, demoPersonId } from './people.ts';
import { routeCalls, weekendCalls } from './routes.ts';
import { setupCalls } from './setup.ts';

export const demoStation = 'wenyuan';
export const demoPassword = 'nuanlin-demo';

/** How a person of the demo signs in, as it is written down for whoever starts the station. */
export interface DemoSignIn {
  readonly role: string;
  readonly person: string;
  readonly name: string;
  readonly password: string;
}

/** Whether the demo is there whole, is missing (or was broken off while it was made), or the database is another's. */
export async function demoState({ sql }: Station): Promise<'complete' | 'missing' | 'other'> {
  const stations = await sql<{ id: string }[]>`select id from station`;
  if (stations.some(({ id }) => id !== demoStation)) return 'other';
  // The ways to sign in are the last thing that is made.
  const [account] = await sql`select from account where station_id = ${demoStation} limit 1`;
  return account ? 'complete' : 'missing';
}

/**
 * Fills an empty database with the demo station 文源, through the same importer and the same acts as any other. May be
 * broken off and begun again: every act has a name and is taken once.
 */
export async function seedDemo(station: Station): Promise<void> {
  const [begun] = await station.sql`select from station where id = ${demoStation}`;
  if (!begun)
    await makeStation(station, {
      id: demoStation,
      card: { name: '文源街道暖邻站', phone: '0731-70009000', address: '文源综合养老服务中心' },
      coordinator: { id: demoPersonId(demoCoordinator.login), name: demoCoordinator.name },
    });
  await act(station, setupCalls());
  const today = dayOf(station.now());
  const pinyin = await pinyinReader();
  for (const file of demoFiles) {
    const ledger = await readDemoLedger(file, today);
    const calls = callsOf(ledger, await everything(station), { pinyin });
    await act(station, calls.map((call, at) => ({ ...call, id: `demo:${file}:${at}` })));
  }
  const tables = await everything(station);
  await act(station, [...routeCalls(tables), ...weekendCalls(tables), ...visitCalls(tables, today)]);
  for (const { login } of demoPeople)
    await setPassword(station.sql, demoStation, demoPersonId(login), login, demoPassword);
}

/** Makes it today at the demo station: routes planned for today and tomorrow, trips, look-ins that are due. */
export async function bringDemoToToday(station: Station): Promise<void> {
  const now = station.now();
  const today = dayOf(now);
  const context = {
    tables: () => everything(station),
    act: (calls: readonly ServerCall[]) => act(station, calls),
  };
  for (const date of [today, addDays(today, 1)]) await planRoutesOf(context, date, now);
  const tables = await everything(station);
  await act(station, [...visitsComeRound(tables, today), ...escortCalls(tables, today)]);
}

export function demoSignIns(): readonly DemoSignIn[] {
  return demoPeople.map(({ login, name, roles }) => ({
    role: roles.join('+'),
    person: name,
    name: login,
    password: demoPassword,
  }));
}

function everything(station: Station): Promise<Tables> {
  return inStation(station.sql, demoStation, (tx) => readTables(tx, station.registry, station.registry.kinds));
}

/** As the coordinator, from a device of the station's own. A refusal here is a mistake in the demo and says so. */
async function act(station: Station, calls: readonly ServerCall[]) {
  const identity = {
    station: demoStation,
    person: demoPersonId(demoCoordinator.login),
    roles: ['coordinator'],
    communities: 'all' as const,
  };
  const session = { device: 'system:demo', identity };
  const verdicts = await actAs(station.store, station.registry, station, session, calls, station.report);
  const refused = verdicts.find(({ verdict }) => verdict === 'refused');
  if (refused) throw new Error(`The demo's act ${refused.id} was refused: ${refused.code}.`);
  return verdicts;
}
