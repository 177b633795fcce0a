/**
 * Tells the service worker which files only people at desks need (decision 0031): a line in front of its code, written
 * when all parts of the app are built and before the adapter copies them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { deskFiles, readBuiltApp } from './built-app.mjs';

/** @param {string} root @returns {import('vite').Plugin} */
export function deskApart(root) {
  let isLast = false;
  return {
    name: 'desk-apart',
    apply: 'build',
    config(_config, { isSsrBuild }) {
      if (isSsrBuild) return undefined;
      const first = ['/src/routes/+layout.svelte', '/src/features/today/today.svelte'];
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
      this.emitFile({ type: 'asset', fileName: '.vite/modules.json', source });
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
