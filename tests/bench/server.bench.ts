import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { BenchPostgres } from './bench-postgres.ts';
import { buildServer } from './built.ts';
import { makeRecords, type CareRecord } from './care-records.ts';
import { plain, quantile } from './figures.ts';
import { argumentsOf, careRecordActs } from './kinds.ts';
import { launch } from './processes.ts';
import { BenchStation } from './station-data.ts';

export interface ServerOptions {
  readonly phones: number;
  readonly writes: number;
  readonly tell: (line: string) => void;
}

/** What the phones said when they had come back. */
interface Seen {
  readonly requests: number;
  readonly sentAway: number;
  readonly errors: readonly string[];
  readonly requestMs: readonly number[];
  readonly phoneMs: readonly number[];
  readonly applied: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly totalMs: number;
}

interface Comeback {
  /** Within how many seconds all phones came; 0 is all at the same moment. */
  readonly windowSeconds: number;
  readonly applied: number;
  readonly wanted: number;
  readonly errors: number;
  readonly firstError?: string;
  readonly refused: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Requests that were sent away with a time to come back, and came back then. */
  readonly sentAway: number;
  readonly totalMs: number;
  readonly requestP50: number;
  readonly requestP99: number;
  /** From a phone's first request until it has handed in everything. */
  readonly phoneP99: number;
  readonly actsPerSecond: number;
}

export interface ServerReport {
  readonly name: 'server';
  readonly load: number;
  readonly cores: number;
  readonly phones: number;
  readonly writes: number;
  readonly comebacks: readonly Comeback[];
  readonly floor: { readonly what: string; readonly ms: number };
  /** All at once against the floor: what taking, judging, noting and telling cost beside keeping. */
  readonly ratioToFloor: number;
}

const run = promisify(execFile);
const windowsSeconds = [10, 0];
const rowsPerCommit = 500;

/** Many phones of one station come back from a day without signal: real server process, real PostgreSQL. */
export async function benchServer({ phones, writes, tell }: ServerOptions): Promise<ServerReport> {
  const postgres = await BenchPostgres.start();
  const built = await buildServer();
  try {
    const prepared = await postgres.database();
    const station = await BenchStation.make(prepared, 1_000);
    const known = await station.phones(phones);
    await station.settle();
    const records = makeRecords(phones * writes, 7);
    const floorMs = await station.plainInserts(records, rowsPerCommit);
    await station.end();
    const comebacks: Comeback[] = [];
    for (const windowSeconds of windowsSeconds) {
      tell(`${phones} phones within ${windowSeconds} s`);
      const url = await postgres.database(prepared);
      const seen = await comeBack(built.server, url, known, records, writes, windowSeconds);
      comebacks.push(figuresOf(seen, windowSeconds, phones * writes));
      await postgres.drop(url);
    }
    const atOnce = comebacks.find((one) => one.windowSeconds === 0) as Comeback;
    return {
      ...{ name: 'server', load: plain(os.loadavg()[0] as number), cores: os.cpus().length, phones, writes, comebacks },
      floor: { what: `the same rows in a plain table, ${rowsPerCommit} in a commit, one client`, ms: plain(floorMs) },
      ratioToFloor: plain(atOnce.totalMs / floorMs),
    };
  } finally {
    built.remove();
    await postgres.end();
  }
}

async function comeBack(
  serverFile: string,
  url: string,
  known: readonly { person: string; device: string; token: string }[],
  records: readonly CareRecord[],
  writes: number,
  windowSeconds: number,
): Promise<Seen> {
  const flags = process.env.BENCH_SERVER_FLAGS?.split(' ') ?? [];
  const server = await launch(process.execPath, [...flags, serverFile], { DATABASE_URL: url, LOG_LEVEL: 'error' });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-phones-'));
  try {
    const phones = known.map(({ person, device, token }, at) => ({
      ...{ device, token, comesAfter: at / known.length },
      acts: actsOf(records.slice(at * writes, (at + 1) * writes), person),
    }));
    const file = path.join(folder, 'phones.json');
    fs.writeFileSync(file, JSON.stringify({ port: server.port, phones, windowMs: windowSeconds * 1_000 }));
    const { stdout } = await run(process.execPath, [path.join(import.meta.dirname, 'phones.mjs'), file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as Seen;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
    await server.end();
  }
}

function actsOf(records: readonly CareRecord[], person: string): object[] {
  const at = Date.now();
  return records.map((record, place) => ({
    ...{ seq: place + 1, id: uuidv7(), name: careRecordActs.write.name, version: 1 },
    args: { ...argumentsOf(record), volunteer: person },
    ...{ claimedAt: at, serverTime: null, sinceServer: null, offset: null },
  }));
}

function figuresOf(seen: Seen, windowSeconds: number, wanted: number): Comeback {
  const { applied, refused, errors, requests, sentAway, totalMs, requestMs, phoneMs } = seen;
  return {
    ...{ windowSeconds, applied, wanted, refused, errors: errors.length, requests, sentAway },
    ...(errors[0] ? { firstError: errors[0] } : {}),
    totalMs: plain(totalMs),
    requestP50: plain(quantile(requestMs, 0.5)),
    requestP99: plain(quantile(requestMs, 0.99)),
    phoneP99: plain(quantile(phoneMs, 0.99)),
    actsPerSecond: plain(applied / (totalMs / 1_000)),
  };
}

/** The report as lines for a person. */
export function serverLines({ load, cores, comebacks, floor, ratioToFloor }: ServerReport): string[] {
  return [
    `load ${load} on ${cores} cores`,
    ...comebacks.map(
      (one) =>
        `within ${one.windowSeconds} s: ${one.applied} of ${one.wanted} acts in ${one.totalMs} ms ` +
        `(${one.actsPerSecond} a second), ${one.errors} errors, ${one.sentAway} of ${one.requests} requests sent away; ` +
        `request p50 ${one.requestP50} p99 ${one.requestP99} ms, phone p99 ${one.phoneP99} ms`,
    ),
    `floor: ${floor.what}: ${floor.ms} ms; all at once is ${ratioToFloor} times that`,
  ];
}
