/**
 * What `npm start` and `npm run dev` have in common: settings from the environment, the right to the data folder, the
 * database, and one orderly end however the end comes.
 */
import fs from 'node:fs';
import path from 'node:path';
import { openDataFolder } from './data-folder.mjs';
import { namedDatabase, ownDatabase } from './database.mjs';
import { shellParent } from './processes.mjs';
import { ensureInstalled, refuseOldNode, root } from './prepare.mjs';
import { StationError, printFailure } from './sentence.mjs';
import { addresses, refuseTakenPort } from './serve.mjs';

/** Ctrl-C ends everything within two seconds; this much of them is ours to use. */
const END_WITHIN_MS = 1_800;
const CLOSE_GRACE_MS = 300;
const DATABASE_WITHIN_MS = 1_200;
const PARENT_CHECK_MS = 250;

/** @typedef {{ host: string, port: number, dataFolder: string, databaseUrl: string | undefined }} Settings */
/** @typedef {(graceMs: number) => Promise<void>} Close */

/** One line of progress; standard output is for people here. @param {string} line */
export function tell(line) {
  process.stdout.write(`${line}\n`);
}

/** @returns {Settings} */
export function settingsFromEnvironment() {
  const { HOST, PORT, DATA_DIR, DATABASE_URL } = process.env;
  const port = Number(PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StationError(
      `PORT 写得不对：${PORT}。应该是 1 到 65535 之间的数。数据没有动过。`,
      `PORT is not a number between 1 and 65535: ${PORT}. No data was touched. Please correct it and start again.`,
    );
  }
  return {
    host: HOST || '127.0.0.1',
    port,
    dataFolder: path.resolve(root, DATA_DIR || 'data'),
    databaseUrl: DATABASE_URL || undefined,
  };
}

/**
 * Runs a station from the first check to its end. `open` starts what answers the browser and returns how to close it.
 * The process ends here, with code 1 when the station could not start or broke down.
 * @param {(settings: Settings) => Promise<Close>} open
 */
export async function runStation(open) {
  /** @type {{ release?: () => void, closeApp?: Close, stopDatabase?: (withinMs: number) => Promise<void> }} */
  const held = {};
  const end = onceOnly((/** @type {number} */ code) => endStation(held, code));
  listenForEnd(end);
  try {
    refuseOldNode();
    const settings = settingsFromEnvironment();
    const [address = ''] = addresses(settings.host, settings.port);
    held.release = await openDataFolder(settings.dataFolder, address);
    await refuseTakenPort(settings.host, settings.port);
    await ensureInstalled(tell);
    const database = settings.databaseUrl
      ? await namedDatabase(settings.databaseUrl)
      : await ownDatabase(settings.dataFolder, () => end(1));
    held.stopDatabase = database.stop;
    database.notes.forEach(tell);
    giveToApp(settings, database.url);
    held.closeApp = await open(settings);
  } catch (error) {
    printFailure(error);
    end(1);
  }
}

/** The app reads its settings from the environment, like every SvelteKit app on Node. @param {Settings} settings @param {string} url */
function giveToApp({ dataFolder, host, port }, url) {
  Object.assign(process.env, { DATABASE_URL: url, DATA_DIR: dataFolder, HOST: host, PORT: String(port) });
  // An empty database gets the demo station unless told otherwise; one that holds anything is left alone by the app.
  process.env.NUANLIN_DEMO ??= '1';
  process.env.BODY_SIZE_LIMIT ??= '32M';
  if (process.env.ORIGIN === undefined) process.env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
}

/** How to sign in, as the app wrote it down for the demo station; nothing when it wrote nothing. @param {string} dataFolder */
export function tellHowToSignIn(dataFolder) {
  const file = path.join(dataFolder, 'how-to-sign-in.txt');
  if (fs.existsSync(file)) return tell(`\n${fs.readFileSync(file, 'utf8').trim()}\n`);
  tell('\n还没有建站的话：npm run station -- --name 站名 --coordinator 姓名 --login 登录名');
  tell('No station yet? npm run station -- --name STATION --coordinator PERSON --login NAME\n');
}

/** @param {(code: number) => void} work */
function onceOnly(work) {
  let isDone = false;
  return (/** @type {number} */ code) => {
    if (!isDone) work(code);
    isDone = true;
  };
}

/**
 * The app closes before its database, so that it can finish what it is writing. Whatever hangs, the process ends in
 * time; a database that needs longer is stopped by its guard.
 * @param {{ release?: () => void, closeApp?: Close, stopDatabase?: (withinMs: number) => Promise<void> }} held
 * @param {number} code
 */
function endStation(held, code) {
  const leave = () => {
    held.release?.();
    process.exit(code);
  };
  setTimeout(leave, END_WITHIN_MS);
  void (async () => {
    await held.closeApp?.(CLOSE_GRACE_MS);
    await held.stopDatabase?.(DATABASE_WITHIN_MS);
  })()
    .catch(printFailure)
    .then(leave);
}

/** @param {(code: number) => void} end */
function listenForEnd(end) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    printFailure(error);
    end(1);
  });
  // A forgotten promise in one request must not take the station from everybody else.
  process.on('unhandledRejection', printFailure);
  followParent(end);
}

/**
 * npm that was killed cannot pass the end on to us, so we look for it: our parent is gone, or the shell that npm put
 * between us has lost its own.
 * @param {(code: number) => void} end
 */
function followParent(end) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const grandparent = shellParent(parent);
  setInterval(() => {
    if (process.ppid !== parent || shellParent(parent) !== grandparent) end(0);
  }, PARENT_CHECK_MS).unref();
}
