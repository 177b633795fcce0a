import type { DiskCall, DiskTrouble } from './disk.ts';
import type { Anomaly } from './history.ts';
import type { Flaws } from './planted.ts';
import type { Profile } from './profile.ts';
import { play, type Aimed, type Run } from './world.ts';

/** What may become of one call of a phone's disk. */
const fates = ['refuses', 'lies', 'dies', 'dies after'] as const satisfies readonly (DiskTrouble | 'dies after')[];

/** Nothing goes wrong but the one call that is aimed at. */
const smooth: Partial<Profile> = {
  loseRequest: 0,
  loseAnswer: 0,
  double: 0,
  impatient: 0,
  cutRequest: 0,
  cutAnswer: 0,
  crash: 0,
  diskRefuses: 0,
  diskLies: 0,
  serverFails: 0,
  busy: 0,
  serverKill: 0,
  restore: 0,
  wipe: 0,
  revoke: 0,
  exchange: 0.8,
  phones: 2,
};

export interface SweepOptions {
  readonly seed: string;
  readonly steps: number;
  readonly flaws?: Flaws;
  /** At this step all phones take a new version of the app. */
  readonly updatedAt?: number;
  /** Only calls of these; all when left out. */
  readonly only?: 'disk' | 'server';
  /** Goes no further when this rule was broken. */
  readonly until?: string;
}

export interface Swept {
  readonly seed: string;
  /** Calls of the phones' disks, and of the centre's store, in the run in which none of them fails. */
  readonly calls: { readonly disk: number; readonly server: number };
  readonly runs: number;
  /** What the checker found, and at which call. */
  readonly found: readonly (Anomaly & { readonly place: string })[];
}

/**
 * Plays one seed again and again, and each time another one of its storage calls fails: every call of a phone's disk in
 * each way there is, every call of the centre's store before it takes effect or, behind a commit, before anybody hears.
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const calls = { disk: 0, server: 0 };
  const counted = await aimedRun(options, {
    disk: () => ((calls.disk += 1), null),
    server: () => ((calls.server += 1), false),
  });
  const found = counted.anomalies.map((one) => ({ ...one, place: 'nowhere' }));
  let runs = 1;
  for (const aim of aims(calls, options.only)) {
    const { aimed, place } = aim;
    const { anomalies } = await aimedRun(options, aimed);
    runs += 1;
    for (const one of anomalies) found.push({ ...one, place: place() });
    if (found.some(({ rule }) => rule === options.until)) break;
  }
  return { seed: options.seed, calls, runs, found };
}

function aimedRun({ seed, steps, flaws, updatedAt }: SweepOptions, aimed: Aimed): Promise<Run> {
  const about = { ...(flaws ? { flaws } : {}), ...(updatedAt === undefined ? {} : { updatedAt }) };
  return play({ seed, steps, entered: 12, profile: smooth, aimed, ...about });
}

interface Aim {
  readonly aimed: Aimed;
  /** In words, after the run. */
  readonly place: () => string;
}

function* aims(calls: Swept['calls'], only: SweepOptions['only']): Iterable<Aim> {
  if (only !== 'server') for (let at = 1; at <= calls.disk; at += 1) for (const fate of fates) yield atDisk(at, fate);
  if (only === 'disk') return;
  for (let at = 1; at <= calls.server; at += 1) yield atServer(at);
}

function atDisk(at: number, fate: (typeof fates)[number]): Aim {
  let [count, place] = [0, ''];
  const disk = (phone: string, call: DiskCall): DiskTrouble | 'dies after' => {
    count += 1;
    if (count !== at) return null;
    place = `call ${at} of the disks, ${call} of ${phone}, ${fate}`;
    return fate;
  };
  return { aimed: { disk }, place: () => place };
}

function atServer(at: number): Aim {
  let [count, place] = [0, ''];
  const server = (call: string): boolean => {
    count += 1;
    if (count === at) place = `call ${at} of the store, ${call}`;
    return count === at;
  };
  return { aimed: { server }, place: () => place };
}
