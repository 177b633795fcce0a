import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startTemporaryPostgres } from '../../scripts/station/postgres.mjs';
import groups from './groups.json';
import { scoreOf, wordsOf, type Report, type Score } from './score.ts';

/**
 * `npm run mutation [-- --group scope] [--file F] [--sample N --seed S] [--concurrency N] [--json]`: changes the engine
 * in small ways, one at a time, and says how many of the changes some test notices. A group takes from minutes to an
 * hour, so it is no part of `npm test`; a sample of it takes as long as one likes. Stryker is installed once beside the
 * project's own packages: who only builds or tests the project does not need it.
 */
const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, '.cache/mutation');
const versions = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1'];
/** Percent of the mutants. */
const wanted = 85;

type GroupName = keyof typeof groups;
interface Group {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Tests of it talk to PostgreSQL. */
  readonly database?: boolean;
}

interface Wish {
  readonly only: string | null;
  readonly sample: string | null;
  readonly seed: string;
  readonly concurrency: number;
}

function install(): void {
  const mark = path.join(folder, 'installed.json');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === JSON.stringify(versions)) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps', ...versions];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  fs.writeFileSync(mark, JSON.stringify(versions));
}

function configOf(name: GroupName, { only, concurrency }: Wish, report: string): object {
  return {
    plugins: [path.join(folder, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    testRunner: 'vitest',
    vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
    mutate: only ? [only] : groups[name].mutate,
    coverageAnalysis: 'perTest',
    reporters: ['json', 'clear-text', 'progress-append-only'],
    jsonReporter: { fileName: report },
    clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true, logTests: false },
    concurrency,
    disableTypeChecks: false,
    ignorePatterns: [
      'build',
      'demo',
      'docs',
      'data',
      '.cache',
      '!.svelte-kit',
      '.svelte-kit/test-output',
      '.svelte-kit/output',
      '.svelte-kit/generated',
    ],
    tempDirName: '.cache/mutation/sandbox',
    cleanTempDir: process.env.KEEP ? false : 'always',
    // Longer than a test may take by its own clock, so that a slow machine is not taken for a mutant.
    timeoutMS: 60_000,
    timeoutFactor: 10,
    thresholds: { high: 100, low: wanted, break: null },
  };
}

function run(name: GroupName, wish: Wish): Score {
  const report = path.join(folder, `${name}.json`);
  const file = path.join(folder, `${name}.config.json`);
  fs.writeFileSync(file, JSON.stringify(configOf(name, wish, report)));
  const program = path.join(import.meta.dirname, 'stryker.mjs');
  const sample = wish.sample === null ? [] : [wish.sample, wish.seed];
  const env = { ...process.env, MUTATION_TESTS: groups[name].tests.join(' '), ...storesOf(groups[name]) };
  const { status } = spawnSync(process.execPath, [program, folder, file, ...sample], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  if (status !== 0) throw new Error(`The mutation run of ${name} ended with ${status}.`);
  return scoreOf(name, JSON.parse(fs.readFileSync(report, 'utf8')) as Report);
}

/** Tests that run over both stores need only the one in memory when nothing of the other is changed. */
const storesOf = ({ database }: Group): Record<string, string> => (database ? {} : { ONLY_IN_MEMORY: 'yes' });

function option(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? null : (process.argv[at + 1] ?? null);
}

/** One server for all mutants: to start one for each would take longer than its tests. */
async function withDatabase<T>(isNeeded: boolean, work: () => T): Promise<T> {
  if (!isNeeded || process.env.TEST_DATABASE_URL) return work();
  const { url, stop } = await startTemporaryPostgres();
  process.env.TEST_DATABASE_URL = url;
  try {
    return work();
  } finally {
    await stop();
  }
}

const asked = option('group');
const names = Object.keys(groups) as GroupName[];
if (asked !== null && !names.includes(asked as GroupName)) {
  console.error(`--group takes one of ${names.join(', ')}.`);
  process.exit(2);
}
const wish: Wish = {
  only: option('file'),
  sample: option('sample'),
  seed: option('seed') ?? '1',
  concurrency: Number(option('concurrency') ?? 1),
};
install();
const chosen = asked ? [asked as GroupName] : names;
const needsDatabase = chosen.some((name) => (groups[name] as Group).database);
const scores = await withDatabase(needsDatabase, () => chosen.map((name) => run(name, wish)));
if (process.argv.includes('--json')) console.log(JSON.stringify({ scores, wanted, ...wish }));
else for (const one of scores) console.log(wordsOf(one, wanted));
process.exitCode = scores.every(({ score }) => score >= wanted) ? 0 : 1;
