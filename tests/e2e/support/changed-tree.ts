import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Runs a program of a copy of the tree and gives what it printed last. */
function run(folder: string, args: readonly string[]): Promise<string> {
  // A test runner's mode would make a build for development, which registers no worker.
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_ENV: 'production' } };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      error
        ? reject(new Error(`${args.join(' ')} failed:\n${stderr}`))
        : resolve(stdout.trim().split('\n').at(-1) ?? ''),
    );
  });
}

/** Runs a TypeScript entry of the copy. */
export function runIn(folder: string, entry: string, ...args: readonly string[]): Promise<string> {
  return run(folder, ['scripts/run.mjs', entry, ...args]);
}

/**
 * Builds the copy. Not through its own start script: that installs packages, and the copy's are a link to ours.
 */
export async function buildTree(folder: string): Promise<void> {
  await run(folder, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
}

/** What each build makes anew, and packages. */
const made = /^(node_modules|build|\.svelte-kit|src\/i18n\/(compiled|collected|project\.inlang))$/;

/** Hash of every file that people write, by name. */
export function written(folder: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  const walk = (under: string): void => {
    for (const entry of fs.readdirSync(path.join(folder, under), { withFileTypes: true })) {
      const name = path.posix.join(under, entry.name);
      if (made.test(name)) continue;
      if (entry.isDirectory()) walk(name);
      else
        hashes[name] = createHash('sha256')
          .update(fs.readFileSync(path.join(folder, name)))
          .digest('hex');
    }
  };
  walk('.');
  return hashes;
}

/** Names of the files that differ between two states of a tree. */
export function changedFiles(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
}
