/**
 * Runs a TypeScript entry of this repository from the command line:
 *
 *   node scripts/run.mjs PATH/TO/entry.ts [arguments…]
 *
 * Vite's module runner loads it, so package imports (#engine/…), import.meta.glob, .svelte.ts state and the
 * catalogue work exactly as in the built app, and no second compiler has to agree with the first. The entry may use
 * top-level await; `process.argv` reads as if it had been started by itself, and `process.exitCode` is its answer.
 * Nothing is printed on stdout but what the entry prints.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureMessages } from './ensure-messages.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A Vite environment without server, watcher or dependency scan: it only turns our sources into modules. */
async function openRunner() {
  const [{ createRunnableDevEnvironment, resolveConfig }, { svelte }] = await Promise.all([
    import('vite'),
    import('@sveltejs/vite-plugin-svelte'),
  ]);
  const config = await resolveConfig(
    {
      root,
      configFile: false,
      envDir: false,
      cacheDir: path.join(root, 'node_modules/.vite-run'),
      logLevel: 'error',
      plugins: [svelte({ configFile: false })],
      environments: {
        run: {
          consumer: 'server',
          dev: { moduleRunnerTransform: true },
          resolve: { conditions: ['node'], external: true, noExternal: ['svelte', /^esm-env$/] },
        },
      },
    },
    'serve',
  );
  const environment = createRunnableDevEnvironment('run', config, { hot: false, runnerOptions: { hmr: false } });
  await environment.init();
  return environment;
}

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error('Usage: node scripts/run.mjs PATH/TO/entry.ts [arguments…]');
  process.exit(1);
}
const file = path.resolve(entry);
process.argv = [process.argv[0], file, ...rest];
let environment;
try {
  ensureMessages();
  environment = await openRunner();
  await environment.runner.import(file);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await environment?.close();
}
// Handles that a library forgot (pools, timers) must not keep a finished command alive; what was printed goes out first.
process.stdout.write('', () => process.exit());
