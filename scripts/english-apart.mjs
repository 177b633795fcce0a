/**
 * A phone tells one language at a time, and nearly all tell Chinese. In the built app the English texts lie in one file
 * of their own, fetched by whoever reads English before anything is shown; each other file holds Chinese only. The
 * server, the tests and development have both, as the compiler wrote them.
 */
import fs from 'node:fs';
import path from 'node:path';

const english = 'virtual:english';
const messageFile = /\/src\/i18n\/compiled\/messages\/([^/]+)\.js$/;
/** What the compiler writes for a text: the function of each language, and the one that is called. */
const functionOf = (/** @type {string} */ locale) => new RegExp(`const (${locale}_\\w+) = ([\\s\\S]*?\\n});\\n`);
const called = /export (const \w+) = [\s\S]*$/;

const plain = /^(?:\/\*\*[^\n]*\*\/ )?\(\) => \{\s*return (?:\/\*\*[^\n]*?\*\/ )?\((`[^`$\\]*`)\)\s*\}$/;

/** A text without anything to fill in is itself, not a function. @param {string} body */
const shortest = (body) => body.match(plain)?.[1] ?? body;

/** Chinese counts without forms, and the compiler asks for them all the same. */
const unasked = /const \w+Form = registry\.plural\("zh-CN"[^\n]*?\);\s*/g;

/** Message files, each with the number of its text in the built app. @param {string} folder */
function filesIn(folder) {
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.js') && file !== '_index.js');
  return new Map(files.sort().map((file, at) => [file, at]));
}

/** The function of a language, and its name, in what the compiler wrote. @param {string} code @param {string} locale @param {string} file */
function functionIn(code, locale, file) {
  const found = code.match(functionOf(locale));
  if (!found?.[1] || !found[2]) throw new Error(`The compiler has written ${file} in another form.`);
  return { name: found[1], body: found[2] };
}

/** @param {string} root @returns {import('vite').Plugin} */
export function englishApart(root) {
  const folder = path.join(root, 'src/i18n/compiled/messages');
  /** Counted when the first is asked for: by then the compiler has written them. @type {Map<string, number> | null} */
  let counted = null;
  const numbers = () => (counted ??= filesIn(folder));
  return {
    name: 'english-apart',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      counted = null;
    },
    resolveId: (id) => (id === english ? `\0${english}` : null),
    load(id) {
      if (id !== `\0${english}`) return null;
      const texts = [...numbers().keys()].map((file) => {
        const code = fs.readFileSync(path.join(folder, file), 'utf8');
        return shortest(functionIn(code, 'en', file).body);
      });
      // A text that has a form for one asks the compiler's own register for it.
      const register = JSON.stringify(path.join(folder, '../registry.js'));
      return `import * as registry from ${register};\nexport default [\n${texts.join(',\n')}\n];`;
    },
    transform(code, id, options) {
      if (options?.ssr) return null;
      if (id.endsWith('/src/i18n/english.ts')) {
        const load = `export async function loadEnglish() { texts = (await import('${english}')).default; }`;
        const say = `export const say = (at, chinese) => (inputs = {}, { locale = getLocale() } = {}) => {
          const text = (locale === 'en' && texts[at]) || chinese;
          return typeof text === 'string' ? text : text(inputs);
        };`;
        return { code: `import { getLocale } from '#i18n';\nlet texts = [];\n${load}\n${say}`, map: null };
      }
      const file = id.match(messageFile)?.[1];
      const number = file === undefined ? undefined : numbers().get(`${file}.js`);
      if (number === undefined) return null;
      const body = functionIn(code, 'zh_cn2', id).body.replace(unasked, '');
      const name = code.match(called)?.[1];
      const text = `export ${name} = /* @__PURE__ */ say(${number}, ${shortest(body)});`;
      return { code: `import { say } from '../../english.ts';\n${text}`, map: null };
    },
  };
}
