import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const withinMs = 600_000;

/** Where packages lie that are no business of whoever installs the project. */
export function besideFolder(name: string): string {
  return path.join(root, '.cache', name);
}

/**
 * Installs these packages once, in the versions given, beside the project's own; again when the versions change. Nothing
 * they bring is run while they are installed. Returns why they cannot be had, or null.
 */
export function installBeside(name: string, packages: readonly string[]): string | null {
  const folder = besideFolder(name);
  const wanted = JSON.stringify(packages);
  const mark = path.join(folder, 'installed.json');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return null;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', ...packages];
  try {
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: withinMs });
  } catch (error) {
    return `its packages could not be installed (${reasonOf(error as Error & { stderr?: Buffer })})`;
  }
  fs.writeFileSync(mark, wanted);
  return null;
}

/** What npm complained of, without where it wrote that down. */
function reasonOf({ stderr, message }: Error & { stderr?: Buffer }): string {
  const complaints = String(stderr ?? '')
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1] ?? [])
    .filter((line) => !line.startsWith('A complete log'));
  return complaints.slice(0, 3).join('; ') || message;
}
