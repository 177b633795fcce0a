/**
 * Runs the bundled PostgreSQL: starts it on a data folder, knows when it is ready, stops it, and sees to it that it
 * does not outlive us. There is never a second server on the same data: PostgreSQL's own postmaster.pid is the
 * authority, and no one here ever deletes it.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { databaseIdentity, programs } from './binaries.mjs';
import {
  DATABASE_NAME,
  DATABASE_USER,
  LEFTOVERS_WITHIN_MS,
  databaseEnvironment,
  giveTo,
  makeCluster,
  newPassword,
  runProgram,
  saysHeld,
} from './cluster.mjs';
import { isAlive, isPostgresOn } from './processes.mjs';
import { StationError, pause } from './sentence.mjs';

/** @typedef {import('./cluster.mjs').Programs} Programs */
/** @typedef {{ programs: Programs, cluster: string, logFile: string, settings?: Record<string, string>, port?: number, throwaway?: boolean }} Plan */
/** @typedef {{ pid: number, port: number, ended: Promise<void>, stop: (withinMs?: number) => Promise<void> }} Running */

/** Recovery after a crash reads what was written since the last checkpoint; minutes are possible on a slow disk. */
const READY_WITHIN_MS = 300_000;

const commonSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // Names, addresses and phone numbers stay out of the log: no statements, no values of conflicting rows.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
};

/** A TCP port of the loopback address that is free now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/** @param {number} port @param {string} password @param {string} [database] */
export function databaseUrl(port, password, database = DATABASE_NAME) {
  return `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** What PostgreSQL writes about itself into its data folder; undefined when no server left such a file. @param {string} cluster */
export function readPostmaster(cluster) {
  try {
    const lines = fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number.parseInt(lines[0] ?? '', 10), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * Stops a server that outlived the one who started it. When an unrelated process meanwhile got the number in
 * postmaster.pid, the environment returned tells PostgreSQL to think nothing of it, as pg_ctl does of itself.
 * @param {string} cluster
 * @returns {Promise<Record<string, string>>}
 */
export async function endOrphan(cluster) {
  const pid = readPostmaster(cluster)?.pid;
  if (pid === undefined || !isAlive(pid)) return {};
  const ours = isPostgresOn(pid, cluster);
  if (ours === false) return { PG_GRANDPARENT_PID: String(pid) };
  if (ours === true) {
    // Fast first, then immediate, which loses nothing either: the log is replayed at the next start.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT'])) {
      if (isAlive(pid)) process.kill(pid, signal);
      for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 50) await pause(50);
    }
  }
  return {};
}

/**
 * Starts PostgreSQL on an existing data folder and resolves when it takes connections.
 * Throws a StationError with PostgreSQL's own reason when it does not start.
 * @param {Plan} plan
 * @returns {Promise<Running>}
 */
export async function startPostgres(plan) {
  const environment = await endOrphan(plan.cluster);
  const begun = Date.now();
  for (;;) {
    const port = plan.port ?? (await freePort());
    const logBefore = fs.existsSync(plan.logFile) ? fs.statSync(plan.logFile).size : 0;
    const launched = launch(plan, port, environment);
    if (await becomesReady(launched.child, plan.cluster)) return running(plan, launched, port);
    const said = fs.readFileSync(plan.logFile, 'utf8').slice(logBefore);
    const portTaken = plan.port === undefined && /Address already in use|could not create any TCP/.test(said);
    if ((saysHeld(said) || portTaken) && Date.now() - begun < LEFTOVERS_WITHIN_MS) await pause(250);
    else throw didNotStart(plan, said);
  }
}

/** @param {Plan} plan @param {string} said */
function didNotStart(plan, said) {
  const reason = said.match(/(?:FATAL|PANIC): +(.*)/)?.[1] ?? said.trim().split('\n').at(-1) ?? '';
  return new StationError(
    `数据库没能启动（${reason}）。数据原样没动，在 ${plan.cluster}。请看日志 ${plan.logFile}，处理后再启动一次。`,
    `PostgreSQL did not start (${reason}). The data was left as it is, in ${plan.cluster}. Please look into ${plan.logFile}, put it right and start again.`,
  );
}

/** @param {Plan} plan @param {number} port @param {Record<string, string>} environment */
function launch(plan, port, environment) {
  const {
    programs: { folder, identity },
    cluster,
    logFile,
    settings = {},
  } = plan;
  const options = Object.entries({ ...commonSettings, ...settings, port: String(port) });
  const log = fs.openSync(logFile, 'a', 0o600);
  const child = spawn(
    path.join(folder, 'bin/postgres'),
    ['-D', cluster, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...identity,
      cwd: cluster,
      env: databaseEnvironment(environment),
      stdio: ['ignore', log, log],
      // A group of its own: Ctrl-C reaches us only, and we stop the app before its database.
      detached: process.platform !== 'win32',
    },
  );
  fs.closeSync(log);
  child.unref();
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));
  // From the first moment: we may be killed while it is still starting.
  const guard = child.pid === undefined ? undefined : watchOver(plan, child.pid);
  void ended.then(() => {
    // A throwaway folder is the guard's to remove; otherwise there is nothing left to guard.
    if (!plan.throwaway) guard?.kill('SIGKILL');
  });
  return { child, ended, guard };
}

/** @param {import('node:child_process').ChildProcess} child @param {string} cluster @returns {Promise<boolean>} */
async function becomesReady(child, cluster) {
  let failed = false;
  child.once('error', () => (failed = true));
  for (const begun = Date.now(); Date.now() - begun < READY_WITHIN_MS; await pause(20)) {
    if (failed || child.exitCode !== null || child.signalCode !== null) return false;
    const postmaster = readPostmaster(cluster);
    if (postmaster?.pid === child.pid && postmaster.ready) return true;
  }
  child.kill('SIGINT');
  return false;
}

/** @param {Plan} plan @param {ReturnType<typeof launch>} launched @param {number} port @returns {Running} */
function running(plan, { child, ended, guard }, port) {
  const stop = async (withinMs = 10_000) => {
    if (process.platform === 'win32')
      await runProgram(plan.programs, 'pg_ctl', ['stop', '-D', plan.cluster, '-m', 'fast']);
    else child.kill(plan.throwaway ? 'SIGQUIT' : 'SIGINT');
    if (!(await endsWithin(ended, withinMs * 0.7))) child.kill('SIGQUIT');
    await endsWithin(ended, withinMs * 0.3);
    guard?.stdin?.end();
  };
  return { pid: /** @type {number} */ (child.pid), port, ended, stop };
}

/** @param {Promise<void>} ended @param {number} milliseconds @returns {Promise<boolean>} */
function endsWithin(ended, milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void ended.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/**
 * A shell that waits for us to die, however that happens: its input ends with us, and then it stops the server.
 * Windows has no such shell; there the next start finds the server and reports it.
 * @param {Plan} plan
 * @param {number} pid
 */
function watchOver({ programs: { identity }, cluster, throwaway = false }, pid) {
  if (process.platform === 'win32') return undefined;
  const script = [
    'while read -r _; do :; done',
    // The number may have gone to another process meanwhile: only the one that the data folder names is stopped.
    'if [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ]; then kill -"$3" "$1" 2>/dev/null; fi',
    // Bounded, as an ended server keeps its number where nobody collects the dead.
    'if [ -n "$4" ]; then for _ in 1 2 3 4 5 6 7 8 9; do kill -0 "$1" 2>/dev/null && sleep 0.2; done; rm -rf -- "$4"; fi',
  ].join('\n');
  const args = [
    '-c',
    script,
    'nuanlin-guard',
    String(pid),
    cluster,
    throwaway ? 'QUIT' : 'INT',
    throwaway ? path.dirname(cluster) : '',
  ];
  const guard = spawn('/bin/sh', args, {
    ...identity,
    cwd: '/',
    env: databaseEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (guard.stdin)).unref();
  return guard;
}

/**
 * A PostgreSQL of its own for tests, in the system's temporary folder; gone when stopped or when this process ends.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} the url is a superuser's
 */
export async function startTemporaryPostgres() {
  const identity = databaseIdentity();
  const found = { ...programs(identity), identity };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-test-'));
  const password = newPassword();
  giveTo(identity, folder);
  const cluster = path.join(folder, 'postgresql');
  await makeCluster(found, cluster, password, { throwaway: true });
  const server = await startPostgres({
    programs: found,
    cluster,
    logFile: path.join(folder, 'postgresql.log'),
    // Nothing here has to survive a crash of the machine.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    throwaway: true,
  });
  const stop = async () => {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { url: databaseUrl(server.port, password), stop };
}
