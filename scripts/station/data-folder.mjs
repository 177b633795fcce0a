/**
 * The data folder: everything a station keeps lies in it, or is named by a file in it. Opening it either gives the
 * only right to use it, or says in one sentence why not and leaves it as it was.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SHARED_PLACE, databaseIdentity, makeSharedPlace, mayUse } from './binaries.mjs';
import { LockHeld, takeLock } from './lock.mjs';
import { StationError } from './sentence.mjs';

/** @typedef {import('./binaries.mjs').Identity} Identity */
/** @typedef {{ cluster: string, identity: Identity | undefined, note?: string }} ClusterPlace */

/** A station that is just ending gives the folder back within this time. */
const PATIENCE_MS = 2_500;

/**
 * Makes the folder when it is missing and takes the only right to use it.
 * @param {string} dataFolder full path
 * @param {string} address where this station will answer, told to a second start
 * @returns {Promise<() => void>} gives the right back
 */
export async function openDataFolder(dataFolder, address) {
  try {
    makeDataFolder(dataFolder);
    return await takeLock(path.join(dataFolder, 'station.lock'), { address, patienceMs: PATIENCE_MS });
  } catch (error) {
    if (error instanceof LockHeld) throw alreadyRunning(dataFolder, error);
    throw asSentence(error, dataFolder);
  }
}

/** @param {string} dataFolder */
function makeDataFolder(dataFolder) {
  if (!fs.existsSync(dataFolder)) {
    fs.mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    // As root, the database runs as another user, who has to pass through to its own folder but sees nothing else.
    fs.chmodSync(dataFolder, databaseIdentity() === undefined ? 0o700 : 0o711);
  }
  const stats = fs.statSync(dataFolder);
  if (!stats.isDirectory()) throw unusable(dataFolder, 'ENOTDIR');
  // Root could go in all the same, but whoever closed the folder meant it.
  if (process.platform !== 'win32' && (stats.mode & 0o700) !== 0o700) throw unusable(dataFolder, 'EACCES');
}

/** @param {string} dataFolder @param {LockHeld} held */
export function alreadyRunning(dataFolder, { holder }) {
  const place = holder.address === undefined ? '' : ` ${holder.address}`;
  return new StationError(
    `这个数据文件夹已经有一个暖邻在用（进程 ${holder.pid}${place}）。数据没有动过。请直接用已经开着的那个，或者先把它关掉；要再开一个，请换一个 DATA_DIR。`,
    `Another Nuanlin is already using this data folder ${dataFolder} (process ${holder.pid}${place}). No data was touched. Please use the one that is running, or end it first; to run a second one, name another DATA_DIR.`,
  );
}

/** @param {string} dataFolder @param {string} code the system's word for the reason */
function unusable(dataFolder, code) {
  return new StationError(
    `数据文件夹 ${dataFolder} 打不开或写不进去（${code}）。里面的数据没有动过。请检查文件夹的主人、权限和剩余空间，或者换一个 DATA_DIR。`,
    `The data folder ${dataFolder} cannot be read or written (${code}). The data in it was not touched. Please check the folder's owner, its permissions and the free space, or name another DATA_DIR.`,
  );
}

/**
 * Turns a failure of the file system into the sentence; everything else is returned as it is.
 * @param {unknown} error
 * @param {string} dataFolder
 */
export function asSentence(error, dataFolder) {
  const code = error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : '';
  const ofTheDisk = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOSPC', 'EDQUOT', 'ELOOP', 'EIO'];
  return ofTheDisk.includes(code) ? unusable(dataFolder, code) : error;
}

/**
 * Where the database's own folder is and who runs it. Normally `postgresql` in the data folder; as root, in a data
 * folder that the database's user cannot reach, a folder under SHARED_PLACE that `postgresql.location` names.
 * @param {string} dataFolder
 * @returns {ClusterPlace}
 */
export function clusterPlace(dataFolder) {
  const identity = databaseIdentity();
  const inside = path.join(dataFolder, 'postgresql');
  const pointer = path.join(dataFolder, 'postgresql.location');
  if (fs.existsSync(pointer)) return elsewhere(fs.readFileSync(pointer, 'utf8').trim(), identity);
  if (fs.existsSync(inside)) return { cluster: inside, identity: ownerOf(inside, dataFolder) };
  if (mayUse(identity, dataFolder, 1)) return { cluster: inside, identity };
  makeSharedPlace();
  const mark = crypto.createHash('sha256').update(fs.realpathSync(dataFolder)).digest('hex').slice(0, 16);
  const home = path.join(SHARED_PLACE, `data-${mark}`);
  const place = elsewhere(path.join(home, 'postgresql'), identity);
  fs.mkdirSync(home, { recursive: true });
  fs.chmodSync(home, 0o711);
  fs.writeFileSync(pointer, `${place.cluster}\n`);
  return place;
}

/** @param {string} cluster @param {Identity | undefined} identity @returns {ClusterPlace} */
function elsewhere(cluster, identity) {
  return {
    cluster,
    identity: fs.existsSync(cluster) ? ownerOf(cluster, cluster) : identity,
    note: `Other users cannot enter the data folder, and PostgreSQL must not run as root: the database lies in ${cluster}.`,
  };
}

/** A database that an ordinary user made goes on being run as that user when root starts it. @param {string} cluster @param {string} dataFolder */
function ownerOf(cluster, dataFolder) {
  const { uid, gid } = fs.statSync(cluster);
  const self = process.getuid?.();
  if (self === undefined || uid === self) return undefined;
  const owner = { uid, gid };
  if (self !== 0 || !mayUse(owner, cluster, 7)) throw unusable(dataFolder, 'EACCES');
  return owner;
}
