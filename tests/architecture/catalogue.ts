import fs from 'node:fs';
import path from 'node:path';
import { sourceFiles } from './measure.ts';

const languages = ['zh-CN', 'en'];

interface Text {
  readonly file: string;
  readonly language: string;
  readonly key: string;
  readonly words: string;
  /** What is said of one instead, and the placeholder that decides; null for a text with one form. */
  readonly forOne: { readonly by: string; readonly words: string } | null;
}

/** A key and its text, or its forms. */
const entry = /^\s*"((?:[^"\\]|\\.)+)"\s*:\s*("(?:[^"\\]|\\.)*"|\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})/gm;

/**
 * What is wrong with the words of a tree, one sentence each; empty when every text is there, used and complete. The
 * keys in `saysLess` leave something out in one language on purpose.
 */
export function catalogueProblems(root: string, saysLess: readonly string[] = []): string[] {
  const texts = textsOf(root);
  const used = usedKeys(root);
  const known = new Set(texts.map(({ key }) => key));
  return [
    ...texts.flatMap(prefixProblem),
    ...twice(texts),
    ...[...known].sort().flatMap((key) => keyProblems(key, texts, saysLess.includes(key))),
    ...[...known].filter((key) => !used.has(key)).map((key) => `"${key}" is used nowhere`),
    ...[...used]
      .filter(([key]) => !known.has(key))
      .map(([key, file]) => `"${key}" is used in ${file} and nowhere said`),
  ];
}

function textsOf(root: string): Text[] {
  const folders = (folder: string): string[] =>
    fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory() || entry.name === 'compiled' || entry.name === 'collected') return [];
      const name = `${folder}/${entry.name}`;
      return entry.name === 'messages' ? [name] : folders(name);
    });
  return folders('src').flatMap((folder) => languages.flatMap((language) => readTexts(root, folder, language)));
}

/** Reads line by line what a parser of JSON would silently merge: the same key twice in one file. */
function readTexts(root: string, folder: string, language: string): Text[] {
  const file = `${folder}/${language}.json`;
  if (!fs.existsSync(path.join(root, file))) return [];
  const written = fs.readFileSync(path.join(root, file), 'utf8');
  return [...written.matchAll(entry)].map(([, key, value]) => {
    const said = JSON.parse(value as string) as string | { by: string; one: string; other: string };
    const one = { file, language, key: key as string };
    if (typeof said === 'string') return { ...one, words: said, forOne: null };
    return { ...one, words: said.other, forOne: { by: said.by, words: said.one } };
  });
}

function usedKeys(root: string): Map<string, string> {
  const used = new Map<string, string>();
  for (const file of sourceFiles(root).filter((name) => !name.startsWith('tests/'))) {
    const source = fs.readFileSync(path.join(root, file), 'utf8');
    // A module that has its own `m` does not speak of the catalogue.
    if (!/from '#messages'/.test(source)) continue;
    for (const [, key] of source.matchAll(/\bm[.]([a-z][a-z0-9_]*)\b/g)) used.set(key as string, file);
  }
  return used;
}

function prefixProblem({ file, key }: Text): string[] {
  const owner = path.basename(path.dirname(path.dirname(file))).replaceAll('-', '_');
  return key.startsWith(`${owner}_`) ? [] : [`"${key}" in ${file} does not begin with "${owner}_"`];
}

function twice(texts: readonly Text[]): string[] {
  const seen = new Set<string>();
  return texts.flatMap(({ language, key, file }) => {
    const name = `${language} ${key}`;
    if (seen.has(name)) return [`"${key}" stands twice, again in ${file}`];
    seen.add(name);
    return [];
  });
}

function keyProblems(key: string, texts: readonly Text[], saysLess: boolean): string[] {
  const versions = texts.filter((one) => one.key === key);
  const missing = languages.filter((language) => !versions.some((one) => one.language === language));
  // A language may have no word where another needs one; a key without any words is no text.
  const empty = versions.every(({ words }) => words.trim() === '');
  const gaps = new Set(versions.map(({ words }) => placeholdersIn(words)));
  return [
    ...missing.map((language) => `"${key}" has no text in ${language}`),
    ...(empty ? [`"${key}" says nothing in any language`] : []),
    ...versions.flatMap(formProblem),
    ...(gaps.size > 1 && !saysLess ? [`"${key}" has other placeholders in ${languages.join(' than in ')}`] : []),
  ];
}

/** The form for one may leave the number out, and says nothing else than the other form. */
function formProblem({ key, language, words, forOne }: Text): string[] {
  if (forOne === null) return [];
  const rest = (text: string): string => placeholdersIn(text.replaceAll(`{${forOne.by}}`, ''));
  const fits = words.includes(`{${forOne.by}}`) && rest(words) === rest(forOne.words) && forOne.words !== words;
  return fits ? [] : [`"${key}" has forms in ${language} that do not fit each other`];
}

function placeholdersIn(words: string): string {
  return [...new Set(words.match(/\{\w+\}/g))].sort().join();
}
