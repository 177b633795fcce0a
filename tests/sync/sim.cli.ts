import { play, type Run } from './world.ts';

/**
 * Plays seeds and says what came of them:
 *
 *   npm run sim -- --seeds 1..1000 [--steps N] [--phones N] [--trace] [--json]
 *
 * With --json the last line is one JSON object. Exit code 1 when the checker found anything.
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
      phones: wish.phones,
      ...(wish.trace ? { onNote: console.log } : {}),
    });
    runs.push(run);
    for (const { rule, phone, detail } of run.anomalies)
      console.log(`seed ${seed}: ${rule}${phone === null ? '' : ` (${phone})`}: ${detail}`);
  }
  const { user, system } = process.cpuUsage(before);
  return { runs, cpuMinutes: (user + system) / 60_000_000 };
}

function summaryOf(wish: Wish, runs: readonly Run[], cpuMinutes: number) {
  const faults: Record<string, number> = {};
  for (const run of runs)
    for (const [fault, count] of Object.entries(run.faults)) faults[fault] = (faults[fault] ?? 0) + count;
  const bad = runs.filter(({ anomalies }) => anomalies.length > 0);
  return {
    seeds: `${wish.from}..${wish.to}`,
    runs: runs.length,
    steps: runs.reduce((sum, { steps }) => sum + steps, 0),
    actsSaved: runs.reduce((sum, { acts }) => sum + acts, 0),
    faults,
    anomalies: runs.reduce((sum, { anomalies }) => sum + anomalies.length, 0),
    failingSeeds: bad.map(({ seed }) => seed),
    traceHash: joined(runs.map(({ trace }) => trace)),
    seedsPerCpuMinute: Math.round(runs.length / cpuMinutes),
  };
}

/** One short text that differs when any of the texts does (FNV-1a, 32 bit). */
function joined(texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const char of texts.join()) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const wish = wishOf(process.argv.slice(2));
if (!wish) {
  console.error('Usage: npm run sim -- --seeds A..B [--steps N] [--phones N] [--trace] [--json]');
  process.exitCode = 1;
} else {
  const { runs, cpuMinutes } = await playAll(wish);
  const summary = summaryOf(wish, runs, cpuMinutes);
  if (wish.json) console.log(JSON.stringify(summary));
  else for (const [name, value] of Object.entries(summary)) console.log(`${name}: ${JSON.stringify(value)}`);
  if (summary.anomalies > 0) process.exitCode = 1;
}
