/**
 * npm run size: how many bytes a phone fetches. For each page the code and styles of its first load, of them the code
 * (`scripts`), and what is fetched behind it by itself as soon as the page stands (`firstVisit`: all of it together);
 * for the whole app what the service worker keeps for the day without signal. Read from Vite's manifest of the last build,
 * compressed here with gzip (level 9) and Brotli (quality 11); the document itself and data are not counted.
 *
 *   npm run size -- /route/[id] /office        some pages; without names, all of them
 *   npm run --silent size -- --json            one object on the last line
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { StationError, printFailure } from './station/sentence.mjs';
import { ensureBuilt, ensureInstalled, root } from './station/prepare.mjs';

/** @typedef {{ file: string, name?: string, src?: string, imports?: string[], css?: string[], assets?: string[] }} Chunk */
/** @typedef {{ files: number, raw: number, gzip: number, brotli: number }} Bytes */

const client = path.join(root, '.svelte-kit/output/client');
const generated = path.join(root, '.svelte-kit/generated/client-optimized');
const wantsJson = process.argv.includes('--json');

/** Progress goes to standard error: standard output ends with the object. @param {string} line */
const tell = (line) => void process.stderr.write(`${line}\n`);

/** @param {Iterable<string>} files relative to the client's folder @returns {Bytes} */
function measure(files) {
  const sum = { files: 0, raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = fs.readFileSync(path.join(client, file));
    sum.files += 1;
    sum.raw += bytes.length;
    sum.gzip += zlib.gzipSync(bytes, { level: 9 }).length;
    sum.brotli += zlib.brotliCompressSync(bytes).length;
  }
  return sum;
}

/** Loaded by `import()` on every visit, whatever the page, though nothing waits for it; and the worker of the journal. */
const alwaysBehind = ['client/transport.ts', 'workbox-window/build/workbox-window.prod.es5.mjs'];
const alwaysBehindFiles = /\/journal\.worker-[^/]*\.js$/;

/** @param {Record<string, Chunk>} manifest @returns {{ entries: string[], files: string[] }} */
function behind(manifest) {
  const entries = alwaysBehind.map((ending) => {
    const key = Object.keys(manifest).find((one) => one.endsWith(ending));
    if (key === undefined) throw new Error(`${ending} was not found in the build's manifest.`);
    return key;
  });
  const files = kept().filter((file) => alwaysBehindFiles.test(file));
  if (files.length === 0) throw new Error('The worker of the journal was not found in the build.');
  return { entries, files };
}

/** Everything that a chunk needs before it can run: itself, what it imports, and their styles. @param {Record<string, Chunk>} manifest @param {string[]} entries */
function closure(manifest, entries) {
  /** @type {Set<string>} */
  const files = new Set();
  const seen = new Set();
  const waiting = [...entries];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) continue;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    waiting.push(...(chunk.imports ?? []));
  }
  return files;
}

/** The node numbers of each page, layouts included, as Kit's client knows them. @returns {Record<string, number[]>} */
function pages() {
  const app = fs.readFileSync(path.join(generated, 'app.js'), 'utf8');
  const dictionary = app.match(/export const dictionary = (\{[\s\S]*?\n\s*\});/)?.[1];
  if (dictionary === undefined) throw new Error("Kit's list of pages was not found in the build.");
  /** @type {Record<string, [number, number[]?, number[]?]>} */
  const entries = JSON.parse(dictionary.replaceAll(/\[,/g, '[null,').replaceAll(/,(?=,)/g, ',null'));
  // A negative number means that the page also has data from the server; the root layout is node 0 for all.
  const node = (/** @type {number} */ number) => (number < 0 ? ~number : number);
  return Object.fromEntries(
    Object.entries(entries).map(([route, [leaf, layouts = []]]) => [
      route,
      [0, ...layouts.filter((one) => one !== null), leaf].map(node),
    ]),
  );
}

/** @typedef {Bytes & { scripts: Bytes, firstVisit: Bytes }} PageBytes */
/** @returns {{ pages: Record<string, PageBytes>, offline: Bytes, serviceWorker: Bytes }} */
function report() {
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(fs.readFileSync(path.join(client, '.vite/manifest.json'), 'utf8'));
  const keyOf = (/** @type {string} */ ending) => Object.keys(manifest).filter((key) => key.endsWith(ending));
  const start = [...keyOf('client/entry.js'), ...keyOf('client-optimized/app.js')];
  if (start.length < 2) throw new Error("Kit's entries were not found in the build's manifest.");
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const all = pages();
  const later = behind(manifest);
  const chosen = named.length > 0 ? named : Object.keys(all).sort();
  const first = chosen.map((route) => {
    const nodes = all[route];
    if (nodes === undefined) {
      throw new StationError(
        `没有 ${route} 这个页面，有的是：${Object.keys(all).join(' ')}`,
        `There is no page ${route}; there are: ${Object.keys(all).join(' ')}`,
      );
    }
    const entries = [...start, ...nodes.flatMap((number) => keyOf(`client-optimized/nodes/${number}.js`))];
    const files = closure(manifest, entries);
    const scripts = measure([...files].filter((file) => file.endsWith('.js')));
    const firstVisit = measure(new Set([...closure(manifest, [...entries, ...later.entries]), ...later.files]));
    return [route, { ...measure(files), scripts, firstVisit }];
  });
  return {
    pages: Object.fromEntries(first),
    offline: measure(kept()),
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
  if (!wantsJson)
    console.log(`${row('kept for offline', sizes.offline)}\n${row('service worker', sizes.serviceWorker)}`);
  if (wantsJson) console.log(JSON.stringify(sizes));
} catch (error) {
  printFailure(error);
  process.exit(1);
}
