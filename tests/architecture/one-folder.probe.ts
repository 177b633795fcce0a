import { registry } from '#kinds';
import type { AnyMutation, Row } from '#engine/kind.ts';
import { Replica } from '#engine/replica.ts';
import { m } from '#messages';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { compareSchema } from '#server/postgres/compare-schema.ts';
import { connect } from '#server/postgres/connect.ts';
import { migrate, migrations } from '#server/postgres/migrate.ts';
import { kindsWithoutTable } from '#server/postgres/write-migration.ts';
import { Disk } from '../sync/disk.ts';
import type { Schedule } from '../sync/schedule.ts';

/**
 * Run inside a copy of the tree, by itself: what the tree makes of its folders. Knows the example only by the names
 * that are looked up in the registry, as any part of the house would. Prints one JSON object.
 */
const now = Date.parse('2026-11-02T04:00:00Z');
const station = 'station';

/** What the database made by the migrations and the declarations say of each other. */
async function drift(url: string): Promise<readonly string[]> {
  const sql = connect(url, { max: 2 });
  try {
    await migrate(sql);
    return await compareSchema(sql, registry);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function phone(store: MemoryStore, device: string, person: string, roles: readonly string[]) {
  const disk = new Disk({ wait: () => Promise.resolve() } as unknown as Schedule, () => false);
  let ids = 0;
  const tools = { wallClock: () => now, monotonic: () => 0, newId: () => `${device}-act-${(ids += 1)}` };
  const replica = await Replica.open(registry, device, disk.session(device), tools);
  const identity = { station, person, roles, communities: 'all' as const };
  const meet = async (): Promise<void> => {
    const request = replica.request();
    const answer = await exchange(store, registry, { now: () => now }, { device, identity }, request);
    await replica.accept(request, JSON.parse(JSON.stringify(answer)));
  };
  await meet();
  const act = async (name: string, args: Record<string, unknown>): Promise<string> => {
    const outcome = await replica.mutate(registry.mutations.get(name) as AnyMutation, args);
    if ('refusal' in outcome) throw new Error(`${name} was refused: ${outcome.refusal.code}`);
    return outcome.saved.id;
  };
  const rows = (kind: string): readonly Row[] => replica.shown.of(kind).all();
  return { replica, meet, act, rows };
}

function elderRow(id: string): Row {
  const fields = Object.keys(registry.kind('elder').fields).map((field) => [field, null]);
  return { ...Object.fromEntries(fields), id, name: `elder ${id}`, communityId: 'c1', status: 'active' } as Row;
}

/** Two phones: the office plans, the barber works without signal, the office sees it. */
async function dayOfHaircuts(): Promise<Record<string, unknown>> {
  const store = new MemoryStore(registry);
  store.put('elder', [elderRow('e1'), elderRow('e2'), elderRow('e3')]);
  const office = await phone(store, 'desk', 'lin', ['coordinator']);
  const barber = await phone(store, 'pocket', 'wang', ['visitor']);
  const plan = { day: '2026-11-02', communityId: 'c1', barberId: 'wang', elderIds: ['e1', 'e2'] };
  const round = await office.act('haircutRound.plan', plan);
  await office.meet();
  await barber.meet();
  const elders = barber.rows('elder').map(({ id }) => id);
  await barber.act('haircut.finish', { haircutId: `${round}:e1`, outcome: 'cut' });
  const offline = barber.rows('haircut').map((row) => row['outcome']);
  const unsent = barber.replica.unsent.length;
  await barber.meet();
  await office.meet();
  const seen = office.rows('haircut').map((row) => row['outcome']);
  return { elders, offline, unsent, left: barber.replica.unsent.length, seen };
}

const kinds = registry.kinds.map(({ name }) => name);
const url = process.env.PROBE_DATABASE_URL as string;
const here = kinds.includes('haircutRound');
const words = m as unknown as Record<string, (() => string) | undefined>;
process.stdout.write(
  `${JSON.stringify({
    kinds: kinds.filter((name) => name.startsWith('haircut')).sort(),
    acts: [...registry.mutations.keys()].filter((name) => name.startsWith('haircut')).sort(),
    title: words['haircut_round_title']?.() ?? null,
    withoutTable: kindsWithoutTable(registry, { before: migrations.map(({ sql }) => sql).join('\n'), after: '' })
      .length,
    drift: await drift(url),
    day: here ? await dayOfHaircuts() : null,
  })}\n`,
);
