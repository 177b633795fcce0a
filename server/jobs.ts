import type { AnyKind } from '#engine/kind.ts';
import type { Verdict } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import type { Tables } from '#engine/tables.ts';
import { actAs, type ServerCall } from './exchange/act-as.ts';
import type { ReportError } from './exchange/judge.ts';
import { jobLeaseMs } from './limits.ts';
import type { Sql, TransactionSql } from './postgres/connect.ts';
import { inStation } from './postgres/in-station.ts';
import type { PostgresStore } from './postgres/postgres-store.ts';
import { readTables } from './postgres/read-tables.ts';

/** The person and device behind what the station does by itself; nobody can sign in as it. */
export const systemPerson = 'system';

export interface JobContext {
  readonly station: string;
  readonly now: number;
  /** When the job was to run; earlier than `now` after downtime. */
  readonly due: number;
  /** Reads in the station. */
  readonly read: <T>(work: (tx: TransactionSql) => Promise<T>) => Promise<T>;
  /** All records of some kinds, for rules that look at a whole day. */
  readonly tables: (kinds: readonly AnyKind[]) => Promise<Tables>;
  /** Does acts as the station itself. Name them after what they are about: a job may be run twice. */
  readonly act: (calls: readonly ServerCall[]) => Promise<readonly Verdict[]>;
}

export interface Job {
  /** First and next time it is due, after `now` (ms). */
  readonly next: (now: number) => number;
  readonly run: (context: JobContext) => Promise<void>;
}

export interface JobSetting {
  readonly sql: Sql;
  readonly store: PostgresStore;
  readonly registry: Registry;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly now: () => number;
  readonly report: ReportError;
}

/**
 * Runs every job that is due, in every station, once whichever process takes it: a job is taken by moving its time
 * ahead, so a process that dies in it is followed by another. A failure is noted and tried again at the next time.
 */
export async function runDueJobs(setting: JobSetting): Promise<number> {
  if (setting.jobs.size === 0) return 0;
  let ran = 0;
  for (const { id } of await setting.sql<{ id: string }[]>`select id from station order by id`) {
    await plan(setting, id);
    for (const [name, job] of setting.jobs) if (await runIfDue(setting, id, name, job)) ran += 1;
  }
  return ran;
}

/** A job the station does not know yet is due at its first time. */
async function plan({ sql, jobs, now }: JobSetting, station: string): Promise<void> {
  await inStation(sql, station, async (tx) => {
    for (const [name, job] of jobs)
      await tx`insert into job_run (station_id, name, next_at) values (${station}, ${name}, ${job.next(now())})
        on conflict do nothing`;
  });
}

async function runIfDue(setting: JobSetting, station: string, name: string, job: Job): Promise<boolean> {
  const { sql, store, registry, report } = setting;
  const now = setting.now();
  const due = await take(sql, station, name, now);
  if (due === null) return false;
  const identity = { station, person: systemPerson, roles: ['system', 'coordinator'], communities: 'all' as const };
  const device = `system:${name}`;
  let failure: string | null = null;
  try {
    await job.run({
      station,
      now,
      due,
      read: (work) => inStation(sql, station, work),
      tables: (kinds) => inStation(sql, station, (tx) => readTables(tx, registry, kinds)),
      act: (calls) => actAs(store, registry, { now: setting.now }, { device, identity }, calls, report),
    });
  } catch (error) {
    failure = (error as Error).name;
    report(error, { name: `job ${name}` });
  }
  await inStation(
    sql,
    station,
    (tx) => tx`update job_run set next_at = ${job.next(setting.now())}, last_at = ${now}, last_error = ${failure}
      where station_id = ${station} and name = ${name}`,
  );
  return true;
}

/** When the job was due, or null when it is not or somebody else has it. */
async function take(sql: Sql, station: string, name: string, now: number): Promise<number | null> {
  return inStation(sql, station, async (tx) => {
    const [found] = await tx<{ due: number }[]>`
      select next_at as due from job_run
      where station_id = ${station} and name = ${name} and next_at <= ${now} for update skip locked`;
    if (!found) return null;
    await tx`update job_run set next_at = ${now + jobLeaseMs} where station_id = ${station} and name = ${name}`;
    return found.due;
  });
}
