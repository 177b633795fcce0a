/**
 * The data folder of our own PostgreSQL: made once, whole or not at all, and never touched when it is not ours to use.
 */
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { POSTGRES_MAJOR } from './binaries.mjs';
import { StationError, pause } from './sentence.mjs';

/** @typedef {import('./binaries.mjs').Identity} Identity */
/** @typedef {{ folder: string, identity: Identity | undefined }} Programs  bin/, lib/, share/ and who runs them */

export const DATABASE_NAME = 'nuanlin';
export const DATABASE_USER = 'nuanlin';

/** PostgreSQL gets no setting of ours by accident: PGPORT, PGOPTIONS and their like stay out. */
export function databaseEnvironment(extra = {}) {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC', ...extra };
}

/** The password kept in this file; undefined when there is none. @param {string} file */
export function readPassword(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}

/** @returns {string} letters, digits, - and _ */
export function newPassword() {
  return crypto.randomBytes(24).toString('base64url');
}

/** Keeps the password where only the file's owner may read it. @param {string} file @param {string} password */
export function keepPassword(file, password) {
  const part = `${file}.part-${process.pid}`;
  fs.writeFileSync(part, `${password}\n`, { mode: 0o600 });
  fs.renameSync(part, file);
}

/** Throws a StationError when the folder was made by another PostgreSQL major, and changes nothing. @param {string} cluster */
export function refuseOtherMajor(cluster) {
  const version = path.join(cluster, 'PG_VERSION');
  if (!fs.existsSync(version)) throw isNoCluster(cluster);
  const major = fs.readFileSync(version, 'utf8').trim();
  if (major === POSTGRES_MAJOR) return;
  throw new StationError(
    `数据文件夹 ${cluster} 是 PostgreSQL ${major} 建的，这一版暖邻用的是 ${POSTGRES_MAJOR}。数据原样没动。请用原来那一版暖邻打开，或者换一个 DATA_DIR。`,
    `The data folder ${cluster} was made by PostgreSQL ${major}, and this version of Nuanlin brings ${POSTGRES_MAJOR}. The data was left as it is. Please open it with the version of Nuanlin that made it, or name another DATA_DIR.`,
  );
}

/** @param {string} cluster */
function isNoCluster(cluster) {
  return new StationError(
    `${cluster} 不是数据库的文件夹（没有 PG_VERSION）。里面的数据没有动过。请把它移开或从备份恢复，或者换一个 DATA_DIR。`,
    `${cluster} is not a database folder (it has no PG_VERSION). The data in it was not touched. Please move it away, restore it from a backup, or name another DATA_DIR.`,
  );
}

/**
 * Makes a data folder, with one database in it, beside its final place and renames it: a folder cut short by a crash
 * is never mistaken for a whole one.
 * @param {Programs} programs
 * @param {string} cluster where it shall be; must not exist
 * @param {string} password of the user DATABASE_USER
 * @param {{ throwaway?: boolean }} [options] a throwaway folder is not flushed to disk
 */
export async function makeCluster(programs, cluster, password, { throwaway = false } = {}) {
  removeUnfinished(cluster);
  const unfinished = `${cluster}.unfinished-${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  fs.mkdirSync(unfinished, { mode: 0o700 });
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(programs.identity, unfinished, passwordFile);
  try {
    await runProgram(programs, 'initdb', [
      `--pgdata=${unfinished}`,
      `--username=${DATABASE_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Not plain C: without character classes trigram search finds nothing in Chinese.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      // Windows has no such operating system locale, and the builtin provider does not need one.
      process.platform === 'win32' ? '--locale=C' : '--locale=C.UTF-8',
      ...(throwaway ? ['--no-sync'] : []),
      '--no-instructions',
    ]);
    await runAlone(programs, unfinished, `create database ${DATABASE_NAME}`);
    fs.renameSync(unfinished, cluster);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    throw notMade(cluster, error);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

/** Full disks and users without a name are not ours to repair. @param {string} cluster @param {unknown} error */
function notMade(cluster, error) {
  const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
  return new StationError(
    `数据库的文件夹 ${cluster} 没能建成（${reason}）。原有的数据没有动过。请处理后再启动，或者用 DATABASE_URL 指一个现成的 PostgreSQL。`,
    `The database's folder ${cluster} could not be made (${reason}). No data was touched. Please put it right and start again, or name a PostgreSQL in DATABASE_URL.`,
  );
}

/** What a start that was killed half-way left behind; nothing in it was ever in use. @param {string} cluster */
function removeUnfinished(cluster) {
  const start = `${path.basename(cluster)}.unfinished-`;
  for (const name of fs.readdirSync(path.dirname(cluster))) {
    if (name.startsWith(start)) fs.rmSync(path.join(path.dirname(cluster), name), { recursive: true, force: true });
  }
}

/** @param {Identity | undefined} identity @param {string[]} targets */
export function giveTo(identity, ...targets) {
  if (identity === undefined) return;
  for (const target of targets) fs.chownSync(target, identity.uid, identity.gid);
}

/**
 * Gives the database user this password while no server runs.
 * @param {Programs} programs
 * @param {string} cluster
 * @param {string} password
 * @param {Record<string, string>} environment from strangerEnvironment
 */
export async function setPassword(programs, cluster, password, environment) {
  // Our passwords are letters, digits, - and _ only, so there is nothing to quote.
  await runAlone(programs, cluster, `alter user ${DATABASE_USER} password '${password}'`, environment);
}

/** How long leftovers of a killed server may still hold the data. */
export const LEFTOVERS_WITHIN_MS = 20_000;

/** Does PostgreSQL say that a server, or what a killed one left behind, holds the data? @param {string} said */
export function saysHeld(said) {
  return /pre-existing shared memory block|lock file "postmaster.pid"/.test(said);
}

/**
 * One statement in PostgreSQL's single-user mode, which reports mistakes in its output only.
 * @param {Programs} programs
 * @param {string} cluster
 * @param {string} statement
 * @param {Record<string, string>} [environment]
 */
async function runAlone(programs, cluster, statement, environment = {}) {
  for (const begun = Date.now(); ; await pause(250)) {
    const output = await runProgram(
      programs,
      'postgres',
      ['--single', '-D', cluster, 'postgres'],
      `${statement};\n`,
      environment,
    ).catch((/** @type {Error} */ error) => `FATAL: ${error.message}`);
    if (!/(ERROR|FATAL|PANIC):/.test(output)) return;
    if (saysHeld(output) && Date.now() - begun < LEFTOVERS_WITHIN_MS) continue;
    throw new Error(`PostgreSQL refused "${statement.split(' ', 2).join(' ')}": ${output}`);
  }
}

/**
 * Runs one of PostgreSQL's programs to its end and returns what it printed; throws an Error with the output when it failed.
 * @param {Programs} programs
 * @param {string} name
 * @param {string[]} args
 * @param {string} [input]
 * @param {Record<string, string>} [environment] beside what databaseEnvironment gives
 * @returns {Promise<string>}
 */
export function runProgram({ folder, identity }, name, args, input = '', environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(folder, 'bin', name), args, {
      ...identity,
      // The working folder must be one that the identity can enter, which ours need not be.
      cwd: folder,
      env: databaseEnvironment(environment),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${name} ended with ${signal ?? code}: ${output.trim()}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
