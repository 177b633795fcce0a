import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import groups from './groups.json';

/**
 * `npm run mutation [-- --group journal] [--json]`: changes the engine in small ways, one at a time, and says how many of
 * the changes some test notices. A group takes from minutes to an hour, so it is no part of `npm test`. Stryker is
 * installed once beside the project's own packages: who only builds or tests the project does not need it.
 */
const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, '.cache/mutation');
const versions = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1'];
/** Of all mutants that some test runs through and none that a test can never see (percent). */
const wanted = 85;

type Group = keyof typeof groups;

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

export interface Score {
  readonly group: string;
  readonly mutants: number;
  readonly noticed: number;
  readonly survived: number;
  readonly notRun: number;
  /** Noticed of all that could be run (percent). */
  readonly score: number;
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

function run(group: Group, only: string | null): Score {
  const report = path.join(folder, `${group}.json`);
  const config = {
    plugins: [path.join(folder, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    testRunner: 'vitest',
    vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
    mutate: only ? [only] : groups[group].mutate,
    coverageAnalysis: 'perTest',
    reporters: ['json', 'clear-text'],
    jsonReporter: { fileName: report },
    clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true, logTests: false },
    concurrency: 2,
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
    timeoutMS: 20_000,
    thresholds: { high: 100, low: wanted, break: null },
  };
  const file = path.join(folder, `${group}.config.json`);
  fs.writeFileSync(file, JSON.stringify(config));
  const program = path.join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const env = { ...process.env, MUTATION_TESTS: groups[group].tests.join(' ') };
  const { status } = spawnSync(process.execPath, [program, 'run', file], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) throw new Error(`The mutation run of ${group} ended with ${status}.`);
  return scoreOf(group, JSON.parse(fs.readFileSync(report, 'utf8')) as Report);
}

export function scoreOf(group: string, { files }: Report): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wantedStatuses: string[]): number => statuses.filter((one) => wantedStatuses.includes(one)).length;
  const noticed = count('Killed', 'Timeout');
  const survived = count('Survived');
  const notRun = count('NoCoverage');
  const all = noticed + survived + notRun;
  return {
    group,
    mutants: all,
    noticed,
    survived,
    notRun,
    score: all === 0 ? 0 : Math.round((1_000 * noticed) / all) / 10,
  };
}

function option(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? null : (process.argv[at + 1] ?? null);
}

const group = option('group');
const names = Object.keys(groups) as Group[];
if (group !== null && !names.includes(group as Group)) {
  console.error(`--group takes one of ${names.join(', ')}.`);
  process.exit(2);
}
install();
const scores = (group ? [group as Group] : names).map((name) => run(name, option('file')));
if (process.argv.includes('--json')) console.log(JSON.stringify({ scores, wanted }));
else for (const one of scores) console.log(`${one.group}: ${one.score} % of ${one.mutants} noticed (wanted ${wanted})`);
process.exit(scores.every(({ score }) => score >= wanted) ? 0 : 1);
