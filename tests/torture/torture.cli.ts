/**
 *   npm run torture -- [--cycles N] [--seed S] [--json]
 *
 * How many acts that were called saved a real browser loses when its disk, its stores and its process are mistreated.
 */
import { torture } from './torture.ts';

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(process.argv[at + 1]);
}

const json = process.argv.includes('--json');
const report = await torture({
  cycles: option('cycles', 20),
  seed: option('seed', 1),
  chromium: process.env.CHROMIUM || '/usr/bin/chromium',
  tell: json ? undefined : (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report)}\n`);
if (report.lost.length + report.doubled.length > 0) process.exitCode = 1;
