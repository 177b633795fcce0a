import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Row } from '#engine/kind.ts';
import type { Viewer } from '#engine/scope.ts';
import { visibleIds } from '#engine/visible.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { Parameters, partName, scopeSql } from '#server/postgres/scope-sql.ts';
import { stationDatabase } from './fixture.ts';
import { registry, viewer, world } from './scope-world.ts';

let sql: Sql;
let end: () => Promise<void>;
let store: PostgresStore;

beforeAll(async () => {
  ({ sql, end } = await stationDatabase(registry));
  store = new PostgresStore(sql, registry);
});
afterAll(() => end());

async function seenBySql(
  rows: Readonly<Record<string, readonly Row[]>>,
  who: Viewer,
): Promise<Map<string, Set<string>>> {
  const seen = new Map(registry.kinds.map(({ name }) => [name, new Set<string>()]));
  const undo = new Error('rolled back');
  await inStation(sql, 's', async (tx) => {
    for (const [name, list] of Object.entries(rows)) {
      const own = store.statements(name);
      await tx.unsafe(own.upsert, ['s', 1, JSON.stringify(list.map((row) => own.toJson(row)))]);
    }
    const parameters = new Parameters();
    const { parts, kinds } = scopeSql(registry, who, 's', parameters);
    if (kinds.length === 0) throw undo;
    const union = kinds.map(({ name }) => `select '${name}' as kind, id from ${partName(name)}`).join(' union all ');
    const text = `with ${parts.join(', ')} ${union}`;
    const found = await tx.unsafe<{ kind: string; id: string }[]>(text, parameters.values as never[]);
    for (const one of found) seen.get(one.kind)?.add(one.id);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return seen;
}

it('shows in PostgreSQL exactly what the same rules show in memory', async () => {
  await fc.assert(
    fc.asyncProperty(world, viewer, async (rows, who) => {
      const inMemory = visibleIds(registry, who, (name) => rows[name as keyof typeof rows]);
      expect(await seenBySql(rows, who)).toEqual(inMemory);
    }),
    { numRuns: 150 },
  );
});
