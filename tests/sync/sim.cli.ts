import { summaryOf } from './summary.ts';
import { play, type Run } from './world.ts';

/**
 * Plays seeds and says what came of them:
 *
 *   npm run sim -- --seeds 1..1000 [--steps N] [--phones N] [--trace] [--json]
 *
 * --phones counts the field phones besides the office's. With --json the last line is one JSON object. Exit code 1 when the checker found anything.
 */
interface Wish {
  readonly from: number;
  readonly to: number;
  readonly steps: number | undefined;
  readonly phones: number | undefined;
  readonly json: boolean;
  readonly trace: boolean;
}

function wishOf(args: readonly string[]): Wish | null {
  const value = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const seeds = /^(\d+)(?:\.\.(\d+))?$/.exec(value('--seeds') ?? '1..200');
  if (!seeds) return null;
  const number = (name: string): number | undefined => (value(name) === undefined ? undefined : Number(value(name)));
  const from = Number(seeds[1]);
  return {
    from,
    to: Number(seeds[2] ?? seeds[1]),
    steps: number('--steps'),
    phones: number('--phones'),
    json: args.includes('--json'),
    trace: args.includes('--trace'),
  };
}

async function playAll(wish: Wish): Promise<{ runs: Run[]; cpuMinutes: number }> {
  const runs: Run[] = [];
  const before = process.cpuUsage();
  for (let seed = wish.from; seed <= wish.to; seed += 1) {
    const run = await play({
      seed: String(seed),
      steps: wish.steps,
      profile: wish.phones === undefined ? undefined : { phones: wish.phones },
      ...(wish.trace ? { onNote: console.log } : {}),
    });
    runs.push(run);
    for (const { rule, phone, detail } of run.anomalies)
      console.log(`seed ${seed}: ${rule}${phone === null ? '' : ` (${phone})`}: ${detail}`);
  }
  const { user, system } = process.cpuUsage(before);
  return { runs, cpuMinutes: (user + system) / 60_000_000 };
}

const wish = wishOf(process.argv.slice(2));
if (!wish) {
  console.error('Usage: npm run sim -- --seeds A..B [--steps N] [--phones N] [--trace] [--json]');
  process.exitCode = 1;
} else {
  const { runs, cpuMinutes } = await playAll(wish);
  const seedsPerCpuMinute = Math.round(runs.length / cpuMinutes);
  const summary = { seeds: `${wish.from}..${wish.to}`, ...summaryOf(runs), seedsPerCpuMinute };
  if (wish.json) console.log(JSON.stringify(summary));
  else for (const [name, value] of Object.entries(summary)) console.log(`${name}: ${JSON.stringify(value)}`);
  if (summary.anomalies > 0) process.exitCode = 1;
}
