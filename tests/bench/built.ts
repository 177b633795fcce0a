import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/** The page and the server of the comparison as plain files, made once per run. */
export interface Built {
  readonly page: string;
  readonly server: string;
  remove(): void;
}

export async function buildOurs(): Promise<Built> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-built-'));
  const page = path.join(folder, 'page');
  // Node looks for packages beside the file, so the server lies within the project.
  const serverFolder = path.join(root, `node_modules/.bench-server-${process.pid}`);
  await build({
    root: path.join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [svelte({ configFile: false })],
    // A processor profile is read by names.
    build: { outDir: page, target: 'es2022', emptyOutDir: true, minify: !process.env.BENCH_PROFILE },
    worker: { format: 'es' },
  });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(import.meta.dirname, 'serve.ts'),
      outDir: serverFolder,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
    },
  });
  return {
    page,
    server: path.join(serverFolder, 'serve.js'),
    remove: () => {
      for (const one of [folder, serverFolder]) fs.rmSync(one, { recursive: true, force: true });
    },
  };
}
