/**
 *   npm run ladder -- [--combinations N] [--seed S] [--json]
 *
 * The core day of a volunteer in a browser from which features were taken away: each alone, in N combinations, and all
 * at once. Returns 1 when a day does not work or something missing is not said under 我的.
 */
import { climb, removals, type Rung } from './ladder.ts';

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return process.argv[at === -1 ? process.argv.length : at + 1] ?? otherwise;
}

function tell({ missing, problems, said, unsaid, seconds }: Rung): void {
  const words = [...problems, ...unsaid.map((sentence) => `not said: ${sentence}`)];
  const verdict = words.length === 0 ? `works; ${said.length} sentences` : words.join('\n    ');
  process.stderr.write(`${missing.join(' + ') || 'everything there'} (${seconds.toFixed(1)} s): ${verdict}\n`);
}

const { rungs, inApps } = await climb(removals(Number(option('combinations', '20')), option('seed', '1')), tell);
const bad = rungs.filter(({ problems, unsaid }) => problems.length + unsaid.length > 0);
process.stderr.write(
  `\n${rungs.length} days, ${bad.length} with something wrong; in other apps: ${inApps.join('; ') || 'told'}\n`,
);
if (process.argv.includes('--json')) console.log(JSON.stringify({ rungs, inApps }));
process.exitCode = bad.length + inApps.length > 0 ? 1 : 0;
