import type { Registry } from '#engine/registry.ts';
import { registry } from '#kinds';
import { effectsRunner } from './effects.ts';
import type { ReportError } from './exchange/judge.ts';
import { serverParts, type ServerParts } from './features.ts';
import { runDueJobs } from './jobs.ts';
import { Gate } from './gate.ts';
import { exchangesAtOnce, exchangesWaitingMax, jobsLookedForMs } from './limits.ts';
import { log } from './log.ts';
import { Metrics } from './metrics.ts';
import { PokeHub } from './pokes.ts';
import { connect, waitUntilReady, type Sql } from './postgres/connect.ts';
import { migrate } from './postgres/migrate.ts';
import { PostgresStore } from './postgres/postgres-store.ts';

/** Everything a request needs. */
export interface Station {
  readonly sql: Sql;
  readonly store: PostgresStore;
  readonly registry: Registry;
  readonly parts: ServerParts;
  readonly pokes: PokeHub;
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly report: ReportError;
}

export interface RunningStation extends Station {
  /** Ends jobs and lines at once. */
  quiet(): void;
  /** Ends everything; resolves when the connections are closed. */
  close(): Promise<void>;
}

/** Notes a mistake in a declaration or in the store's schema: ids and names of acts, never what they say. */
export const reportError: ReportError = (error, act) =>
  log.error({ err: error, act: act.id, mutation: act.name }, 'an act could not be taken');

/** Connects, migrates and starts what runs by itself. Throws `DatabaseUnusable` or `MigrationRefused`. */
export async function openStation(databaseUrl: string, now: () => number = Date.now): Promise<RunningStation> {
  const sql = connect(databaseUrl);
  try {
    await waitUntilReady(sql);
    const ran = await migrate(sql);
    if (ran.length > 0) log.info({ migrations: ran.map(({ number }) => number) }, 'migrated');
    const parts = serverParts();
    const store = new PostgresStore(sql, registry, effectsRunner(parts.effects));
    const metrics = new Metrics();
    const gate = new Gate({ atOnce: exchangesAtOnce, waitingMax: exchangesWaitingMax });
    const pokes = new PokeHub(() => metrics.pokes.add());
    await pokes.listen(sql);
    const station = { sql, store, registry, parts, pokes, gate, metrics, now, report: reportError };
    const stopJobs = startJobs(station);
    const quiet = (): void => {
      stopJobs();
      void pokes.close();
    };
    return {
      ...station,
      quiet,
      close: async () => {
        stopJobs();
        await pokes.close();
        await sql.end({ timeout: 1 });
      },
    };
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
}

/** Looks for due jobs now and every little while; never twice at once in this process. */
function startJobs(station: Station): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const round = async (): Promise<void> => {
    await runDueJobs({ ...station, jobs: station.parts.jobs }).catch((error: unknown) =>
      log.error({ err: error }, 'jobs'),
    );
    if (!stopped) timer = setTimeout(() => void round(), jobsLookedForMs).unref();
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
