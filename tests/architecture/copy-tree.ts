import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A copy of the sources in which a test may plant what it likes. */
export interface TreeCopy {
  readonly folder: string;
  /** Writes a file of the copy, with the folders above it. */
  write(file: string, content: string): void;
  /** Puts text in front of what a file of the copy holds. */
  prepend(file: string, text: string): void;
  remove(): void;
}

/** What a check of the sources looks at and what a build needs; packages are linked, so that copying takes a moment only. */
const copied = [
  'src',
  'server',
  'scripts',
  'tests/support',
  'tests/sync',
  'tests/architecture',
  'demo',
  'static',
  '.svelte-kit/tsconfig.json',
  'package.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
];

/** Copies the tree into a temporary folder. */
export function copyTree(): TreeCopy {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-tree-')));
  for (const name of copied.filter((one) => fs.existsSync(path.join(root, one))))
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true, preserveTimestamps: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  const at = (file: string): string => path.join(folder, file);
  return {
    folder,
    write: (file, content) => {
      fs.mkdirSync(path.dirname(at(file)), { recursive: true });
      fs.writeFileSync(at(file), content);
    },
    prepend: (file, text) => fs.writeFileSync(at(file), `${text}\n${fs.readFileSync(at(file), 'utf8')}`),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
