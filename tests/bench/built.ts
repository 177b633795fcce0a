import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/** Something made for one run. */
export interface Made {
  remove(): void;
}

/** The page and the server of the comparison as plain files, made once per run. */
export interface Built extends Made {
  readonly page: string;
  readonly server: string;
}

export async function buildOurs(): Promise<Built> {
  const [page, server] = [await buildPage(), await buildServer()];
  return {
    page: page.page,
    server: server.server,
    remove: () => {
      page.remove();
      server.remove();
    },
  };
}

/** As Kit does for a page: the code behind the entry is fetched beside it. */
const fetchedBeside: Plugin = {
  name: 'fetched-beside',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => /assets\/page-.*\.js$/.test(file))
        .map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: `./${file}` }, injectTo: 'head' })),
  },
};

async function buildPage(): Promise<Made & { readonly page: string }> {
  const page = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-page-'));
  await build({
    root: path.join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [svelte({ configFile: false }), fetchedBeside],
    // A processor profile is read by names.
    build: {
      outDir: page,
      target: 'es2022',
      emptyOutDir: true,
      minify: !process.env.BENCH_PROFILE,
      modulePreload: false,
    },
    worker: { format: 'es' },
  });
  return { page, remove: () => fs.rmSync(page, { recursive: true, force: true }) };
}

export async function buildServer(): Promise<Made & { readonly server: string }> {
  // Node looks for packages beside the file, so the server lies within the project.
  const outDir = path.join(root, `node_modules/.bench-server-${process.pid}`);
  const ssr = path.join(import.meta.dirname, 'serve.ts');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr, outDir, emptyOutDir: true, target: 'node20', minify: false },
  });
  return { server: path.join(outDir, 'serve.js'), remove: () => fs.rmSync(outDir, { recursive: true, force: true }) };
}
