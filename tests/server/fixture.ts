import { put } from '#engine/change.ts';
import type { Identity } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type Row } from '#engine/kind.ts';
import { decodeRows } from '#engine/patch.ts';
import type { ExchangeAnswer, ExchangeRequest, WireMutation } from '#engine/protocol.ts';
import { refuse } from '#engine/refusal.ts';
import { registryOf, type Registry } from '#engine/registry.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { lostWorkKind } from '#server/exchange/lost-acts.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import type { LoadedRow, StationStore } from '#server/exchange/store.ts';
import { connect, type ConnectOptions, type Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { migrate, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { writeMigration } from '#server/postgres/write-migration.ts';
import { freshDatabase } from '../support/database.ts';

const label = () => '';
export const round = kind({
  name: 'round',
  fields: { walker: f.person() },
  sees: [seesMine('walker', { roles: ['walker'] }), seesStation({ roles: ['office'] })],
});
export const door = kind({
  name: 'door',
  fields: {
    roundId: f.reference('round'),
    opened: f.yesNo(),
    key: f.optional(f.text({ only: ['office'] })),
    mood: f.optional(f.oneOf(['calm', 'loud'])),
  },
  index: ['roundId'],
  sees: [seesWith('round', 'roundId')],
});
export const doorActs = mutationsOf(door, {
  add: mutation({
    label,
    args: { roundId: f.reference('round') },
    may: () => true,
    refusals: { 'no-round': label },
    apply: (tx, { roundId }, ctx) =>
      tx.get(round, roundId)
        ? [put(door, { id: ctx.newId(), roundId, opened: false, key: 'k', mood: null })]
        : refuse('no-round', roundId),
  }),
  open: mutation({
    label,
    args: { doorId: f.reference('door') },
    about: { kind: door, id: (args) => args.doorId },
    may: (_ctx, _door, tx, args) => tx.get(door, args.doorId) !== undefined,
    refusals: { already: label },
    apply: (tx, { doorId }) => {
      const row = tx.get(door, doorId);
      if (!row || row.opened) return refuse('already');
      return [put(door, { ...row, opened: true })];
    },
  }),
  openAll: mutation({
    label,
    args: { roundId: f.reference('round') },
    may: () => true,
    apply: (tx, { roundId }) => tx.where(door, { roundId }).map((row) => put(door, { ...row, opened: true })),
  }),
  // A reference nobody checks before the database does.
  misplace: mutation({
    label,
    args: { doorId: f.reference('door') },
    may: () => true,
    refusals: { gone: label },
    apply: (tx, { doorId }) => {
      const row = tx.get(door, doorId);
      return row ? [put(door, { ...row, roundId: 'no-such-round' })] : refuse('gone');
    },
  }),
  label: mutation({
    label,
    args: { doorId: f.reference('door'), key: f.text() },
    may: () => true,
    refusals: { gone: label },
    apply: (tx, { doorId, key }) => {
      const row = tx.get(door, doorId);
      return row ? [put(door, { ...row, key })] : refuse('gone');
    },
  }),
  break: mutation({
    label,
    args: {},
    may: () => true,
    apply: () => {
      throw new Error('a mistake in a declaration');
    },
  }),
});
export const registry = registryOf([{ round, door, doorActs }]);
export const clock = { now: () => Date.parse('2026-11-20T04:00:00Z') };
export const walker = (person: string): { device: string; identity: Identity } => ({
  device: `phone-${person}`,
  identity: { station: 's', person, roles: ['walker'], communities: 'all' },
});

export const officeDesk: { device: string; identity: Identity } = {
  device: 'desk',
  identity: { station: 's', person: 'o', roles: ['office'], communities: 'all' },
};

export function act(seq: number, name: string, args: unknown): WireMutation {
  return {
    seq,
    id: `act-${seq}`,
    name,
    version: 1,
    args,
    claimedAt: clock.now(),
    serverTime: null,
    sinceServer: null,
    offset: null,
  };
}

export function ask(answer: ExchangeAnswer | null, mutations: WireMutation[] = []): ExchangeRequest {
  const queue = { unsent: 0, oldestAt: null, refused: 0 };
  return { protocol: 1, epoch: answer?.epoch ?? null, cookie: answer?.cookie ?? null, mutations, queue };
}

export function rowsIn(answer: ExchangeAnswer, name: string) {
  const patch = answer.patch.kinds.find((one) => one.kind === name);
  return patch ? decodeRows(patch, Object.keys(registry.kind(name).fields)).map(({ row }) => row) : [];
}

export function removedIn(answer: ExchangeAnswer, name: string) {
  return answer.patch.kinds.find((one) => one.kind === name)?.removed ?? [];
}

/** A store with what a test needs besides: change records without an act, and look at what is kept. */
export interface TestStation {
  readonly store: StationStore;
  put(kind: string, rows: readonly Row[]): Promise<void>;
  take(kind: string, ids: readonly string[]): Promise<void>;
  rowsOf(kind: string): Promise<readonly LoadedRow[]>;
  acts(): Promise<readonly { name: string; seq: number }[]>;
  reviews(): Promise<readonly { id: string; code: string | null; heldWith: string | null }[]>;
  newEpoch(): Promise<void>;
  end(): Promise<void>;
}

async function putInto(store: StationStore, kindName: string, rows: readonly Row[], station = 's'): Promise<void> {
  await store.transaction(station, 'push', async (tx) => {
    const { version } = await tx.lockClock();
    const changes = rows.map((row) => ({ kind: kindName, id: row.id, row }));
    await tx.write({ version: version + 1, rows: changes, acts: [], clashes: [] });
  });
}

async function takeFrom(store: StationStore, kindName: string, ids: readonly string[]): Promise<void> {
  await store.transaction('s', 'push', async (tx) => {
    const { version } = await tx.lockClock();
    const rows = ids.map((id) => ({ kind: kindName, id, row: null }));
    await tx.write({ version: version + 1, rows, acts: [], clashes: [] });
  });
}

export async function memoryStation(): Promise<TestStation> {
  const store = new MemoryStore(registry);
  return {
    store,
    put: (name, rows) => putInto(store, name, rows),
    take: (name, ids) => takeFrom(store, name, ids),
    rowsOf: async (name) => store.rowsOf(name),
    acts: async () => store.acts.map(({ act: { name, seq } }) => ({ name, seq })),
    reviews: async () => store.reviews.map(({ act: { id }, code, heldWith }) => ({ id, code, heldWith })),
    newEpoch: async () => store.restore(store.backup(), 'epoch-2'),
    end: async () => undefined,
  };
}

/** A fresh database with the core tables and those of a registry, and the stations 's' and 'other'. */
export async function stationDatabase(
  kinds: Registry,
  options: ConnectOptions = {},
): Promise<{ sql: Sql; url: string; end: () => Promise<void> }> {
  const database = await freshDatabase();
  const sql = connect(database.url, { max: 10, ...options });
  // Of the frame, not of a feature: 60 and the numbers behind it too.
  const core = migrations.filter(({ number }) => number < 5 || (number >= 60 && number < 70));
  // What a phone has lost is a table of the frame, whoever declares the kind.
  const own = kinds.kinds.filter(({ name }) => name !== lostWorkKind);
  const written = writeMigration(kinds, own, { before: '', after: '' });
  await migrate(sql, [...core, ...migrationsOf({ '0900.do.fixture.sql': written.sql })]);
  await sql`insert into station (id, name) values ('s', 'one'), ('other', 'another')`;
  await sql`insert into station_clock (station_id) values ('s'), ('other')`;
  return {
    sql,
    url: database.url,
    end: async () => {
      await sql.end({ timeout: 5 });
      await database.drop();
    },
  };
}

export async function postgresStation(
  kinds: Registry = registry,
  options: ConnectOptions = {},
): Promise<TestStation & { sql: Sql; url: string }> {
  const { sql, url, end } = await stationDatabase(kinds, options);
  const store = new PostgresStore(sql, kinds);
  return {
    store,
    sql,
    url,
    put: (name, rows) => putInto(store, name, rows),
    take: (name, ids) => takeFrom(store, name, ids),
    rowsOf: (name) =>
      inStation(sql, 's', async (tx) => {
        const own = store.statements(name);
        const found = await tx.unsafe(`select ${own.select} from ${own.table} t order by id collate "C"`);
        return found.map((row) => own.fromRow(row));
      }),
    acts: () => sql<{ name: string; seq: number }[]>`select name, seq from act order by received_at, seq`,
    reviews: () => sql<{ id: string; code: string; heldWith: string | null }[]>`
      select act_id as id, code, held_with as "heldWith" from review order by seq, act_id`,
    newEpoch: async () => {
      await sql`update epoch set id = 'epoch-2'`;
    },
    end,
  };
}
