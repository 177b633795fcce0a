import { createHash } from 'node:crypto';
import type { Sql, TransactionSql } from './connect.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** A migration cannot be run; the message is one sentence for a person. */
export class MigrationRefused extends Error {}

/** Only one process migrates at a time; any number will do as long as it is always this one. */
const lockNumber = 4_816_207;

const files = import.meta.glob<string>('../migrations/*.sql', { query: '?raw', import: 'default', eager: true });

/** The numbered SQL files under server/migrations, in their order. */
export const migrations: readonly Migration[] = migrationsOf(
  Object.fromEntries(Object.entries(files).map(([path, sql]) => [path.split('/').at(-1) as string, sql])),
);

/** Migrations by file name 'NNNN.do.words.sql'; throws for another name or a number that stands twice. */
export function migrationsOf(sqlByFile: Readonly<Record<string, string>>): readonly Migration[] {
  const list = Object.entries(sqlByFile).map(([file, sql]) => {
    const parts = file.match(/^(\d{4})\.do\.([a-z0-9-]+)\.sql$/);
    if (!parts) throw new MigrationRefused(`"${file}" is not named like 0070.do.haircuts.sql.`);
    return { number: Number(parts[1]), name: parts[2] as string, sql };
  });
  list.sort((a, b) => a.number - b.number);
  const twice = list.find(({ number }, at) => list[at - 1]?.number === number);
  if (twice) throw new MigrationRefused(`Two migrations have the number ${twice.number}.`);
  return list;
}

/**
 * Runs what has not run yet, lowest number first, each in its own transaction, one process at a time. Numbers may have
 * gaps and a lower one may arrive later. Returns what ran; throws `MigrationRefused` when a migration that has run was
 * changed afterwards, when one fails, or when the database was made by a newer release.
 */
export async function migrate(sql: Sql, list: readonly Migration[] = migrations): Promise<readonly Migration[]> {
  // The driver never gives away a connection that is reserved while it is still being made.
  await sql`select`;
  const connection = await sql.reserve();
  try {
    await connection`select pg_advisory_lock(${lockNumber})`;
    await connection`set statement_timeout = 0`;
    await connection`create table if not exists migration (
      number integer primary key, name text not null, checksum text not null, run_at timestamptz not null default now()
    )`;
    const done = await connection<{ number: number; name: string; checksum: string }[]>`select * from migration`;
    const open = openMigrations(list, done);
    for (const one of open) await runOne(connection as unknown as Sql, one);
    return open;
  } finally {
    await connection`reset statement_timeout`.catch(() => undefined);
    await connection`select pg_advisory_unlock(${lockNumber})`.catch(() => undefined);
    connection.release();
  }
}

function openMigrations(
  list: readonly Migration[],
  done: readonly { number: number; name: string; checksum: string }[],
): readonly Migration[] {
  const checksums = new Map(done.map(({ number, checksum }) => [number, checksum]));
  for (const { number, name } of done)
    if (!list.some((one) => one.number === number))
      throw new MigrationRefused(`The database was made by another release: migration ${number} (${name}) is unknown.`);
  for (const one of list)
    if (checksums.has(one.number) && checksums.get(one.number) !== checksumOf(one))
      throw new MigrationRefused(`Migration ${one.number} (${one.name}) was changed after it had run.`);
  return list.filter(({ number }) => !checksums.has(number));
}

async function runOne(connection: Sql, one: Migration): Promise<void> {
  const tx = connection as unknown as TransactionSql;
  try {
    await tx`begin`;
    await tx.unsafe(one.sql);
    await tx`insert into migration (number, name, checksum) values (${one.number}, ${one.name}, ${checksumOf(one)})`;
    await tx`commit`;
  } catch (error) {
    await tx`rollback`.catch(() => undefined);
    throw new MigrationRefused(`Migration ${one.number} (${one.name}) failed: ${(error as Error).message}.`);
  }
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}
