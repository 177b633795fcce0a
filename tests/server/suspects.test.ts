import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHash, entryHash, takeHash } from '#engine/checksum.ts';
import type { Row } from '#engine/kind.ts';
import type { Viewer } from '#engine/scope.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import type { Difference, StationStore, WriteBatch } from '#server/exchange/store.ts';
import { lookedAt, suspectsSince } from '#server/exchange/suspects.ts';
import { kindsSeen } from '#server/exchange/whole.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { stationDatabase } from './fixture.ts';
import { registry, viewer, world } from './scope-world.ts';

type World = Readonly<Record<string, readonly Row[]>>;
const far = 10_000;
let inDatabase: PostgresStore;
let end: () => Promise<void>;

beforeAll(async () => {
  const database = await stationDatabase(registry);
  inDatabase = new PostgresStore(database.sql, registry);
  end = database.end;
});
afterAll(() => end());

const stores: readonly (readonly [string, () => StationStore])[] = [
  ['PostgreSQL', () => inDatabase],
  ['memory', () => new MemoryStore(registry)],
];

/** The records of `after` that are written, and those of `before` that it has not. */
function steps(before: World, after: World): WriteBatch['rows'] {
  return registry.kinds.flatMap(({ name: kind }) => {
    const [was, is] = [before[kind] ?? [], after[kind] ?? []];
    const written = is.filter((row) => JSON.stringify(was.find(({ id }) => id === row.id)) !== JSON.stringify(row));
    const gone = was.filter(({ id }) => !is.some((row) => row.id === id));
    return [...written.map((row) => ({ kind, id: row.id, row })), ...gone.map(({ id }) => ({ kind, id, row: null }))];
  });
}

/** A world and what became of it: in some kinds, some of the records that another world has. */
const worlds = fc
  .record({
    before: world,
    other: world,
    moved: fc.subarray(
      registry.kinds.map(({ name }) => name),
      { minLength: 1 },
    ),
    kept: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ before, other, moved, kept }) => {
    const [was, may] = [before as World, other as World];
    const mixed = (kind: string): Row[] => kept.flatMap((keeps, at) => (keeps ? was : may)[kind]?.[at] ?? []);
    const after = registry.kinds.map(({ name }) => [name, moved.includes(name) ? mixed(name) : (was[name] ?? [])]);
    return { before: was, after: Object.fromEntries(after) as World };
  });

const named = ({ removed, rows }: Difference): string[] =>
  [...removed.map(({ kind, id }) => `-${kind}:${id}`), ...rows.map(({ kind, row }) => `+${kind}:${row.id}`)].sort();

/** What a device that held everything before lacks afterwards: looked for everywhere, and among the suspects only. */
async function bothWays(
  store: StationStore,
  before: World,
  after: World,
  who: Viewer,
): Promise<{ readonly all: string[]; readonly suspected: string[]; readonly sums: readonly number[] }> {
  const undo = new Error('rolled back');
  let found: Awaited<ReturnType<typeof bothWays>> | null = null;
  await store
    .transaction('s', 'push', async (tx) => {
      const from = await tx.lockClock();
      const noted = kindsSeen(registry, who).noted;
      const write = (version: number, rows: WriteBatch['rows']) => tx.write({ version, rows, acts: [], clashes: [] });
      await write(from.version + 1, steps({}, before));
      await tx.device('d');
      await tx.remember('d', 1, await tx.difference('d', who, noted, far, null));
      const sum = await tx.checksum('d');
      await write(from.version + 2, steps(before, after));
      const suspects = suspectsSince(registry, who, await tx.clock(), from.version + 1);
      const all = await tx.difference('d', who, noted, far, null);
      const kinds = lookedAt(noted, suspects);
      const suspected =
        kinds.length > 0 ? await tx.difference('d', who, kinds, far, suspects) : { removed: [], rows: [] };
      const replaced = await tx.remember('d', 2, all);
      const added = all.rows.map(({ kind, version, row }) => entryHash(kind, row.id, version));
      const sums = [added.reduce(addHash, takeHash(sum, replaced)), await tx.checksum('d')];
      found = { all: named(all), suspected: named({ more: false, ...suspected }), sums };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  if (!found) throw new Error('Nothing was compared.');
  return found;
}

describe.each(stores)('in %s', (_name, store) => {
  it('a look at the suspects finds what a look at everything finds, and the sum goes on from the one before', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, viewer, async ({ before, after }, who) => {
        const { all, suspected, sums } = await bothWays(store(), before, after, who);
        expect(suspected).toEqual(all);
        expect(sums[0]).toBe(sums[1]);
      }),
      { numRuns: 150 },
    );
  });
});
