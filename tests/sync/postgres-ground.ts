import type { Glance, StationTransaction } from '#server/exchange/store.ts';
import { connect, type Sql, type TransactionSql } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { stationDatabase } from '../server/fixture.ts';
import { simulatedRegistry } from './kinds.ts';
import { Locks } from './locks.ts';
import { randomOf, type Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { tapped, type SqlMistake } from './tapped-sql.ts';

/** Connections of the simulated server; whoever finds none free waits for one. */
export const connectionsMax = 24;
/** The station's id, as in the store in memory. */
export const station = 'station';

export interface GroundOptions {
  readonly oneAtATime?: boolean;
  readonly mistake?: SqlMistake;
}

export interface OpenTransaction {
  readonly tx: StationTransaction;
  readonly ending: Ending;
  commit(): Promise<void>;
  /** Returns what the server hears of it. */
  rollBack(reason: unknown): Promise<unknown>;
}

/** A database with the tables of the simulated kinds, in which one run is played after the other. */
export class PostgresGround {
  locks = new Locks();
  random: Random = randomOf('');
  /** As the store in memory has it: whoever reads one moment or has taken the counter is alone. */
  oneAtATime = false;
  mistake: SqlMistake = {};
  #pool: Sql | null = null;

  private constructor(
    /** A superuser's connection, for everything that the server itself does not do. */
    readonly admin: Sql,
    readonly url: string,
    readonly tables: readonly string[],
    readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<PostgresGround> {
    const { sql, url, end } = await stationDatabase(simulatedRegistry, { max: 1 });
    const found = await sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`;
    const tables = found.map(({ name }) => name);
    const copies = tables.map((name) => `create table backup.${name} (like public.${name})`);
    await sql.unsafe(['create schema backup', ...copies].join(';'));
    return new PostgresGround(sql, url, tables, end);
  }

  /** Makes everything empty for one run of this seed. */
  async begin(seed: string, { oneAtATime = false, mistake = {} }: GroundOptions): Promise<void> {
    Object.assign(this, { oneAtATime, mistake, random: randomOf(`${seed}/postgres`), locks: new Locks() });
    // Deleting from tables that hold little is much faster than making their files anew.
    const empty = this.tables.map((name) => `delete from ${name}`).join(';');
    await this.admin.unsafe(`begin; set local session_replication_role = replica; ${empty};
      insert into epoch (id) values ('epoch-1');
      insert into station (id, name) values ('${station}', 'simulated');
      insert into station_clock (station_id) values ('${station}'); commit`);
  }

  /** The server's process is gone: all its connections end, and what they had open is taken back. */
  async kill(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // In memory nobody's turn ends before they have noticed that they were killed.
    if (!this.oneAtATime) this.locks = new Locks();
    if (!pool) return;
    await endBackends(this.admin);
    await pool.end({ timeout: 0 });
  }

  async backup(): Promise<void> {
    const { tables } = this;
    const copies = tables.map((name) => `insert into backup.${name} select * from public.${name}`);
    const empty = tables.map((name) => `delete from backup.${name}`);
    await this.admin.unsafe(['begin isolation level repeatable read', ...empty, ...copies, 'commit'].join(';'));
  }

  /** Puts the backup back, as a restore does: keys are not checked row by row. */
  async restore(epoch: string): Promise<void> {
    const copies = this.tables.map((name) => `insert into public.${name} select * from backup.${name}`);
    const empty = this.tables.map((name) => `delete from public.${name}`);
    const all = [...empty, ...copies, `update epoch set id = '${epoch}'`];
    const asRestore = 'set local session_replication_role = replica';
    await this.admin.unsafe(['begin', asRestore, ...all, 'commit'].join(';'));
  }

  async end(): Promise<void> {
    await this.kill();
    await this.drop();
  }

  /** Runs what only the database can answer; nobody is drawn meanwhile. */
  async really<T>(schedule: Schedule, work: () => Promise<T>): Promise<T> {
    schedule.workBegins();
    try {
      return await work();
    } finally {
      schedule.workEnds();
    }
  }

  glance(device: string): Promise<Glance> {
    return new PostgresStore(this.#connections(), simulatedRegistry).glance(station, device);
  }

  /** Opens a transaction of the server; a pull sees from now on this moment. */
  open(mode: 'push' | 'pull'): Promise<OpenTransaction> {
    const ending = new Ending(this.admin);
    const sql = tapped(this.#connections(), (tx) => ending.before(tx), this.mistake);
    const store = new PostgresStore(sql, simulatedRegistry);
    return new Promise((opened, failed) => {
      let isLost = false;
      const ended = store.transaction(station, mode, (tx) => {
        return new Promise<void>((finish, fail) => {
          // The driver would send a rollback over a connection that is gone.
          const end = (how: () => void) => (isLost ? ended : (how(), ended));
          const rollBack = (reason: unknown): Promise<unknown> =>
            end(() => fail(reason)).then(
              () => reason,
              (told: unknown) => told,
            );
          opened({ tx, ending, commit: () => end(finish), rollBack });
        });
      });
      ended.catch((error: unknown) => {
        isLost = true;
        failed(error);
      });
    });
  }

  #connections(): Sql {
    this.#pool ??= connect(this.url, { max: connectionsMax });
    return this.#pool;
  }
}

/** Ends the connection of one transaction from outside, as a database does that is stopped or has no memory left. */
export class Ending {
  #tx: TransactionSql | null = null;
  #left = Number.POSITIVE_INFINITY;
  #ended: Promise<void> | null = null;

  constructor(readonly admin: Sql) {}

  /** It ends before the statement after this many more of them. */
  after(statements: number): void {
    this.#left = statements;
  }

  /** The connection of this transaction is the one; what it sends from its end on is lost. */
  before(tx: TransactionSql): Promise<void> | null {
    this.#tx = tx;
    this.#left -= 1;
    return this.#left < 0 ? this.now() : null;
  }

  now(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    const pid = await this.#pid();
    if (pid !== null) await endBackends(this.admin, pid);
  }

  /** Null for a transaction that has failed: it answers nothing more, and is taken back in any case. */
  async #pid(): Promise<number | null> {
    const tx = this.#tx as TransactionSql;
    const [found] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`.catch(() => []);
    return found?.pid ?? null;
  }
}

/** Ends the connections of the simulated server, or one of them, and waits until they are gone. */
async function endBackends(admin: Sql, pid: number | null = null): Promise<void> {
  const others = () => admin<{ ended: boolean }[]>`
    select pg_terminate_backend(pid) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
    and pid = coalesce(${pid}, pid)`;
  while ((await others()).length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
}
