import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { ensureMessages } from '../scripts/ensure-messages.mjs';
import { LongestFirst } from './longest-first.ts';

// The tests import the compiled catalogue like every other module, so it is brought up to date first.
ensureMessages();

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** One project per folder of tests; each runs in plain Node and says itself what else it needs. */
function project(name: string, include: string[], isolate = true) {
  return { extends: true as const, test: { name, include, isolate } };
}

export default defineConfig({
  root,
  // Kit's own plugin would bring its server; a rule or a store needs only the Svelte compiler.
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    environment: 'node',
    // Two cores: more workers than that only wait for each other.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      // Loading the same modules anew for every file cost as much as the tests themselves; these leave nothing behind.
      project('unit', ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/screens/cover.test.ts'], false),
      project('server', ['tests/server/**/*.test.ts', 'tests/crash/**/*.test.ts'], false),
      project('sync', ['tests/sync/**/*.test.ts']),
      project('architecture', ['tests/architecture/**/*.test.ts']),
      project('runtime', ['tests/runtime/**/*.test.ts']),
      project('e2e', [
        ...['tests/e2e/**/*.test.ts', 'tests/torture/**/*.test.ts', 'tests/bench/**/*.test.ts'],
        ...['tests/ladder/**/*.test.ts', 'tests/finger/**/*.test.ts', 'tests/screens/{walk,measure}.test.ts'],
      ]),
    ],
  },
});
