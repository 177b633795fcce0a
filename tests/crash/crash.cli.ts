import { playCrashes } from './crash-world.ts';

/** `npm run crash -- [--cycles N] [--seed TEXT] [--json]`: exit code 1 when the checker found anything. */
function value(name: string, otherwise: string): string {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

const cycles = Number(value('--cycles', '20'));
if (!Number.isInteger(cycles) || cycles < 1) {
  console.error('Usage: npm run crash -- [--cycles N] [--seed TEXT] [--json]');
  process.exitCode = 1;
} else {
  const run = await playCrashes({ seed: value('--seed', 'crash'), cycles });
  for (const { rule, phone, detail } of run.anomalies) console.error(`${rule} (${phone ?? '-'}): ${detail}`);
  const summary = { ...run, anomalies: run.anomalies.length };
  console.log(process.argv.includes('--json') ? JSON.stringify(summary) : summary);
  if (run.anomalies.length > 0) process.exitCode = 1;
}
