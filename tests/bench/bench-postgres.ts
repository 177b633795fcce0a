import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { databaseIdentity, programs } from '../../scripts/station/binaries.mjs';
import { giveTo, makeCluster, newPassword } from '../../scripts/station/cluster.mjs';
import { databaseUrl, freePort, startPostgres } from '../../scripts/station/postgres.mjs';

/**
 * A PostgreSQL of the bench's own, as durable as a station's: what it has committed survives a power cut. Everybody in
 * one run writes into this one.
 */
export class BenchPostgres {
  #databases = 0;

  private constructor(
    readonly url: string,
    readonly end: () => Promise<void>,
  ) {}

  /** @param readsLog whether somebody follows the log of changes; it then says more, for whoever writes. */
  static async start({ readsLog = false } = {}): Promise<BenchPostgres> {
    const identity = databaseIdentity();
    const found = { ...programs(identity), identity };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-pg-'));
    giveTo(identity, folder);
    const cluster = path.join(folder, 'postgresql');
    const password = newPassword();
    await makeCluster(found, cluster, password, { throwaway: true });
    const port = await freePort();
    const level = { wal_level: readsLog ? 'logical' : 'replica' };
    const settings = { fsync: 'on', synchronous_commit: 'on', max_connections: '200', ...level };
    const running = await startPostgres({
      programs: found,
      cluster,
      logFile: path.join(folder, 'log'),
      settings,
      port,
      throwaway: true,
    });
    return new BenchPostgres(databaseUrl(port, password), async () => {
      await running.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });
  }

  /** A superuser's url of a new database: empty, or a copy of another one that nobody is connected to. */
  async database(template?: string): Promise<string> {
    const name = `bench_${(this.#databases += 1)}`;
    const from = template ? ` template ${new URL(template).pathname.slice(1)}` : '';
    await this.asAdministrator(`create database ${name}${from}`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async drop(url: string): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    // Whoever has followed the log leaves a place in it behind, and PostgreSQL drops no database that has one.
    const places = `from pg_replication_slots where database = '${name}'`;
    await this.asAdministrator(`select pg_terminate_backend(active_pid, 5000) ${places} and active_pid is not null`);
    await this.asAdministrator(`select pg_drop_replication_slot(slot_name) ${places}`);
    await this.asAdministrator(`drop database if exists ${name} with (force)`);
  }

  async asAdministrator(statement: string): Promise<void> {
    const sql = postgres(this.url, { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end({ timeout: 5 });
    }
  }
}
