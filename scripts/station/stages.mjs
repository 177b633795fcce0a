/**
 * The stages of `npm test`: what each runs, and how its result is counted. A tool is one check; a folder of tests
 * counts as many as it holds.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureMessages } from '../ensure-messages.mjs';
import { root } from './prepare.mjs';

/** @typedef {{ passed: number, failed: number, output: string }} Result */
/** @typedef {{ name: string, needsDatabase?: boolean, needsBuild?: boolean, run: () => Promise<Result> }} Stage */

/** A stage that hangs is ended after this long. */
const LIMIT_MS = 900_000;
/** The whole output of each stage of the last run. */
export const outputFolder = path.join(root, '.svelte-kit/test-output');

/** Packages whose program has another name. */
const packages = /** @type {Record<string, string>} */ ({ 'svelte-kit': '@sveltejs/kit', tsc: 'typescript' });

/** @param {string} name @param {string[]} args @returns {[string, string[]]} a program from node_modules */
function tool(name, ...args) {
  const folder = path.join(root, 'node_modules', packages[name] ?? name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin[name];
  return [process.execPath, [path.join(folder, file), ...args]];
}

/**
 * Runs a program to its end with nothing on its input.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    const timer = setTimeout(() => {
      output += `\nended after ${LIMIT_MS / 1000} s without a result\n`;
      end();
    }, LIMIT_MS);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      process.off('exit', end);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** A stage of tools, one after the other; each is one check. @param {[string, string[]][]} commands @returns {Promise<Result>} */
async function runTools(commands) {
  const result = { passed: 0, failed: 0, output: '' };
  for (const [program, args] of commands) {
    const { code, output } = await run(program, args);
    if (code === 0) result.passed += 1;
    else {
      result.failed += 1;
      result.output += `$ ${args.map((part) => path.relative(root, part) || part).join(' ')}\n${output}\n`;
    }
  }
  return result;
}

/**
 * A stage of tests. A file that does not load, an error outside any test and a folder without tests are failures too.
 * @param {string} project
 * @param {string[]} more further arguments
 * @returns {Promise<Result>}
 */
async function runTests(project, ...more) {
  fs.mkdirSync(outputFolder, { recursive: true });
  const file = path.join(outputFolder, `${project}.json`);
  fs.rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await run(
    ...tool('vitest', 'run', '--config', 'tests/vitest.config.ts', '--project', project, ...reporters, ...more),
  );
  const { passed, failed } = fs.existsSync(file) ? countTests(file) : { passed: 0, failed: 0 };
  const isSilentFailure = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: isSilentFailure ? 1 : failed, output };
}

/** @param {string} file what vitest's JSON reporter wrote */
export function countTests(file) {
  const { testResults } = JSON.parse(fs.readFileSync(file, 'utf8'));
  let passed = 0;
  let failed = 0;
  for (const { status, assertionResults } of testResults) {
    const statuses = assertionResults.map((/** @type {{ status: string }} */ result) => result.status);
    const failures = statuses.filter((/** @type {string} */ one) => one === 'failed').length;
    passed += statuses.filter((/** @type {string} */ one) => one === 'passed').length;
    failed += failures === 0 && status === 'failed' ? 1 : failures;
  }
  return { passed, failed };
}

/** @returns {Stage[]} in the order in which they are told */
export function allStages() {
  const eslint = tool(
    'eslint',
    '-c',
    'tests/architecture/eslint.config.js',
    '--max-warnings=0',
    'src',
    'server',
    'tests',
    'scripts',
  );
  return [
    { name: 'format', run: () => runTools([tool('prettier', '--check', '--log-level=warn', '.')]) },
    { name: 'lint', run: () => runTools([tool('oxlint', '--deny-warnings', '.'), eslint]) },
    // svelte-check reads every TypeScript file of tsconfig.json too; a second compiler would only say it again.
    { name: 'types', run: () => runTools([tool('svelte-check', '--threshold', 'error', '--output', 'human')]) },
    { name: 'architecture', needsDatabase: true, run: () => runTests('architecture') },
    { name: 'unit', run: () => runTests('unit') },
    { name: 'sync', needsDatabase: true, run: () => runTests('sync') },
    { name: 'server', needsDatabase: true, run: () => runTests('server') },
    { name: 'runtime', needsDatabase: true, run: () => runTests('runtime') },
    {
      name: 'e2e',
      needsDatabase: true,
      needsBuild: true,
      // Browsers wait more than they work.
      run: () => runTests('e2e', '--maxWorkers=3'),
    },
  ];
}

/** What must be there before any stage: the compiled catalogue and Kit's generated types. @returns {Promise<Result>} */
export async function generate() {
  ensureMessages();
  return runTools([tool('svelte-kit', 'sync')]);
}
