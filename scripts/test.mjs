/**
 * npm test: from a fresh clone, everything. `--only a,b` runs some of the stages. The last line says how many checks
 * passed and failed; the exit code is 0 only when something ran and nothing failed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StationError, printFailure } from './station/sentence.mjs';
import { ensureChromium } from './station/chromium.mjs';
import { startTemporaryPostgres } from './station/postgres.mjs';
import { ensureBuilt, ensureInstalled, refuseOldNode } from './station/prepare.mjs';
import { allStages, generate, outputFolder } from './station/stages.mjs';

/** @typedef {import('./station/stages.mjs').Stage} Stage */

const LINES_SHOWN = 200;
const totals = { passed: 0, failed: 0 };

/** @param {string} line */
const tell = (line) => process.stdout.write(`${line}\n`);

/** @param {string} name @param {{ passed: number, failed: number, output: string }} result @param {number} begun */
function report(name, { passed, failed, output }, begun) {
  totals.passed += passed;
  totals.failed += failed;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  fs.mkdirSync(outputFolder, { recursive: true });
  fs.writeFileSync(path.join(outputFolder, `${name}.log`), output);
  if (failed > 0) tell(`\n${output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n')}\n`);
  tell(`${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${passed} ok, ${failed} not ok, ${seconds} s`);
}

/** Runs one step; whatever it throws is one failed check with its reason. @param {string} name @param {() => Promise<import('./station/stages.mjs').Result>} work */
async function step(name, work) {
  const begun = performance.now();
  const result = await work().catch((error) => ({ passed: 0, failed: 1, output: explain(error) }));
  report(name, result, begun);
  return result.failed === 0;
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof StationError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @returns {Stage[]} */
function chosenStages() {
  const stages = allStages();
  const at = process.argv.indexOf('--only');
  if (at === -1) return stages;
  const names = (process.argv[at + 1] ?? '').split(',').filter(Boolean);
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (names.length === 0 || unknown.length > 0) {
    throw new StationError(
      `--only 后面要写阶段的名字：${stages.map(({ name }) => name).join(',')}。`,
      `--only takes names of stages: ${stages.map(({ name }) => name).join(',')}.`,
    );
  }
  return stages.filter(({ name }) => names.includes(name));
}

/** Runs the stages, in order, two at a time where there are two cores. @param {Stage[]} stages */
async function runStages(stages) {
  const waiting = [...stages];
  const work = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) await step(stage.name, stage.run);
  };
  await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, work));
}

/** Everything the stages stand on; stages whose ground is missing are not run, and counted as one failure. @param {Stage[]} stages */
async function prepare(stages) {
  let able = stages;
  const drop = (/** @type {(stage: Stage) => boolean | undefined} */ isLost) =>
    (able = able.filter((stage) => !isLost(stage)));
  if (!(await step('generate', generate))) return [];
  const needsBrowser = stages.some(({ needsBuild }) => needsBuild);
  if (needsBrowser && !(await step('chromium', findBrowser))) drop(({ needsBuild }) => needsBuild);
  if (stages.some(({ needsDatabase }) => needsDatabase) && !process.env.TEST_DATABASE_URL) {
    if (!(await step('postgresql', startDatabase))) drop(({ needsDatabase }) => needsDatabase);
  }
  return able;
}

async function findBrowser() {
  process.env.CHROMIUM = ensureChromium(tell);
  return { passed: 1, failed: 0, output: '' };
}

async function startDatabase() {
  const { url, stop } = await startTemporaryPostgres();
  process.env.TEST_DATABASE_URL = url;
  stopDatabase = stop;
  return { passed: 1, failed: 0, output: '' };
}

/** @type {() => Promise<void>} */
let stopDatabase = () => Promise.resolve();

async function build() {
  await ensureBuilt(tell);
  return { passed: 1, failed: 0, output: '' };
}

async function main() {
  refuseOldNode();
  const begun = performance.now();
  await ensureInstalled(tell);
  const stages = await prepare(chosenStages());
  await runStages(stages.filter(({ needsBuild }) => !needsBuild));
  // The build writes the folder that the type check reads, and the browsers want both cores: so they come last.
  const browserStages = stages.filter(({ needsBuild }) => needsBuild);
  if (browserStages.length > 0 && (await step('build', build))) await runStages(browserStages);
  tell(`${((performance.now() - begun) / 1000).toFixed(0)} s`);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));

try {
  await main();
} catch (error) {
  printFailure(error);
  totals.failed += 1;
}
await stopDatabase().catch(printFailure);
tell(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
