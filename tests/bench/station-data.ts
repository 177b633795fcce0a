import { dayOf } from '#engine/calendar.ts';
import type { Row } from '#engine/kind.ts';
import { hashOf, newToken } from '#server/access/secrets.ts';
import { startSession } from '#server/access/sessions.ts';
import type { StationStore } from '#server/exchange/store.ts';
import { makeStation } from '#server/new-station.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { migrate, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { writeMigration } from '#server/postgres/write-migration.ts';
import { makeRecords, type CareRecord } from './care-records.ts';
import { benchRegistry, careRecord, rowOf } from './kinds.ts';

export const benchStation = 'bench';
export const coordinator = 'chief';
export const visitor = 'visitor';
export const deliverer = 'deliverer';
export const doorsOnRoute = 60;
/** Records written together; a station's grow in many small steps. */
const rowsPerWrite = 500;

/** A connection to a prepared station with what the bench does to it from behind. */
export class BenchStation {
  readonly #sql: Sql;
  readonly #store: StationStore;

  constructor(
    readonly url: string,
    readonly id = benchStation,
  ) {
    this.#sql = connect(url, { max: 4 });
    this.#store = new PostgresStore(this.#sql, benchRegistry);
  }

  /** Makes tables, the station, its people and so many records in an empty database. */
  static async make(url: string, records: number): Promise<BenchStation> {
    const station = new BenchStation(url);
    const own = writeMigration(benchRegistry, [careRecord], {
      before: migrations.map(({ sql }) => sql).join('\n'),
      after: '',
    });
    await migrate(station.#sql, [...migrations, ...migrationsOf({ '9000.do.bench.sql': own.sql })]);
    await station.found(records);
    return station;
  }

  /** Makes one more station in the same database. */
  async found(records: number, seed = 1): Promise<void> {
    const parts = { sql: this.#sql, store: this.#store as PostgresStore, now: Date.now };
    const card = { name: 'Bench', phone: '0571-10000000', address: '' };
    await makeStation(parts, { id: this.id, card, coordinator: { id: coordinator, name: '梁静' } });
    await this.put('person', [person(visitor, '何晓', ['visitor']), person(deliverer, '周桂兰', ['deliverer'])]);
    const rows = makeRecords(records, seed).map(rowOf);
    for (let from = 0; from < rows.length; from += rowsPerWrite)
      await this.put(careRecord.name, rows.slice(from, from + rowsPerWrite));
  }

  /** One route of today with its doors, and all that its volunteer holds of them. */
  async planRoute(): Promise<void> {
    for (const [kind, rows] of routeOf(dayOf(Date.now()))) await this.put(kind, rows);
  }

  async put(kind: string, rows: readonly Row[]): Promise<void> {
    await this.#store.transaction(this.id, 'push', async (tx) => {
      const { version } = await tx.lockClock();
      const changes = rows.map((row) => ({ kind, id: row.id, row: wholeRow(kind, row) }));
      await tx.write({ version: version + 1, rows: changes, acts: [], clashes: [] });
    });
  }

  /** Makes a device of this person, signed in; gives its name and the secret of its session. */
  async device(who: string, device: string): Promise<string> {
    const facts = { person: who, name: 'bench', joinedAt: Date.now(), unsent: 0, refused: 0 };
    await this.put('device', [{ id: device, ...facts }]);
    return startSession(this.#sql, { station: this.id, person: who, device }, 'join', Date.now());
  }

  /** Makes so many people who deliver, each with a signed-in phone; gives the phones with the secrets of their sessions. */
  async phones(count: number): Promise<{ person: string; device: string; token: string }[]> {
    const phones = Array.from({ length: count }, (_none, at) => ({
      person: `walker-${at}`,
      device: `phone-${at}`,
      token: newToken(),
    }));
    const facts = { name: 'bench', joinedAt: Date.now(), unsent: 0, refused: 0 };
    await this.put(
      'person',
      phones.map((one) => person(one.person, `志愿者 ${one.person}`, ['deliverer'])),
    );
    await this.put(
      'device',
      phones.map((one) => ({ id: one.device, person: one.person, ...facts })),
    );
    const sessions = phones.map((one) => ({ hash: hashOf(one.token), person: one.person, device: one.device }));
    await this.#sql`insert into session (token_hash, station_id, person_id, device_id, way, made_at)
      select hash, ${this.id}, person, device, 'join', now()
      from jsonb_to_recordset(${JSON.stringify(sessions)}::text::jsonb) as r(hash text, person text, device text)`;
    return phones;
  }

  /** The least it takes to keep these rows: a plain table, many rows in one insert, committed each time (ms). */
  async plainInserts(records: readonly CareRecord[], rowsPerCommit: number): Promise<number> {
    await this.#sql`create table plain_record (id uuid primary key, body jsonb not null)`;
    const from = performance.now();
    for (let at = 0; at < records.length; at += rowsPerCommit)
      await this.#sql`insert into plain_record select (e->>'id')::uuid, e
        from jsonb_array_elements(${JSON.stringify(records.slice(at, at + rowsPerCommit))}::text::jsonb) e`;
    const ms = performance.now() - from;
    await this.#sql`drop table plain_record`;
    return ms;
  }

  /** What a day of autovacuum would have done. */
  async settle(): Promise<void> {
    await this.#sql`vacuum analyze`;
  }

  async acts(): Promise<number> {
    const [found] = await this.#sql<{ count: number }[]>`
      select count(*) as count from act where station_id = ${this.id} and verdict = 'applied'`;
    return found?.count ?? 0;
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}

/** Every field that is not said is null, as in a record that came through an act. */
function wholeRow(kind: string, row: Row): Row {
  const empty = Object.keys(benchRegistry.kind(kind).fields).map((field) => [field, null]);
  return { ...Object.fromEntries(empty), ...row };
}

export function person(id: string, name: string, roles: readonly string[]): Row {
  return { id, name, phone: null, roles, allCommunities: true, communities: [], active: true };
}

function routeOf(date: string): [string, Row[]][] {
  const doors = Array.from({ length: doorsOnRoute }, (_, at) => at);
  const house = (at: number): string => `building-${at % 12}`;
  const elderId = (at: number): string => `0198f2c4-7a10-7d3e-8f00-${String(at).padStart(12, '0')}`;
  const routeDayId = `${date}:lunch:route-1`;
  return [
    ['community', [{ id: 'community-1', name: '文源社区' }]],
    [
      'building',
      doors
        .slice(0, 12)
        .map((at) => ({ id: house(at), communityId: 'community-1', estate: '樟树里小区', name: `${at + 1} 栋` })),
    ],
    ['mealVariant', [{ id: 'variant-1', name: '普食', sign: '甲', place: 0, alarm: false, matches: [], active: true }]],
    ['elder', doors.map((at) => elderRow(elderId(at), house(at), at))],
    [
      'dietProfile',
      doors.map((at) => ({
        id: elderId(at),
        elderId: elderId(at),
        types: at % 3 ? [] : ['low-salt'],
        allergens: [],
        dislikes: [],
      })),
    ],
    ['contact', doors.map((at) => contactRow(elderId(at), at))],
    ['route', [{ id: 'route-1', name: '文源东线', meal: 'lunch', volunteerId: deliverer, active: true }]],
    [
      'routeDay',
      [
        {
          id: routeDayId,
          routeId: 'route-1',
          date,
          meal: 'lunch',
          name: '文源东线',
          volunteerId: deliverer,
          state: 'ready',
        },
      ],
    ],
    [
      'stop',
      doors.map((at) => ({
        id: `${date}:lunch:${elderId(at)}`,
        ...{ routeDayId, date, meal: 'lunch', elderId: elderId(at), order: at * 10, variantId: 'variant-1' },
        ...{ boxNumber: at + 1, boxesDue: 1, active: true },
      })),
    ],
  ];
}

function elderRow(id: string, buildingId: string, at: number): Row {
  return {
    id,
    name: `刘${'桂秀玉兰英珍凤梅'[at % 8]}${'华芳云香莲琴'[at % 6]}`,
    callName: '刘奶奶',
    sex: at % 3 ? 'F' : 'M',
    phones: [`1990000${String(1_000 + at)}`],
    communityId: 'community-1',
    buildingId,
    address: `樟树里小区 ${(at % 12) + 1} 栋 ${(at % 3) + 1} 单元 ${200 + at} 室`,
    entrance: String((at % 3) + 1),
    floor: 2 + (at % 5),
    door: String(200 + at),
    accessNote: at % 4 ? null : '敲门要响一点，听力不好',
    mayLeaveAtDoor: at % 5 === 0,
    status: 'active',
  };
}

function contactRow(elderId: string, at: number): Row {
  const phone = `1990001${String(1_000 + at)}`;
  return { id: `contact-${at}`, elderId, order: 1, name: `刘敏${at}`, relation: '女儿', phone, hasKey: at % 2 === 0 };
}
