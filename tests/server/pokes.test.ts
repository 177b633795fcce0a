import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSession } from '#server/access/sessions.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { migrate, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { writeMigration } from '#server/postgres/write-migration.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { ServerProcess } from '../crash/server-process.ts';
import { simulatedRegistry } from '../sync/kinds.ts';

let database: FreshDatabase;
let sql: Sql;
let token: string;
const servers: ServerProcess[] = [];
const station = 'station';

beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 3 });
  const frame = migrations.filter(({ number }) => number <= 5 || number === 60 || number === 61);
  const written = writeMigration(simulatedRegistry, simulatedRegistry.kinds, { before: '', after: '' });
  await migrate(sql, [...frame, ...migrationsOf({ '0900.do.simulated.sql': written.sql })]);
  await sql`insert into station (id, name) values (${station}, 'one')`;
  await sql`insert into station_clock (station_id) values (${station})`;
  await sql`insert into person (station_id, id, version, name, roles, all_communities, communities, active)
    values (${station}, 'p', 1, 'P', '{}', true, '{}', true)`;
  token = await startSession(sql, { station, person: 'p', device: 'd' }, 'join', Date.now());
  for (let count = 0; count < 2; count += 1) servers.push(await ServerProcess.start(database.url));
}, 120_000);
afterAll(async () => {
  for (const server of servers) await server.kill();
  await sql.end({ timeout: 1 });
  await database.drop();
});

/** A device that listens on one of the servers. */
class Line {
  readonly #heard: number[] = [];
  readonly #end = new AbortController();
  #wake: () => void = () => undefined;

  static async open({ port }: ServerProcess): Promise<Line> {
    const line = new Line();
    const headers = { cookie: `nuanlin_session=${token}` };
    const response = await fetch(`http://127.0.0.1:${port}/api/sync.pokes`, { headers, signal: line.#end.signal });
    if (response.status !== 200) throw new Error(`No line: ${response.status}.`);
    void line.#read(response).catch(() => undefined);
    return line;
  }

  async #read(response: Response): Promise<void> {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    for (let rest = ''; ;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) {
        const version = /"version":(\d+)/.exec(one)?.[1];
        if (version !== undefined) this.#heard.push(Number(version));
      }
      this.#wake();
    }
  }

  /** Resolves when a poke of at least this version came, or one that says that some may have been missed. */
  async hears(version: number): Promise<void> {
    while (!this.#heard.some((one) => one >= version || one === 0))
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#heard.length = 0;
  }

  close(): void {
    this.#end.abort();
  }
}

let notes = 0;
async function change(): Promise<number> {
  notes += 1;
  const id = `note-${notes}`;
  return new PostgresStore(sql, simulatedRegistry).transaction(station, 'push', async (tx) => {
    const version = (await tx.lockClock()).version + 1;
    const row = { id, by: 'p', community: 'north', day: '2026-11-22', words: 'x' };
    await tx.write({ version, rows: [{ kind: 'note', id, row }], acts: [], clashes: [] });
    return version;
  });
}

const listeners = () => sql<{ pid: number }[]>`
  select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;

it('devices on two servers hear of a change, also after a server has lost the line on which it listens', async () => {
  const lines = await Promise.all(servers.map((server) => Line.open(server)));
  // Only what comes after the line stands is heard, so it is said until it was.
  for (const line of lines) {
    const knock = setInterval(() => void change(), 100);
    await line.hears(1);
    clearInterval(knock);
  }
  const version = await change();
  await Promise.all(lines.map((line) => line.hears(version)));
  const before = await listeners();
  expect(before.length).toBe(2);
  for (const { pid } of before) await sql`select pg_terminate_backend(${pid})`;
  // Nobody hears this one when it is said; whoever listens again says that something may have been missed.
  const missed = await change();
  await Promise.all(lines.map((line) => line.hears(missed)));
  const after = await change();
  await Promise.all(lines.map((line) => line.hears(after)));
  const again = await listeners();
  expect(again.length).toBe(2);
  for (const { pid } of again) expect(before.map((one) => one.pid)).not.toContain(pid);
  for (const line of lines) line.close();
}, 60_000);
