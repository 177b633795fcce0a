/** The helper every test with a database stands on: databases of one's own, on a real PostgreSQL that knows Chinese. */
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';

test('two databases know nothing of each other and are gone after drop', async () => {
  const [first, second] = await Promise.all([freshDatabase(), freshDatabase()]);
  const sql = postgres(first.url, { max: 1 });
  const other = postgres(second.url, { max: 1 });
  await sql`create table elder (name text)`;
  const seen = await other`select to_regclass('elder') as found`;
  expect(seen[0]?.found).toBeNull();
  await Promise.all([sql.end(), other.end()]);
  await Promise.all([first.drop(), second.drop()]);
  await expect(postgres(first.url, { max: 1 })`select 1`).rejects.toThrow(/does not exist/);
});

test('text is UTF-8, and the server sees Chinese signs as letters', async () => {
  const { url, drop } = await freshDatabase();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const [row] = await sql`select current_setting('server_encoding') as encoding, '张' ~ '[[:alpha:]]' as letter`;
  expect(row).toEqual({ encoding: 'UTF8', letter: true });
  await sql`create extension pg_trgm`;
  const [trigrams] = await sql`select cardinality(show_trgm('张三丰')) as count`;
  expect(trigrams?.count).toBeGreaterThan(0);
  await sql.end();
  await drop();
});
