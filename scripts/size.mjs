/**
 * npm run size: how many bytes a phone fetches. For each page the code and styles of its first load, of them the code
 * (`scripts`), and what is fetched behind it by itself as soon as the page stands (`firstVisit`: all of it together);
 * for the whole app what the service worker keeps for the day without signal, for a volunteer (`offline.volunteer`) and
 * for somebody at a desk (`offline.office`). Read from Vite's manifest of the last build, compressed here with gzip
 * (level 9) and Brotli (quality 11); the document itself and data are not counted.
 *
 *   npm run size -- /route/[id] /office        some pages; without names, all of them
 *   npm run --silent size -- --json            one object on the last line
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { StationError, printFailure } from './station/sentence.mjs';
import { closure, deskFiles, entriesOf, keysOf, readBuiltApp } from './built-app.mjs';
import { ensureBuilt, ensureInstalled, root } from './station/prepare.mjs';

/** @typedef {{ files: number, raw: number, gzip: number, brotli: number }} Bytes */

const client = path.join(root, '.svelte-kit/output/client');
const wantsJson = process.argv.includes('--json');

/** Progress goes to standard error: standard output ends with the object. @param {string} line */
const tell = (line) => void process.stderr.write(`${line}\n`);

/** Pages share most of their files, and to compress one takes much longer than to read it. @type {Map<string, Bytes>} */
const measured = new Map();

/** @param {string} file @returns {Bytes} */
function measureOne(file) {
  const bytes = fs.readFileSync(path.join(client, file));
  const [gzip, brotli] = [zlib.gzipSync(bytes, { level: 9 }).length, zlib.brotliCompressSync(bytes).length];
  return { files: 1, raw: bytes.length, gzip, brotli };
}

/** @param {Iterable<string>} files relative to the client's folder @returns {Bytes} */
function measure(files) {
  const sum = { files: 0, raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const one = measured.get(file) ?? measureOne(file);
    measured.set(file, one);
    sum.files += one.files;
    sum.raw += one.raw;
    sum.gzip += one.gzip;
    sum.brotli += one.brotli;
  }
  return sum;
}

/** Loaded by `import()` on every visit, whatever the page, though nothing waits for it; and the worker of the journal. */
const alwaysBehind = ['client/transport.ts', 'workbox-window/build/workbox-window.prod.es5.mjs'];
const alwaysBehindFiles = /\/journal\.worker-[^/]*\.js$/;

/** @param {import('./built-app.mjs').BuiltApp} app @returns {{ entries: string[], files: string[] }} */
function behind(app) {
  const entries = alwaysBehind.map((ending) => {
    const [key] = keysOf(app, ending);
    if (key === undefined) throw new Error(`${ending} was not found in the build's manifest.`);
    return key;
  });
  const files = kept().filter((file) => alwaysBehindFiles.test(file));
  if (files.length === 0) throw new Error('The worker of the journal was not found in the build.');
  return { entries, files };
}

/** @typedef {Bytes & { scripts: Bytes, firstVisit: Bytes }} PageBytes */
/** What is kept for the day without signal: by whoever goes to doors, and by whoever works at a desk. */
/** @typedef {{ volunteer: Bytes, office: Bytes }} OfflineBytes */
/** @returns {{ pages: Record<string, PageBytes>, offline: OfflineBytes, serviceWorker: Bytes }} */
function report() {
  const app = readBuiltApp(root);
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const later = behind(app);
  const chosen = named.length > 0 ? named : Object.keys(app.pages).sort();
  const first = chosen.map((route) => {
    if (app.pages[route] === undefined) {
      const there = Object.keys(app.pages).join(' ');
      throw new StationError(
        `没有 ${route} 这个页面，有的是：${there}`,
        `There is no page ${route}; there are: ${there}`,
      );
    }
    const entries = entriesOf(app, route);
    const files = closure(app, entries);
    const scripts = measure([...files].filter((file) => file.endsWith('.js')));
    const firstVisit = measure(new Set([...closure(app, [...entries, ...later.entries]), ...later.files]));
    return [route, { ...measure(files), scripts, firstVisit }];
  });
  const all = kept();
  const ofDesk = new Set(deskFiles(app));
  return {
    pages: Object.fromEntries(first),
    offline: { volunteer: measure(all.filter((file) => !ofDesk.has(file))), office: measure(all) },
    serviceWorker: measure(['service-worker.js'].filter((file) => fs.existsSync(path.join(client, file)))),
  };
}

/** The files of the client that the service worker may keep: everything that is served, without its own code and without what only the build needs. */
function kept() {
  const entries = fs.readdirSync(client, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(client, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('.vite') && !file.endsWith('.map') && file !== 'service-worker.js');
}

/** @param {string} name @param {Bytes} bytes */
function row(name, { files, gzip, brotli }) {
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
  return `${name.padEnd(36)}${String(files).padStart(4)} files${kilobytes(gzip)} gzip${kilobytes(brotli)} brotli`;
}

try {
  await ensureInstalled(tell);
  await ensureBuilt(tell);
  const sizes = report();
  if (!wantsJson)
    for (const [route, bytes] of Object.entries(sizes.pages)) {
      console.log(row(route, bytes));
      console.log(row('  of it scripts', bytes.scripts));
      console.log(row('  with what comes right behind', bytes.firstVisit));
    }
  if (!wantsJson) {
    console.log(row('kept for offline by a volunteer', sizes.offline.volunteer));
    console.log(row('  by the office and the kitchen', sizes.offline.office));
    console.log(row('service worker', sizes.serviceWorker));
  }
  if (wantsJson) console.log(JSON.stringify(sizes));
} catch (error) {
  printFailure(error);
  process.exit(1);
}
