/**
 * The catalogue: every folder under src/ may hold messages/zh-CN.json and messages/en.json (flat keys that start
 * with the folder's name). A text that English says otherwise for one is written with both forms and with the
 * placeholder that decides: { "by": "n", "one": "{n} day", "other": "{n} days" }. They are gathered into src/i18n/collected/ and compiled by paraglide into
 * src/i18n/compiled/. A key that is missing in one language, stands twice or lacks its prefix fails here.
 *
 * Run: node scripts/messages.mjs   (the build, the tests and `npm install` do it by themselves)
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const locales = ['zh-CN', 'en'];

/** @type {import('@inlang/paraglide-js').CompilerOptions} */
export const paraglideOptions = {
  project: path.join(root, 'src/i18n/project.inlang'),
  outdir: path.join(root, 'src/i18n/compiled'),
  strategy: ['localStorage', 'baseLocale'],
  emitTsDeclarations: true,
  isServer: 'import.meta.env?.SSR ?? typeof window === "undefined"',
};

/** Folders named `messages` under src/, sorted, so that the gathered file does not depend on the disk. */
function messageFolders(dir = path.join(root, 'src')) {
  const found = [];
  for (const entry of fs.readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() || entry.name === 'compiled' || entry.name === 'collected') continue;
    const full = path.join(dir, entry.name);
    if (entry.name === 'messages') found.push(full);
    else found.push(...messageFolders(full));
  }
  return found;
}

/** Gathers the catalogue; throws an Error that names every problem. Returns the number of keys. */
export function collectMessages() {
  const gathered = Object.fromEntries(locales.map((locale) => [locale, {}]));
  const problems = [];
  for (const folder of messageFolders()) {
    const prefix = `${path.basename(path.dirname(folder)).replaceAll('-', '_')}_`;
    for (const locale of locales) {
      const file = path.join(folder, `${locale}.json`);
      const words = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
      for (const [key, value] of Object.entries(words)) {
        if (!key.startsWith(prefix))
          problems.push(`${path.relative(root, file)}: "${key}" must start with "${prefix}"`);
        if (key in gathered[locale]) problems.push(`${path.relative(root, file)}: "${key}" stands twice`);
        gathered[locale][key] = typeof value === 'string' ? value : formsByCount(value);
      }
    }
  }
  const [base, ...others] = locales;
  for (const other of others) {
    for (const key of Object.keys(gathered[base]))
      if (!(key in gathered[other])) problems.push(`"${key}" has no ${other} text`);
    for (const key of Object.keys(gathered[other]))
      if (!(key in gathered[base])) problems.push(`"${key}" has no ${base} text`);
  }
  if (problems.length > 0)
    throw new Error(`The catalogue of words has ${problems.length} mistake(s):\n${problems.join('\n')}`);
  const out = path.join(root, 'src/i18n/collected');
  fs.mkdirSync(out, { recursive: true });
  for (const locale of locales)
    writeIfChanged(path.join(out, `${locale}.json`), `${JSON.stringify(gathered[locale], null, 1)}\n`);
  return Object.keys(gathered[base]).length;
}

/** One text with a form for one and another for every other number, as paraglide wants it. @param {{ by: string, one: string, other: string }} forms */
function formsByCount({ by, one, other }) {
  return [
    {
      declarations: [`input ${by}`, `local ${by}Form = ${by}: plural`],
      selectors: [`${by}Form`],
      match: { [`${by}Form=one`]: one, [`${by}Form=other`]: other },
    },
  ];
}

function writeIfChanged(file, text) {
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return;
  fs.writeFileSync(file, text);
}

/** Gathers and compiles; paraglide itself only warns when it finds nothing, so the result is counted here. */
export async function compileMessages() {
  const expected = collectMessages();
  const { compile } = await import('@inlang/paraglide-js');
  await compile(paraglideOptions);
  const index = path.join(root, 'src/i18n/compiled/messages/_index.js');
  const compiled = fs.existsSync(index) ? (fs.readFileSync(index, 'utf8').match(/^export /gm) ?? []).length : 0;
  if (compiled < expected)
    throw new Error(`Only ${compiled} of ${expected} texts were compiled into src/i18n/compiled.`);
  return expected;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const installed = fs.existsSync(path.join(root, 'node_modules/@inlang/paraglide-js'));
  if (installed || !process.argv.includes('--if-installed')) await compileMessages();
  // The compiler leaves timers behind that would keep this process alive for half a minute.
  process.exit();
}
