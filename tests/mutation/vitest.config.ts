import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Quick and near tests first: the first that fails ends the mutant, and the simulation takes longest. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const distance = ({ moduleId }: TestSpecification): number =>
      moduleId.endsWith('.seeds.ts') ? 2 : moduleId.includes('/tests/') ? 1 : 0;
    return [...files].sort((a, b) => distance(a) - distance(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** The tests that judge mutants of the engine: those beside the code, and a few of the simulation's seeds. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    environment: 'node',
    include: (process.env.MUTATION_TESTS ?? '').split(' ').filter(Boolean),
    sequence: { sequencer: NearestFirst },
    // Every mutant has a worker of its own; within it the modules are loaded once.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 40_000,
    bail: 1,
  },
});
