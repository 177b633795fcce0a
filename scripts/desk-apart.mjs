/**
 * How the built app is cut into files (decision 0031). What every page and the first list need is one file: cut by who
 * shares what, as the bundler does it, it is sixty, and a fifth larger. All else is left to the bundler. When all parts
 * are built, and before the adapter copies them, the service worker is told which files only people at desks need, by a
 * line in front of its code.
 */
import fs from 'node:fs';
import path from 'node:path';
import { deskFiles, modulesFile, readBuiltApp } from './built-app.mjs';

/** Whatever these import, however far, is in the first file. */
const first = ['/src/routes/+layout.svelte', '/src/features/today/today.svelte'];

/** @param {string} root @returns {import('vite').Plugin} */
export function deskApart(root) {
  let isLast = false;
  return {
    name: 'desk-apart',
    apply: 'build',
    config(_config, { isSsrBuild }) {
      if (isSsrBuild) return undefined;
      const groups = [{ name: 'start', test: (/** @type {string} */ id) => first.some((end) => id.endsWith(end)) }];
      return { build: { rollupOptions: { output: { codeSplitting: { groups } } } } };
    },
    configResolved({ build }) {
      // Kit builds the client and the worker while it writes the server's bundle.
      isLast = Boolean(build.ssr);
    },
    generateBundle(_options, bundle) {
      if (isLast) return;
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const modules = chunks.map(({ fileName, modules }) => [
        fileName,
        Object.entries(modules).map(([id, { renderedLength }]) => [path.relative(root, id), renderedLength]),
      ]);
      const source = JSON.stringify(Object.fromEntries(modules));
      this.emitFile({ type: 'asset', fileName: modulesFile, source });
    },
    closeBundle: {
      order: 'pre',
      sequential: true,
      handler() {
        if (!isLast) return;
        const app = readBuiltApp(root);
        const worker = path.join(app.client, 'service-worker.js');
        const files = deskFiles(app).map((file) => `/${file}`);
        fs.writeFileSync(worker, `self.deskFiles=${JSON.stringify(files)};\n${fs.readFileSync(worker, 'utf8')}`);
      },
    },
  };
}
