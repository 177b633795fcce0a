import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import * as f from '#engine/field.ts';
import { kind, type Row } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { seesBeside, seesMine, seesReferredBy, seesStation, seesWith, type Viewer } from '#engine/scope.ts';
import { visibleIds } from '#engine/visible.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { Parameters, partName, scopeSql } from '#server/postgres/scope-sql.ts';
import { stationDatabase } from './fixture.ts';

/** Kinds whose rules use every sort of rule and every condition, two and three steps deep. */
const walk = kind({
  name: 'walk',
  fields: { walker: f.optional(f.person()), day: f.date(), area: f.optional(f.text()), open: f.yesNo() },
  index: ['walker'],
  sees: [
    seesMine('walker', { roles: ['walker'], days: { field: 'day', from: -1, to: 1 } }),
    seesStation({ roles: ['office'], within: 'area' }),
    seesStation({ roles: ['kitchen'], having: { field: 'open', values: [true] } }),
  ],
});
const halt = kind({
  name: 'halt',
  fields: { walkId: f.optional(f.text()), who: f.optional(f.text()), mood: f.oneOf(['calm', 'loud', 'away']) },
  index: ['walkId', 'who'],
  sees: [
    seesWith('walk', 'walkId'),
    seesStation({ roles: ['guest'], having: { field: 'mood', values: ['calm', 'away'] } }),
  ],
});
const someone = kind({
  name: 'someone',
  fields: { street: f.optional(f.text()) },
  sees: [seesReferredBy('halt', 'who'), seesMine('id')],
});
const street = kind({
  name: 'street',
  fields: { name: f.optional(f.text()) },
  index: ['name'],
  sees: [seesBeside('someone', 'name', 'street', { roles: ['walker', 'office'] }), seesStation({ roles: ['mayor'] })],
});
const registry = registryOf([{ walk, halt, someone, street }]);
const today = '2026-11-20';

let sql: Sql;
let end: () => Promise<void>;
let store: PostgresStore;

beforeAll(async () => {
  ({ sql, end } = await stationDatabase(registry));
  store = new PostgresStore(sql, registry);
});
afterAll(() => end());

const id = (prefix: string) => fc.integer({ min: 0, max: 5 }).map((number) => `${prefix}${number}`);
const maybe = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: null });
const rowsOf = <T extends object>(prefix: string, fields: fc.Arbitrary<T>) =>
  fc
    .array(fields, { maxLength: 6 })
    .map((list) => list.map((one, at): Row => ({ id: `${prefix}${at}`, ...one }) as unknown as Row));

const world = fc.record({
  walk: rowsOf(
    'w',
    fc.record({
      walker: maybe(id('p')),
      day: fc.integer({ min: -3, max: 3 }).map((count) => addDays(today, count)),
      area: maybe(id('a')),
      open: fc.boolean(),
    }),
  ),
  halt: rowsOf(
    'h',
    fc.record({ walkId: maybe(id('w')), who: maybe(id('p')), mood: fc.constantFrom('calm', 'loud', 'away') }),
  ),
  someone: rowsOf('p', fc.record({ street: maybe(id('s')) })),
  street: rowsOf('t', fc.record({ name: maybe(id('s')) })),
});
const viewer: fc.Arbitrary<Viewer> = fc.record({
  person: id('p'),
  roles: fc.subarray(['walker', 'office', 'kitchen', 'guest', 'mayor']),
  communities: fc.oneof(fc.constant('all' as const), fc.array(id('a'), { maxLength: 3 })),
  today: fc.constant(today),
});

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
