/**
 * What Vite and Kit say of the built app: which files a page needs, and which of all files only people at desks need.
 * Read by the build itself, which tells the service worker, and by `npm run size`.
 */
import fs from 'node:fs';
import path from 'node:path';

/** @typedef {{ file: string, name?: string, src?: string, imports?: string[], dynamicImports?: string[], css?: string[], assets?: string[] }} Chunk */
/** `modules`: of each file with code the modules in it, with the length of their code. */
/** @typedef {{ client: string, manifest: Record<string, Chunk>, pages: Record<string, number[]>, modules: Record<string, [string, number][]> }} BuiltApp */

/** Where the build notes which modules each file is made of; it is not served. */
export const modulesFile = '.vite/modules.json';

/** Pages that are opened at a desk: by the office, in the kitchen, by developers. */
const deskPages = /^\/(office|canteen|gallery)(\/|$)/;

/** What a page of the field only loads when somebody of a desk uses it. */
const deskDoors = ['src/kinds-at-desk.ts', 'src/features/frame/office-frame.svelte'];

/** Whether somebody who goes to doors may open it. @param {string} route */
export const isFieldPage = (route) => !deskPages.test(route);

/** Reads the last build. @param {string} root @returns {BuiltApp} */
export function readBuiltApp(root) {
  const client = path.join(root, '.svelte-kit/output/client');
  const manifest = JSON.parse(fs.readFileSync(path.join(client, '.vite/manifest.json'), 'utf8'));
  const app = fs.readFileSync(path.join(root, '.svelte-kit/generated/client-optimized/app.js'), 'utf8');
  const modules = JSON.parse(fs.readFileSync(path.join(client, modulesFile), 'utf8'));
  return { client, manifest, pages: pagesIn(app), modules };
}

/** The node numbers of each page, layouts included, as Kit's client knows them. @param {string} app @returns {Record<string, number[]>} */
function pagesIn(app) {
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

/** Manifest keys that end so. @param {BuiltApp} app @param {string} ending */
export const keysOf = ({ manifest }, ending) => Object.keys(manifest).filter((key) => key.endsWith(ending));

/** What the browser is told to load when a page is opened: Kit's two entries, the layouts and the page. @param {BuiltApp} app @param {string} route */
export function entriesOf(app, route) {
  const start = [...keysOf(app, 'client/entry.js'), ...keysOf(app, 'client-optimized/app.js')];
  if (start.length < 2) throw new Error("Kit's entries were not found in the build's manifest.");
  return [
    ...start,
    ...(app.pages[route] ?? []).flatMap((number) => keysOf(app, `client-optimized/nodes/${number}.js`)),
  ];
}

/**
 * Everything that these need before they can run: themselves, what they import, and their styles; with `later` also
 * what they load when it is asked for, other pages and what only desks ask for left out.
 * @param {BuiltApp} app @param {Iterable<string>} entries @param {{ later?: boolean }} [options]
 */
export function closure({ manifest, modules }, entries, { later = false } = {}) {
  const isDoor = (/** @type {string} */ key) =>
    (modules[manifest[key]?.file ?? ''] ?? []).some(([id]) => deskDoors.includes(id));
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
    // Kit's app loads every page: those are followed one by one.
    if (later && !key.endsWith('client-optimized/app.js'))
      waiting.push(...(chunk.dynamicImports ?? []).filter((one) => !isDoor(one)));
  }
  return files;
}

/** Workers of desks say so in their name: the manifest does not say who starts a worker. */
const deskWorker = /-desk\.worker-[^/]*\.js$/;

/** Every file that any part of the app may ask for. @param {BuiltApp} app */
function everyFile({ client, manifest }) {
  const workers = fs
    .readdirSync(client, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => deskWorker.test(file));
  const named = Object.values(manifest).flatMap(({ file, css = [], assets = [] }) => [file, ...css, ...assets]);
  return new Set([...named, ...workers]);
}

/** Files that only people at desks can ask for, what they need first in front. @param {BuiltApp} app */
export function deskFiles(app) {
  const ofField = Object.keys(app.pages)
    .filter(isFieldPage)
    .flatMap((route) => entriesOf(app, route));
  // The page for addresses that lead nowhere is a node too, of no route.
  const field = closure(app, [...ofField, ...keysOf(app, 'client-optimized/nodes/1.js')], { later: true });
  const acts = closure(app, ['src/kinds-at-desk.ts']);
  return [...new Set([...acts, ...everyFile(app)])].filter((file) => !field.has(file));
}
