/**
 * Brings a fresh clone to where it can run: packages installed as package-lock.json says, and the app built from the
 * sources as they are. Both are skipped when there is nothing to do, and done by one process at a time.
 */
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockHeld, takeLock } from './lock.mjs';
import { StationError } from './sentence.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Installing and building by another process is waited for this long. */
const PATIENCE_MS = 600_000;
const OLDEST_NODE = [20, 19];

/** Node is the one thing we cannot bring ourselves. */
export function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new StationError(
    `这台电脑的 Node 是 ${process.versions.node}，太旧了。数据没有动过。请装 Node ${OLDEST_NODE.join('.')} 或更新的版本，再启动一次。`,
    `This machine's Node is ${process.versions.node}, which is too old. No data was touched. Please install Node ${OLDEST_NODE.join('.')} or newer and start again.`,
  );
}

/** Installs when node_modules is not what package-lock.json says. @param {(line: string) => void} tell */
export async function ensureInstalled(tell) {
  if (isInstalled()) return;
  await alone(async () => {
    if (isInstalled()) return;
    tell('正在安装需要的程序包…… / Installing packages (npm ci) …');
    const npm = process.env.npm_execpath;
    // Without install scripts: what they would make, the build and the tests make themselves, and only when needed.
    const scope = ['--include=dev', '--include=optional', '--ignore-scripts'];
    const args = ['ci', ...scope, '--no-audit', '--no-fund', '--loglevel=error'];
    const isScript = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm);
    const code = isScript
      ? await run(process.execPath, [npm, ...args])
      : await run('npm', args, process.platform === 'win32');
    if (code === 0) return fs.writeFileSync(installedMark, lockMark());
    throw new StationError(
      '程序包没能装好，原因在上面。数据没有动过。请检查网络和磁盘空间，再启动一次。',
      'The packages could not be installed, for the reason above. No data was touched. Please check the network and the free space and start again.',
    );
  });
}

/** Written after an installation of ours, so that nothing npm decides about single packages makes us repeat it. */
const installedMark = path.join(root, 'node_modules/.nuanlin-installed');

function lockMark() {
  return `${crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')}\n`;
}

/**
 * For installations by somebody else: npm notes what it installed in node_modules/.package-lock.json as its last step,
 * so one that was cut short counts as none.
 */
function isInstalled() {
  if (fs.existsSync(installedMark) && fs.readFileSync(installedMark, 'utf8') === lockMark()) return true;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const present = packagesOf(path.join(root, 'node_modules/.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional, extraneous, link }]) => {
    if (place === '' || link) return true;
    const found = present[place];
    // npm leaves out what this platform has no use for, and what the lock file lists without anybody needing it.
    return found === undefined ? optional === true || extraneous === true : found.version === version;
  });
}

/** @param {string} file @returns {Record<string, { version: string, optional?: boolean, extraneous?: boolean, link?: boolean }> | undefined} */
function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The folder with the built app, built here when it is older than the sources. @param {(line: string) => void} tell */
export async function ensureBuilt(tell) {
  const build = path.join(root, 'build');
  const stamp = path.join(build, 'built-from.txt');
  const isFresh = () => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === sourceMark();
  if (isFresh()) return build;
  await alone(async () => {
    if (isFresh()) return;
    tell('正在构建…… / Building …');
    const mark = sourceMark();
    fs.rmSync(stamp, { force: true });
    const code = await run(process.execPath, [
      path.join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--logLevel',
      'warn',
    ]);
    if (code !== 0) {
      throw new StationError(
        '构建没有成功，原因在上面。数据没有动过。',
        'The app could not be built, for the reason above. No data was touched.',
      );
    }
    fs.writeFileSync(stamp, mark);
  });
  return build;
}

/** A mark of everything that goes into the build; two trees with the same mark build the same app. */
export function sourceMark() {
  const hash = crypto.createHash('sha256').update(`${process.versions.node.split('.')[0]}\n`);
  const single = [
    'package.json',
    'package-lock.json',
    'svelte.config.js',
    'vite.config.ts',
    'tsconfig.json',
    // Its folder is also where the catalogue's compiler keeps notes of its own.
    'src/i18n/project.inlang/settings.json',
    'scripts/built-app.mjs',
    'scripts/desk-apart.mjs',
    'scripts/english-apart.mjs',
    'scripts/messages.mjs',
    'scripts/ensure-messages.mjs',
  ];
  for (const file of [...single, ...['src', 'server', 'static'].flatMap(filesUnder)]) {
    const full = path.join(root, file);
    if (fs.existsSync(full)) hash.update(`${file}\0`).update(fs.readFileSync(full)).update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

/** Files below a folder of ours, sorted, without tests and without what is itself made by the build. @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  const made = ['src/i18n/compiled', 'src/i18n/collected', 'src/i18n/project.inlang'];
  if (made.includes(folder) || !fs.existsSync(path.join(root, folder))) return [];
  const entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(name);
      return /\.test\.[a-z]+$/.test(entry.name) ? [] : [name];
    });
}

/** Runs one piece of preparation while no other process prepares the same clone. @param {() => Promise<void>} work */
async function alone(work) {
  const file = path.join(root, '.svelte-kit/preparing.lock');
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const release = await takeLock(file, { patienceMs: PATIENCE_MS });
    try {
      await work();
    } finally {
      release();
    }
  } catch (error) {
    if (!(error instanceof LockHeld)) throw asClosedClone(error);
    throw new StationError(
      `另一个进程（${error.holder.pid}）一直在安装或构建。数据没有动过。请等它做完再启动。`,
      `Another process (${error.holder.pid}) has been installing or building for long. No data was touched. Please start again when it is done.`,
    );
  }
}

/** @param {unknown} error @returns {unknown} a StationError when the clone itself cannot be written */
function asClosedClone(error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) return error;
  return new StationError(
    `项目文件夹 ${root} 写不进去（${code}），没法安装和构建。数据没有动过。请用文件夹的主人来启动，或者先由他启动一次。`,
    `The project's folder ${root} cannot be written (${code}), so nothing can be installed or built. No data was touched. Please start as the folder's owner, or let them start it once.`,
  );
}

/** Runs a program silently; what it said is shown when it fails. @param {string} program @param {string[]} args @param {boolean} [shell] @returns {Promise<number>} */
function run(program, args, shell = false) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill('SIGTERM');
    process.once('exit', end);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    const finish = (/** @type {number} */ code) => {
      process.off('exit', end);
      if (code !== 0) process.stderr.write(said);
      resolve(code);
    };
    child.on('error', (error) => {
      said += error.message;
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
