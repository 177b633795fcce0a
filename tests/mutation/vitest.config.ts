import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The tests that judge mutants of the engine: those beside the code, and a few of the simulation's seeds. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    environment: 'node',
    include: (process.env.MUTATION_TESTS ?? '').split(' ').filter(Boolean),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    bail: 1,
  },
});
