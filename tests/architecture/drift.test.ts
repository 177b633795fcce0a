import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as f from '#engine/field.ts';
import { kind, type AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { registry } from '#kinds';
import { compareSchema } from '#server/postgres/compare-schema.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { migrate, migrations } from '#server/postgres/migrate.ts';
import { kindsWithoutTable } from '#server/postgres/write-migration.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 4 });
  await migrate(sql);
});
afterAll(async () => {
  await sql.end({ timeout: 5 });
  await database.drop();
});

/** The declarations as they would be after somebody changed one and forgot its migration. */
function changed(name: string, change: (one: AnyKind) => AnyKind): Registry {
  return { ...registry, kinds: registry.kinds.map((one) => (one.name === name ? change(one) : one)) };
}

/** PostgreSQL driven by the migrations, held against the declarations; drift of the database stands in tests/server. */
describe('declarations and migrations', () => {
  it('say the same', async () => {
    expect(await compareSchema(sql, registry)).toEqual([]);
  });

  const [first] = registry.kinds as readonly [AnyKind];
  const extra = { ...first, fields: { ...first.fields, planted: f.optional(f.text()) } };

  it.each([
    ['a new field', changed(first.name, () => extra), /declared, not in the database: planted text/],
    [
      'a new index',
      changed(first.name, () => ({ ...extra, index: ['planted'] })),
      /declared, not in the database: index on station_id, planted/,
    ],
    [
      'a new kind',
      { ...registry, kinds: [...registry.kinds, kind({ name: 'plantedKind', fields: {}, sees: [] })] },
      /^planted_kind is missing$/,
    ],
    [
      'a kind that was taken away',
      { ...registry, kinds: registry.kinds.filter(({ name }) => name !== first.name) },
      /belongs to no kind/,
    ],
  ])('drift is reported: %s without a migration', async (_what, declared, sentence) => {
    const found = await compareSchema(sql, declared as Registry);
    expect(found.filter((one) => sentence.test(one))).not.toEqual([]);
  });

  it('leave no kind without a table', () => {
    const before = migrations.map((one) => one.sql).join('\n');
    expect(kindsWithoutTable(registry, { before, after: '' })).toEqual([]);
  });
});
