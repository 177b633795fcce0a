import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { seesStation } from '#engine/scope.ts';
import { registry } from '#kinds';
import { compareSchema } from '#server/postgres/compare-schema.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { migrate, MigrationRefused, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { kindsWithoutTable, writeMigration } from '#server/postgres/write-migration.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 4 });
});
afterAll(async () => {
  await sql.end({ timeout: 5 });
  await database.drop();
});

describe('migrations', () => {
  it('make exactly what is declared', async () => {
    await Promise.all([migrate(sql), migrate(sql)]);
    expect(await migrate(sql)).toEqual([]);
    expect(await compareSchema(sql, registry)).toEqual([]);
  });

  it.each([
    ['alter table "elder" drop column "floor"', 'elder: declared, not in the database: floor integer'],
    ['alter table "elder" alter column "floor" type bigint', 'elder: in the database, not declared: floor bigint'],
    [
      'alter table "elder" alter column "name" drop not null',
      'elder: declared, not in the database: name text not null',
    ],
    ['drop index "elder_status_index"', 'elder: declared, not in the database: index on station_id, status'],
    [
      'alter table "elder" drop constraint "elder_community_id_fkey"',
      'elder: declared, not in the database: foreign key (station_id, community_id) references community(station_id, id) deferrable initially deferred',
    ],
    [
      `alter table "elder" drop constraint "elder_status_list", add check (status in ('active'))`,
      'elder: in the database, not declared: status is one of active',
    ],
    ['alter table "elder" no force row level security', 'elder: the second lock (row-level security) is open'],
    ['create table "stray" (id text)', 'table stray belongs to no kind'],
  ])('drift is found: %s', async (statement, sentence) => {
    const found = await sql
      .begin(async (tx) => {
        await tx.unsafe(statement);
        throw await compareSchema(tx as unknown as Sql, registry);
      })
      .catch((differences: unknown) => differences);
    expect(found).toContain(sentence);
  });

  it('run once, in gaps and late, and never after they were changed', async () => {
    const late = migrationsOf({ '0007.do.late.sql': 'create table late_one (id text)' });
    expect((await migrate(sql, [...migrations, ...late])).map(({ number }) => number)).toEqual([7]);
    const changed = migrationsOf({ '0007.do.late.sql': 'create table late_two (id text)' });
    await expect(migrate(sql, [...migrations, ...changed])).rejects.toThrow('was changed after it had run');
    await expect(migrate(sql, migrations)).rejects.toThrow('made by another release');
    const broken = migrationsOf({ '0099.do.broken.sql': 'create table half (id text); create table half (id text)' });
    await expect(migrate(sql, [...migrations, ...late, ...broken])).rejects.toBeInstanceOf(MigrationRefused);
    expect(await sql`select from pg_class where relname = 'half'`).toHaveLength(0);
  });
});

describe('the migration script', () => {
  const round = kind({ name: 'hairRound', fields: { day: f.date() }, sees: [seesStation()] });
  const cut = kind({
    name: 'hairCut',
    fields: { hairRoundId: f.reference('hairRound'), from: f.oneOf(['short', "o'neill"]) },
    sees: [seesStation()],
    unique: [['hairRoundId', 'from']],
  });
  const both = registryOf([{ round, cut }]);

  it('adds a key with whichever of the two tables comes later', () => {
    const first = writeMigration(both, [cut], { before: '', after: '' });
    expect(first.missing).toEqual(['hair_cut.hair_round_id']);
    expect(first.sql).toContain(`check ("from" in ('short', 'o''neill'))`);
    expect(kindsWithoutTable(both, { before: first.sql, after: '' }).map(({ name }) => name)).toEqual(['hairRound']);
    const second = writeMigration(both, [round], { before: first.sql, after: '' });
    expect(second.missing).toEqual([]);
    expect(second.sql).toContain('add constraint "hair_cut_hair_round_id_fkey"');
    const again = writeMigration(both, [cut], { before: '', after: second.sql });
    expect(again.sql).toBe(first.sql);
  });
});
