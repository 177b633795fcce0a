import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 1 });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.drop();
});

it('lists of words and of numbers come back from PostgreSQL as they went', async () => {
  const word = fc.oneof(
    fc.constantFrom('', ' ', 'NULL', 'null', '"', '\\', '{', '}', ',', 'a b', '王秀兰', "o'neill", '\n'),
    fc.string({ maxLength: 8 }).filter((text) => !text.includes('\u0000')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(word, { nil: null }), { maxLength: 6 }),
      fc.array(fc.integer(), { maxLength: 4 }),
      async (words, numbers) => {
        const [found] = await sql`select ${words as string[]}::text[] as words, ${numbers}::bigint[] as numbers`;
        expect(found).toEqual({ words, numbers });
      },
    ),
    { numRuns: 200 },
  );
});
