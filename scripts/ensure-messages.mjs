/**
 * Brings src/i18n/compiled up to date before a test or a script imports it: compiles only when a text is newer than
 * what stands there. In a process of its own, because the compiler talks on stdout and leaves handles open that keep
 * its caller from ending.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectMessages } from './messages.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const languages = path.resolve(here, '../src/i18n');

/** Throws when the catalogue has a mistake or cannot be compiled. */
export function ensureMessages() {
  collectMessages();
  const compiled = path.join(languages, 'compiled/messages/_index.js');
  const compiledAt = fs.existsSync(compiled) ? fs.statSync(compiled).mtimeMs : 0;
  const collected = ['zh-CN', 'en'].map((locale) => path.join(languages, `collected/${locale}.json`));
  if (!collected.some((file) => fs.statSync(file).mtimeMs > compiledAt)) return;
  const { status, stderr } = spawnSync(process.execPath, [path.join(here, 'messages.mjs')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The catalogue could not be compiled:\n${stderr}`);
}
