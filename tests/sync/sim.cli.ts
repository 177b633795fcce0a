import { PostgresGround } from './postgres-ground.ts';
import { PostgresKeeper } from './postgres-keeper.ts';
import { summaryOf } from './summary.ts';
import { sweep, type Swept } from './sweep.ts';
import { play, type Run, type WorldOptions } from './world.ts';

/**
 * Plays seeds and says what came of them:
 *
 *   npm run sim -- --seeds 1..1000 [--store memory|postgres|both] [--steps N] [--phones N] [--trace] [--json]
 *   npm run sim -- --sweep [--seeds 1..8] [--steps 20] [--json]
 *
 * --sweep plays each seed once for every call of a disk or store in it, and each time another one fails. --phones counts the field phones besides the office's. --store both plays each seed in memory and over PostgreSQL, and
 * wants the same story from both. PostgreSQL is that of TEST_DATABASE_URL or DATABASE_URL, in a database of its own, or
 * one that is brought along. With --json the last line is one JSON object. Exit code 1 when the checker found anything.
 */
type StoreName = 'memory' | 'postgres' | 'both';

interface Wish {
  readonly from: number;
  readonly to: number;
  readonly store: StoreName;
  readonly steps: number | undefined;
  readonly phones: number | undefined;
  readonly sweep: boolean;
  readonly json: boolean;
  readonly trace: boolean;
}

type Summary = Record<string, unknown> & { readonly anomalies: number };

function wishOf(args: readonly string[]): Wish | null {
  const value = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const seeds = /^(\d+)(?:\.\.(\d+))?$/.exec(value('--seeds') ?? (args.includes('--sweep') ? '1..8' : '1..200'));
  const store = value('--store') ?? 'memory';
  if (!seeds || !['memory', 'postgres', 'both'].includes(store)) return null;
  const number = (name: string): number | undefined => (value(name) === undefined ? undefined : Number(value(name)));
  const from = Number(seeds[1]);
  return {
    from,
    to: Number(seeds[2] ?? seeds[1]),
    store: store as StoreName,
    steps: number('--steps'),
    phones: number('--phones'),
    sweep: args.includes('--sweep'),
    json: args.includes('--json'),
    trace: args.includes('--trace'),
  };
}

function openGround(): Promise<PostgresGround> {
  process.env.TEST_DATABASE_URL ??= process.env.DATABASE_URL ?? '';
  return PostgresGround.open();
}

async function playOne(wish: Wish, seed: string, ground: PostgresGround | null): Promise<Run> {
  const options: WorldOptions = {
    seed,
    steps: wish.steps,
    profile: wish.phones === undefined ? undefined : { phones: wish.phones },
    ...(wish.trace ? { onNote: console.log } : {}),
  };
  if (ground === null) return play(options);
  const oneAtATime = wish.store === 'both';
  const run = await play({ ...options, keeper: await PostgresKeeper.begin(ground, seed, { oneAtATime }) });
  if (!oneAtATime) return run;
  const { trace } = await play({ ...options, onNote: () => undefined });
  if (trace === run.trace) return run;
  const different = {
    rule: 'memory and PostgreSQL tell the same story',
    phone: null,
    detail: `${trace} and ${run.trace}`,
  };
  return { ...run, anomalies: [...run.anomalies, different] };
}

async function playAll(wish: Wish): Promise<Summary> {
  const ground = wish.store === 'memory' ? null : await openGround();
  const runs: Run[] = [];
  const [cpuBefore, before] = [process.cpuUsage(), performance.now()];
  for (let seed = wish.from; seed <= wish.to; seed += 1) {
    const run = await playOne(wish, String(seed), ground);
    runs.push(run);
    for (const { rule, phone, detail } of run.anomalies)
      console.log(`seed ${seed}: ${rule}${phone === null ? '' : ` (${phone})`}: ${detail}`);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const minutes = (performance.now() - before) / 60_000;
  await ground?.end();
  return {
    seeds: `${wish.from}..${wish.to}`,
    store: wish.store,
    ...summaryOf(runs),
    // Of this process; PostgreSQL's own time is in the other figure.
    seedsPerCpuMinute: Math.round(runs.length / ((user + system) / 60_000_000)),
    seedsPerMinute: Math.round(runs.length / minutes),
  };
}

async function sweepAll(wish: Wish): Promise<Summary> {
  const all: Swept[] = [];
  const cpuBefore = process.cpuUsage();
  for (let seed = wish.from; seed <= wish.to; seed += 1) {
    const swept = await sweep({ seed: String(seed), steps: wish.steps ?? 20 });
    all.push(swept);
    for (const { place, rule, phone, detail } of swept.found)
      console.log(`seed ${seed}, ${place}: ${rule}${phone === null ? '' : ` (${phone})`}: ${detail}`);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const sum = (of: (one: Swept) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    seeds: `${wish.from}..${wish.to}`,
    diskCalls: sum(({ calls }) => calls.disk),
    storeCalls: sum(({ calls }) => calls.server),
    runs: sum(({ runs }) => runs),
    anomalies: sum(({ found }) => found.length),
    failingSeeds: all.filter(({ found }) => found.length > 0).map(({ seed }) => seed),
    runsPerCpuMinute: Math.round(sum(({ runs }) => runs) / ((user + system) / 60_000_000)),
  };
}

const wish = wishOf(process.argv.slice(2));
if (!wish) {
  console.error(
    'Usage: npm run sim -- --seeds A..B [--store memory|postgres|both] [--sweep] [--steps N] [--phones N] [--trace] [--json]',
  );
  process.exitCode = 1;
} else {
  const summary = await (wish.sweep ? sweepAll(wish) : playAll(wish));
  if (wish.json) console.log(JSON.stringify(summary));
  else for (const [name, value] of Object.entries(summary)) console.log(`${name}: ${JSON.stringify(value)}`);
  if (summary.anomalies > 0) process.exitCode = 1;
}
