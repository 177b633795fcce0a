/**
 *   npm run finger -- [--days N] [--seed S] [--lanes N] [--story] [--json]
 *
 * An older volunteer's unsteady finger works days of a small route on the built app. Returns 1 when a wrong effect could
 * not be taken back, or fewer than 99.5 % of the tasks are right in the end.
 */
import { workDays } from './finger.ts';
import { upperBound } from './bound.ts';

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return process.argv[at === -1 ? process.argv.length : at + 1] ?? otherwise;
}

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const report = await workDays({
  days: Number(option('days', '20')),
  seed: option('seed', '1'),
  lanes: Number(option('lanes', '2')),
  tell,
});
const { days, tasks, wrong, irreversible, taps, minutes } = report;
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
tell(
  `\n${days} days, ${tasks} tasks, ${taps} taps, ${(days / minutes).toFixed(1)} days a minute; ${JSON.stringify(report.slips)}`,
);
tell(
  `right in the end: ${percent(1 - wrong.length / tasks)}, with 95 % certainty at least ${percent(1 - upperBound(wrong.length, tasks))}`,
);
tell(
  `not to be taken back: ${irreversible.length}, with 95 % certainty fewer than ${percent(upperBound(irreversible.length, days))} of the days`,
);
if (process.argv.includes('--json')) console.log(JSON.stringify(report));
process.exitCode = irreversible.length > 0 || wrong.length / tasks > 0.005 ? 1 : 0;
