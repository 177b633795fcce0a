import os from 'node:os';
import { BenchPostgres } from './bench-postgres.ts';
import { buildOurs, type Built } from './built.ts';
import { recordCount } from './care-records.ts';
import type { OurRun, SyncRun } from './figures.ts';
import { slow4G, type LineSpeed } from './line-proxy.ts';
import { runOurs, runRoute } from './our-phone.ts';
import { buildPeer, runPeer, type BuiltPeer } from './peer-run.ts';
import { installPeer, peers } from './peers.ts';
import { BenchStation } from './station-data.ts';
import { summaryOf, type SyncReport } from './sync-report.ts';

export interface SyncOptions {
  readonly reps: number;
  /** Names of the peers that take part; null for all that can. */
  readonly peers: readonly string[] | null;
  readonly lines: readonly LineName[];
  readonly tell: (line: string) => void;
}

export const lineNames = ['loopback', 'slow4G'] as const;
export type LineName = (typeof lineNames)[number];
const speeds: Readonly<Record<LineName, LineSpeed | null>> = { loopback: null, slow4G };
const coldStarts = 3;

/** Everything measured over one line, runs in the order they were made. */
export interface LineRuns {
  readonly ours: OurRun[];
  /** Ours when the server notes every single record of the device. */
  readonly oursEach: OurRun[];
  readonly route: number[];
  readonly peers: Record<string, SyncRun[]>;
}

/**
 * The phone's engine against the floor and the peers, in one run on one machine: real Chromium with real IndexedDB, a
 * real server process, one PostgreSQL for everybody. Everybody takes turns, so that a busy minute hits all alike.
 */
export async function benchSync(options: SyncOptions): Promise<SyncReport> {
  const asked = peers.filter(({ name }) => options.peers?.includes(name) ?? true);
  const missing: Record<string, string> = {};
  const able = asked.filter((peer) => {
    const why = installPeer(peer);
    if (why !== null) missing[peer.name] = why;
    return why === null;
  });
  const readsLog = able.some((peer) => peer.readsLog);
  const postgres = await BenchPostgres.start({ readsLog });
  const made: { remove(): void }[] = [];
  try {
    const built = await buildOurs();
    made.push(built);
    const others: BuiltPeer[] = [];
    for (const peer of able) {
      const other = await buildPeer(peer);
      made.push(other);
      others.push(other);
    }
    const prepared = await prepare(postgres);
    const runs = {} as Record<LineName, LineRuns>;
    for (const line of options.lines) runs[line] = await runLine(line, { postgres, built, prepared, others, options });
    const load = os.loadavg()[0] as number;
    const notes = Object.fromEntries(able.flatMap(({ name, note }) => (note ? [[name, note]] : [])));
    return summaryOf({ runs, missing, notes, readsLog, load, cores: os.cpus().length, reps: options.reps });
  } finally {
    for (const one of made) one.remove();
    await postgres.end();
  }
}

async function prepare(postgres: BenchPostgres): Promise<string> {
  const url = await postgres.database();
  const station = await BenchStation.make(url, recordCount);
  await station.planRoute();
  await station.settle();
  await station.end();
  return url;
}

interface Parts {
  readonly postgres: BenchPostgres;
  readonly built: Built;
  readonly prepared: string;
  readonly others: readonly BuiltPeer[];
  readonly options: SyncOptions;
}

async function runLine(line: LineName, { postgres, built, prepared, others, options }: Parts): Promise<LineRuns> {
  const speed = speeds[line];
  const runs: LineRuns = { ours: [], oursEach: [], route: [], peers: {} };
  const setting = { postgres, built, prepared, speed, coldStarts: speed === null ? coldStarts : 0 };
  for (let rep = 0; rep < options.reps; rep += 1) {
    const said = (name: string): void => options.tell(`${line} ${rep + 1}/${options.reps} ${name}`);
    said('ours');
    runs.ours.push(await runOurs({ ...setting, scope: 'whole' }));
    said('ours, every record noted');
    runs.oursEach.push(await runOurs({ ...setting, scope: 'each', coldStarts: 0 }));
    runs.route.push(await runRoute({ ...setting, scope: 'each' }));
    for (const other of others) {
      said(other.peer.name);
      (runs.peers[other.peer.name] ??= []).push(await runPeer(other, postgres, speed));
    }
  }
  return runs;
}
