/**
 * A database of one's own for a test file, on a real PostgreSQL.
 *
 * `npm test` starts one server for the whole run and names it in TEST_DATABASE_URL (a superuser's url). A single test
 * file run by hand starts its own temporary server; it is gone when the test's process ends.
 */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { startTemporaryPostgres } from '../../scripts/station/postgres.mjs';

export interface FreshDatabase {
  /** A superuser's url of an empty database that nobody else uses. */
  url: string;
  /** Removes the database, cutting connections that are still open. */
  drop: () => Promise<void>;
}

let temporaryServer: Promise<string> | undefined;

/** The url of a superuser on the server for tests, started here when nobody started one before. */
export function testServerUrl(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return Promise.resolve(given);
  temporaryServer ??= startTemporaryPostgres().then(({ url }) => url);
  return temporaryServer;
}

/** Makes an empty database. Rejects when the server for tests cannot be reached or started. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = await testServerUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdministrator(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdministrator(server, `drop database if exists ${name} with (force)`) };
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
