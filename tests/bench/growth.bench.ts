import os from 'node:os';
import type { Sql } from '#server/postgres/connect.ts';
import { noFacts, type DeviceStorage, type StoredState } from '#engine/device-storage.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { Replica } from '#engine/replica.ts';
import { exchange } from '#server/exchange/exchange.ts';
import type { DeviceSession } from '#server/exchange/judge.ts';
import { connect } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { uuidv7 } from 'uuidv7';
import { BenchPostgres } from './bench-postgres.ts';
import { makeRecords, writeSeed } from './care-records.ts';
import { median, plain } from './figures.ts';
import { argumentsOf, benchRegistry, careRecord, careRecordActs, rowOf } from './kinds.ts';
import { BenchStation, benchStation, coordinator, visitor } from './station-data.ts';

export interface GrowthOptions {
  readonly records: readonly number[];
  readonly communities: readonly number[];
  readonly tell: (line: string) => void;
}

/** What each unit of work cost at one size (ms). */
interface Costs {
  readonly pullPerRecord: number;
  readonly pushPerAct: number;
  readonly nothingNew: number;
  readonly hundredChanged: number;
  readonly localWrite: number;
}

interface Size {
  readonly records: number;
  readonly communities: number;
  readonly scope: 'whole' | 'each';
  readonly costs: Costs;
}

export interface GrowthReport {
  readonly name: 'growth';
  readonly load: number;
  readonly cores: number;
  readonly sizes: readonly Size[];
  /** Costs of a unit that rose by more than the noise of a shared machine, from which size to which. */
  readonly growing: readonly string[];
}

const acts = 500;
const changedCount = 100;
const looks = 15;
const warmUp = 500;
/** A unit of work that costs more than so many times what it did at the smallest size grows faster than the work. */
const noise = 2;

/** A disk that costs nothing, so that what grows is the engine's or the server's. */
class NoDisk implements DeviceStorage {
  #seq = 0;
  load = async (): Promise<StoredState> => ({ facts: noFacts, pages: [], entries: [] });
  append = async (): Promise<number> => (this.#seq += 1);
  commit = async (): Promise<void> => undefined;
  compact = async (): Promise<void> => undefined;
  acknowledgeRefusal = async (): Promise<void> => undefined;
}

/** The same figures at growing sizes of one station, and with growing numbers of stations beside it. */
export async function benchGrowth({ records, communities, tell }: GrowthOptions): Promise<GrowthReport> {
  const postgres = await BenchPostgres.start();
  const sizes: Size[] = [];
  try {
    // The first run pays for what Node has not compiled yet.
    await measured(postgres, { records: warmUp, communities: 1 }, () => undefined);
    for (const count of records) sizes.push(...(await measured(postgres, { records: count, communities: 1 }, tell)));
    const fewest = Math.min(...records);
    for (const count of communities.filter((one) => one > 1))
      sizes.push(...(await measured(postgres, { records: fewest, communities: count }, tell)));
  } finally {
    await postgres.end();
  }
  const load = plain(os.loadavg()[0] as number);
  return { name: 'growth', load, cores: os.cpus().length, sizes, growing: growingOf(sizes) };
}

async function measured(
  postgres: BenchPostgres,
  size: Pick<Size, 'records' | 'communities'>,
  tell: (line: string) => void,
): Promise<Size[]> {
  tell(`${size.records} records, ${size.communities} communities`);
  const url = await postgres.database();
  const station = await BenchStation.make(url, size.records);
  for (let other = 1; other < size.communities; other += 1) {
    const beside = new BenchStation(url, `${benchStation}-${other}`);
    await beside.found(size.records, other + 1);
    await beside.end();
  }
  await station.settle();
  const sql = connect(url, { max: 4 });
  try {
    const found: Size[] = [];
    for (const scope of ['whole', 'each'] as const)
      found.push({ ...size, scope, costs: await costsOf(station, sql, scope, size.records) });
    return found;
  } finally {
    await sql.end({ timeout: 5 });
    await station.end();
    await postgres.drop(url);
  }
}

async function costsOf(station: BenchStation, sql: Sql, scope: Size['scope'], records: number): Promise<Costs> {
  const who = scope === 'whole' ? coordinator : visitor;
  const device = `device-${scope}`;
  await station.device(who, device);
  const roles = [scope === 'whole' ? 'coordinator' : 'visitor'];
  const session: DeviceSession = { device, identity: { station: station.id, person: who, roles, communities: 'all' } };
  const store = new PostgresStore(sql, benchRegistry);
  const ask = (request: ExchangeRequest): Promise<ExchangeAnswer> =>
    exchange(store, benchRegistry, { now: Date.now }, session, request);
  const tools = { wallClock: Date.now, monotonic: () => performance.now(), newId: uuidv7 };
  const phone = await Replica.open(benchRegistry, device, new NoDisk(), tools);
  const pullMs = await timed(() => round(phone, ask));
  const missing = records - phone.shown.all(careRecord).length;
  if (missing > 0) throw new Error(`A measure could not be taken: ${missing} records are missing.`);
  const nothing: number[] = [];
  await round(phone, ask);
  for (let turn = 0; turn < looks; turn += 1) nothing.push(await timed(() => round(phone, ask)));
  const changed = makeRecords(records)
    .slice(0, changedCount)
    .map((one) => rowOf({ ...one, minutes: one.minutes + 1 }));
  await station.put(careRecord.name, changed);
  const changedMs = await timed(() => round(phone, ask));
  const writeMs = await timed(async () => {
    for (const one of makeRecords(acts, writeSeed)) await phone.mutate(careRecordActs.write, argumentsOf(one));
  });
  const pushMs = await timed(() => round(phone, ask));
  return {
    pullPerRecord: pullMs / records,
    pushPerAct: pushMs / acts,
    nothingNew: median(nothing),
    hundredChanged: changedMs,
    localWrite: writeMs / acts,
  };
}

async function round(phone: Replica, ask: (request: ExchangeRequest) => Promise<ExchangeAnswer>): Promise<void> {
  for (let more = true; more;) {
    const request = phone.request();
    const answer = await ask(request);
    await phone.accept(request, answer);
    more = answer.more || phone.unsent.length > 0;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function growingOf(sizes: readonly Size[]): string[] {
  const found: string[] = [];
  for (const scope of ['whole', 'each'] as const) {
    const [smallest, ...others] = sizes.filter((one) => one.scope === scope);
    if (!smallest) continue;
    for (const { records, communities, costs } of others)
      for (const [what, cost] of Object.entries(costs) as [keyof Costs, number][]) {
        const times = cost / smallest.costs[what];
        if (times > noise)
          found.push(
            `${what} (${scope}): ${plain(times)} times as much at ${records} records, ${communities} communities`,
          );
      }
  }
  return found;
}

/** The report as lines for a person. */
export function growthLines({ load, cores, sizes, growing }: GrowthReport): string[] {
  const line = ({ records, communities, scope, costs }: Size): string =>
    `${records} records, ${communities} communities, ${scope}: ` +
    `pull ${plain(costs.pullPerRecord * 1_000)} µs a record, push ${plain(costs.pushPerAct)} ms an act, ` +
    `nothing new ${plain(costs.nothingNew)} ms, 100 changed ${plain(costs.hundredChanged)} ms, ` +
    `a write ${plain(costs.localWrite * 1_000)} µs`;
  return [
    `load ${load} on ${cores} cores`,
    ...sizes.map(line),
    ...(growing.length > 0 ? growing.map((one) => `GROWS ${one}`) : ['nothing grows faster than the work']),
  ];
}
