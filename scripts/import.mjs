/**
 * npm run import: reads a community's ledger, and brings it into a station unless `--dry-run` says to look only.
 *
 * Looking is done by a small program that Rolldown makes of scripts/import.cli.ts, once for each state of the sources:
 * to load the sources through Vite, as scripts/run.mjs does, takes more memory than a ledger of twenty thousand rows.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureMessages } from './ensure-messages.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = path.join(root, 'scripts/import.cli.ts');
const program = path.join(root, 'node_modules/.cache/nuanlin/import.mjs');
const madeFrom = `${program}.from.json`;

/** Size and time of change of every source: another state of one of them makes another program. @param {string[]} files */
function marksOf(files) {
  const marks = files.map((file) => {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    return [file, stats ? `${stats.size} ${stats.mtimeMs}` : 'gone'];
  });
  return JSON.stringify(marks);
}

function isFresh() {
  if (!fs.existsSync(program) || !fs.existsSync(madeFrom)) return false;
  const kept = fs.readFileSync(madeFrom, 'utf8');
  const files = JSON.parse(kept).map((/** @type {string[]} */ [file]) => file);
  return kept === marksOf(files);
}

/** Rolldown's memory shall not be ours, so it works in a process of its own. */
function make() {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--make'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The reader of ledgers could not be made:\n${stderr}`);
}

async function makeProgram() {
  // The one that Vite brings along.
  const { rolldown } = await import(pathToFileURL(createRequire(import.meta.resolve('vite')).resolve('rolldown')).href);
  const bundle = await rolldown({ input: entry, cwd: root, platform: 'node', external: [/^hucre/], logLevel: 'warn' });
  const part = `${program}.${process.pid}`;
  /** @type {{ output: { moduleIds?: string[] }[] }} */
  const { output } = await bundle.write({ file: part, format: 'esm', codeSplitting: false });
  const files = output.flatMap(({ moduleIds }) => moduleIds ?? []).filter((file) => path.isAbsolute(file));
  const marks = marksOf([...files, path.join(root, 'package-lock.json')]);
  fs.writeFileSync(`${madeFrom}.${process.pid}`, marks);
  // The program first: marks without their program must not be found by another import at the same moment.
  fs.renameSync(part, program);
  fs.renameSync(`${madeFrom}.${process.pid}`, madeFrom);
}

if (process.argv[2] === '--make') {
  await makeProgram();
} else if (!process.argv.includes('--dry-run')) {
  // The acts need the whole registry of kinds, which only Vite can gather.
  const args = [path.join(root, 'scripts/run.mjs'), path.join(root, 'scripts/import-into-station.cli.ts')];
  const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  ensureMessages();
  if (!isFresh()) make();
  process.argv[1] = entry;
  await import(pathToFileURL(program).href);
}
