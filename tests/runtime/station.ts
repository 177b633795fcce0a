/**
 * Starts `scripts/start.mjs` for real, on a data folder and a port of its own, with a small app in place of the built
 * one: it counts its starts in the database and keeps its pool and a stream open, as the real app does.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAlive } from '../../scripts/station/processes.mjs';
import { freePort } from '../../scripts/station/postgres.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Nothing here is measured; whatever takes longer than this does not come any more. */
const PATIENCE_MS = 60_000;

const standInApp = `
import postgres from ${JSON.stringify(pathToFileURL(path.join(root, 'node_modules/postgres/src/index.js')).href)};
const sql = postgres(process.env.DATABASE_URL, { max: 2, onnotice: () => undefined });
await sql\`create table if not exists start (at timestamptz not null default now())\`;
await sql\`insert into start default values\`;
export function handler(request, response) {
  if (request.url === '/stream') return void response.write('open');
  sql\`select count(*)::int as count from start\`.then(
    ([{ count }]) => response.end(JSON.stringify({ ok: true, starts: count })),
    (error) => response.writeHead(503).end(String(error)),
  );
}
`;

/** Every station of this test file; those that still run at the end of a test are killed. */
const started = new Set<ChildProcess>();

export interface Station {
  child: ChildProcess;
  pid: number;
  url: string;
  /** What it has printed so far, both streams. */
  said: () => string;
  /** Resolves with the exit code; rejects when it does not end. */
  ended: () => Promise<number | null>;
}

export interface Place {
  /** Everything of this test lies here. */
  folder: string;
  dataFolder: string;
  build: string;
  port: number;
  remove: () => void;
}

/** A folder that other users may enter, with the stand-in app in it. */
export async function makePlace(): Promise<Place> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-runtime-'));
  fs.chmodSync(folder, 0o755);
  const build = path.join(folder, 'app');
  fs.mkdirSync(build);
  fs.writeFileSync(path.join(build, 'package.json'), '{"type":"module"}');
  fs.writeFileSync(path.join(build, 'handler.js'), standInApp);
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  return { folder, dataFolder: path.join(folder, 'data'), build, port: await freePort(), remove };
}

/** Starts a station there, from this clone or another; does not wait for anything. */
export function start(place: Place, environment: Record<string, string> = {}, clone = root): Station {
  const child = spawn(process.execPath, [path.join(clone, 'scripts/start.mjs')], {
    cwd: clone,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PORT: String(place.port),
      DATA_DIR: place.dataFolder,
      NUANLIN_BUILD: place.build,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = () => within(exit, () => `it did not end; it said: ${said}`);
  return { child, pid: child.pid ?? 0, url: `http://127.0.0.1:${place.port}`, said: () => said, ended };
}

/** Starts a station and waits until it answers. */
export async function startReady(
  place: Place,
  environment: Record<string, string> = {},
  clone = root,
): Promise<Station> {
  const station = start(place, environment, clone);
  await until(() => {
    if (station.child.exitCode !== null) throw new Error(`it ended instead of starting: ${station.said()}`);
    return station.said().includes('Ctrl-C');
  }, 'the station to be ready');
  return station;
}

/** Ends a station as Ctrl-C does and checks that it ended well. */
export async function endWell({ child, ended, said }: Station): Promise<void> {
  child.kill('SIGINT');
  const code = await ended();
  if (code !== 0) throw new Error(`it ended with ${code}: ${said()}`);
}

/** How often a station has started on this database, asked of the station; undefined while it cannot say. */
export async function starts({ url }: Station): Promise<number | undefined> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? ((await answer.json()) as { starts: number }).starts : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the PostgreSQL on this data folder; undefined when none is alive. */
export function postgresId(cluster: string): number | undefined {
  const file = path.join(cluster, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  const pid = Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
  return isAlive(pid) ? pid : undefined;
}

/** Ids of all processes, other than this one, whose command names the folder. */
export function processesOf(folder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(folder) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

/** Kills every station of this test file, and whatever it left running on this folder. */
export async function killAll(folder: string): Promise<void> {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
  const isGone = () => {
    for (const pid of processesOf(folder)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    return processesOf(folder).length === 0;
  };
  await until(isGone, `everything of ${folder} to be gone`);
}

/** Waits until something is so; throws when it never is. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < PATIENCE_MS; await pause(50))
    if (await isSo()) return;
  throw new Error(`waited in vain for ${what}`);
}

async function within<T>(promise: Promise<T>, complaint: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), PATIENCE_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
