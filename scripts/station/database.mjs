/**
 * The station's database: the one named in DATABASE_URL, or our own PostgreSQL in the data folder, which is kept
 * running for as long as we run.
 */
import fs from 'node:fs';
import path from 'node:path';
import { programs } from './binaries.mjs';
import { keepPassword, makeCluster, newPassword, readPassword, refuseOtherMajor, setPassword } from './cluster.mjs';
import { alreadyRunning, asSentence, clusterPlace } from './data-folder.mjs';
import { LockHeld, takeLock } from './lock.mjs';
import { databaseUrl, endOrphan, startPostgres } from './postgres.mjs';
import { StationError, pause, printFailure } from './sentence.mjs';

/** Everything the server uses has been in PostgreSQL since this version. */
const OLDEST_MAJOR = 15;
/** A log longer than this starts anew, with the old one kept beside it. */
const LOG_LIMIT_BYTES = 10_000_000;
/** A server that falls over more often than this within a minute is not started again. */
const RESTARTS_PER_MINUTE = 5;

/** @typedef {{ url: string, notes: string[], stop: (withinMs: number) => Promise<void> }} Database */

/**
 * Opens our own database, making it on first use.
 * @param {string} dataFolder
 * @param {() => void} giveUp called when the database is gone for good while we run
 * @returns {Promise<Database>}
 */
export async function ownDatabase(dataFolder, giveUp) {
  try {
    return await openOwn(dataFolder, giveUp);
  } catch (error) {
    throw asSentence(error, dataFolder);
  }
}

/** @param {string} dataFolder @param {() => void} giveUp @returns {Promise<Database>} */
async function openOwn(dataFolder, giveUp) {
  const { cluster, identity, note } = clusterPlace(dataFolder);
  if (fs.existsSync(cluster)) refuseOtherMajor(cluster);
  const release = await holdElsewhere(dataFolder, cluster);
  const found = programs(identity);
  const runner = { folder: found.folder, identity };
  const password = await preparedCluster(runner, cluster, path.join(dataFolder, 'postgresql.password'));
  const logFile = path.join(dataFolder, 'postgresql.log');
  if (fs.existsSync(logFile) && fs.statSync(logFile).size > LOG_LIMIT_BYTES) fs.renameSync(logFile, `${logFile}.1`);
  const plan = { programs: runner, cluster, logFile };
  const server = await keepRunning(plan, giveUp);
  const notes = [note, found.note].filter((line) => line !== undefined);
  const stop = async (/** @type {number} */ withinMs) => {
    await server.stop(withinMs);
    release();
  };
  return { url: databaseUrl(server.port, password), notes, stop };
}

/**
 * A database outside the data folder could be named by a copy of that folder too, so it has a lock of its own.
 * @param {string} dataFolder @param {string} cluster
 */
async function holdElsewhere(dataFolder, cluster) {
  if (path.dirname(cluster) === dataFolder) return () => undefined;
  try {
    return await takeLock(path.join(path.dirname(cluster), 'station.lock'), { patienceMs: 2_500 });
  } catch (error) {
    throw error instanceof LockHeld ? alreadyRunning(cluster, error) : error;
  }
}

/**
 * Makes the database's folder on first use, and a new password when the kept one was lost. Each is kept in the order
 * in which a crash between two steps leaves nothing that cannot be opened.
 * @param {import('./cluster.mjs').Programs} runner @param {string} cluster @param {string} file of the password
 */
async function preparedCluster(runner, cluster, file) {
  const kept = readPassword(file);
  const password = kept ?? newPassword();
  if (!fs.existsSync(cluster)) {
    if (kept === undefined) keepPassword(file, password);
    await makeCluster(runner, cluster, password);
  } else if (kept === undefined) {
    await setPassword(runner, cluster, password, await endOrphan(cluster));
    keepPassword(file, password);
  }
  return password;
}

/** Starts the server, and again on the same port whenever it ends without us. @param {import('./postgres.mjs').Plan} plan @param {() => void} giveUp */
async function keepRunning(plan, giveUp) {
  let server = await startPostgres(plan);
  const { port } = server;
  let isEnding = false;
  /** @type {Promise<void>} */
  let restarting = Promise.resolve();
  /** @type {number[]} */
  const restarts = [];
  const follow = () => void server.ended.then(() => (restarting = startAgain()));
  const startAgain = async () => {
    if (isEnding) return;
    const now = Date.now();
    restarts.splice(0, restarts.length, ...restarts.filter((at) => now - at < 60_000), now);
    try {
      if (restarts.length > RESTARTS_PER_MINUTE) throw keepsFalling(plan);
      process.stderr.write(
        '数据库意外停了，正在重新启动。 / PostgreSQL ended unexpectedly and is being started again.\n',
      );
      server = await startPostgres({ ...plan, port });
      if (isEnding) await server.stop(1_000);
      else follow();
    } catch (error) {
      printFailure(error);
      giveUp();
    }
  };
  follow();
  const stop = async (/** @type {number} */ withinMs) => {
    isEnding = true;
    // Ended while it starts again: one that takes longer is stopped by its guard.
    await Promise.race([restarting, pause(withinMs / 2)]);
    await server.stop(withinMs / 2);
  };
  return { port, stop };
}

/** @param {import('./postgres.mjs').Plan} plan */
function keepsFalling({ cluster, logFile }) {
  return new StationError(
    `数据库一分钟里停了 ${RESTARTS_PER_MINUTE} 次以上，先不再启动了。数据在 ${cluster}，没有动过。请看日志 ${logFile}。`,
    `PostgreSQL ended more than ${RESTARTS_PER_MINUTE} times within a minute and is not started again. The data is in ${cluster} and was left as it is. Please look into ${logFile}.`,
  );
}

/**
 * Checks that the named database answers and is new enough; writes nothing to it.
 * @param {string} url
 * @returns {Promise<Database>}
 */
export async function namedDatabase(url) {
  const place = placeOf(url);
  const { default: postgres } = await import('postgres');
  const sql = postgres(url, { max: 1, connect_timeout: 8, fetch_types: false, onnotice: () => undefined });
  try {
    const [row] = await sql.unsafe('show server_version_num').simple();
    refuseOld(Number(row?.server_version_num), place);
  } catch (error) {
    if (error instanceof StationError) throw error;
    throw unreachable(place, error);
  } finally {
    await sql.end({ timeout: 1 });
  }
  return { url, notes: [`PostgreSQL: ${place} (DATABASE_URL)`], stop: () => Promise.resolve() };
}

/** Host, port and database, never user or password. @param {string} url */
function placeOf(url) {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (!/^postgres(ql)?:$/.test(protocol)) throw new TypeError('not a PostgreSQL url');
    return `${host}${pathname}`;
  } catch {
    throw new StationError(
      'DATABASE_URL 写得不对，应该像 postgres://用户:密码@主机:5432/库名。数据没有动过。请改正后再启动。',
      'DATABASE_URL is not of the form postgres://user:password@host:5432/database. No data was touched. Please correct it and start again.',
    );
  }
}

/** @param {number} version like 180004 @param {string} place */
function refuseOld(version, place) {
  if (version >= OLDEST_MAJOR * 10_000) return;
  const major = Math.floor(version / 10_000);
  throw new StationError(
    `DATABASE_URL 指的数据库 ${place} 是 PostgreSQL ${major}，太旧了。数据没有动过。请换成 ${OLDEST_MAJOR} 或更新的版本，或者不设 DATABASE_URL，用自带的。`,
    `The database ${place} named in DATABASE_URL is PostgreSQL ${major}, which is too old. No data was touched. Please use version ${OLDEST_MAJOR} or newer, or leave DATABASE_URL out to use the one Nuanlin brings.`,
  );
}

/** @param {string} place @param {unknown} error */
function unreachable(place, error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new StationError(
    `连不上 DATABASE_URL 指的数据库 ${place}（${code}）。数据没有动过。请确认它开着、地址和密码对，再启动一次；或者不设 DATABASE_URL，用自带的。`,
    `The database ${place} named in DATABASE_URL cannot be reached (${code}). No data was touched. Please check that it runs and that address and password are right, and start again; or leave DATABASE_URL out to use the one Nuanlin brings.`,
  );
}
