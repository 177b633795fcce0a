import { dayOf } from '#engine/calendar.ts';
import { TrpcServer } from '#engine/client/transport.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { startSession } from '#server/access/sessions.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { KindSql } from '#server/postgres/kind-sql.ts';
import { migrate, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { writeMigration } from '#server/postgres/write-migration.ts';
import { Checker } from '../sync/checker.ts';
import { Disk } from '../sync/disk.ts';
import type {
  Anomaly,
  PlainDisk,
  PlainEntry,
  PlainPerson,
  PlainRow,
  PlainRows,
  PlainStation,
  PlainTaken,
} from '../sync/history.ts';
import { simulatedRegistry } from '../sync/kinds.ts';
import { NoAnswer, type Network } from '../sync/network.ts';
import { Phone, type PhoneEvents } from '../sync/phone.ts';
import { randomOf, type Random } from '../sync/random.ts';
import { Schedule } from '../sync/schedule.ts';
import { chooseTap, firstDay, type Setting } from '../sync/tapping.ts';
import { FaultProxy } from './fault-proxy.ts';
import { OwnPostgres } from './own-postgres.ts';
import { ServerProcess } from './server-process.ts';

export interface CrashOptions {
  readonly seed: string;
  readonly cycles: number;
  /** Field phones besides the office's. */
  readonly phones?: number;
  /** A mistake of the server, for the test of the test. */
  readonly flaw?: 'forgets';
}

export interface CrashRun {
  readonly cycles: number;
  readonly kills: { readonly server: number; readonly database: number };
  readonly acts: number;
  readonly exchanges: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
}

const communities = ['north', 'south'];
const station = 'station';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays cycles of work during which the server or its database is killed, then lets all come to rest and judges. */
export async function playCrashes(options: CrashOptions): Promise<CrashRun> {
  const database = await OwnPostgres.start();
  const world = new CrashWorld(options, database);
  try {
    return await world.play();
  } finally {
    await world.end();
    await database.end();
  }
}

class CrashWorld {
  readonly #random: Random;
  readonly #checker = new Checker();
  readonly #phones: Phone[] = [];
  readonly #people = new Map<string, PlainPerson>();
  readonly #cookies = new Map<string, string>();
  readonly #schedule: Schedule;
  readonly #sql: Sql;
  readonly #kills = { server: 0, database: 0 };
  readonly #odd: Anomaly[] = [];
  #proxy: FaultProxy | null = null;
  #server: ServerProcess | null = null;
  #acts = 0;
  #exchanges = 0;
  #numbers = 0;
  #ended = false;

  constructor(
    readonly options: CrashOptions,
    readonly database: OwnPostgres,
  ) {
    this.#random = randomOf(options.seed);
    this.#schedule = new Schedule(this.#random.fork('schedule'));
    this.#sql = connect(database.url, { max: 2 });
  }

  async play(): Promise<CrashRun> {
    await this.#prepare();
    await this.#startServer();
    this.#proxy = new FaultProxy((this.#server as unknown as ServerProcess).port, this.#random.fork('line'));
    await this.#proxy.listen();
    const going = this.#keepGoing();
    await this.#firstDay();
    for (let cycle = 0; cycle < this.options.cycles; cycle += 1) await this.#cycle(cycle);
    await this.#comeToRest();
    this.#ended = true;
    await going;
    return {
      cycles: this.options.cycles,
      kills: this.#kills,
      acts: this.#acts,
      exchanges: this.#exchanges,
      faults: this.#proxy.counts,
      anomalies: [...this.#checker.anomalies, ...this.#odd],
    };
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#proxy?.close();
    await this.#server?.kill();
    await this.#sql.end({ timeout: 1 });
  }

  /** Tables of the simulated kinds beside those of the frame, and everybody's sign-in. */
  async #prepare(): Promise<void> {
    const frame = migrations.filter(({ number }) => number <= 5 || number === 60 || number === 61);
    const { sql } = writeMigration(simulatedRegistry, simulatedRegistry.kinds, { before: '', after: '' });
    await migrate(this.#sql, [...frame, ...migrationsOf({ '0900.do.simulated.sql': sql })]);
    await this.#sql`alter table person drop constraint person_roles_list`;
    await this.#sql`insert into station (id, name) values (${station}, 'simulated')`;
    await this.#sql`insert into station_clock (station_id) values (${station})`;
    for (let at = 0; at <= (this.options.phones ?? 4); at += 1) await this.#enrol(at);
  }

  async #enrol(at: number): Promise<void> {
    const [person, name] = [`person${at}`, `phone${at}`];
    const viewer = { person, roles: [at === 0 ? 'office' : 'volunteer'], communities: [communities[at % 2] as string] };
    this.#people.set(name, viewer);
    await this.#sql`insert into person (station_id, id, version, name, roles, all_communities, communities, active)
      values (${station}, ${person}, 1, ${person}, ${viewer.roles}, false, ${viewer.communities}, true)`;
    const token = await startSession(this.#sql, { station, person, device: name }, 'join', Date.now());
    this.#cookies.set(name, `nuanlin_session=${token}`);
    const disk = new Disk(this.#schedule, () => false);
    const random = this.#random.fork(name);
    const network = { send: (_owner: string, device: string, request: ExchangeRequest) => this.#send(device, request) };
    const line = network as unknown as Network;
    this.#phones.push(
      new Phone(name, simulatedRegistry, disk, this.#schedule, line, random, { now: Date.now }, this.#events()),
    );
  }

  /** The phone's own way to the centre, over the bad line. */
  async #send(device: string, request: ExchangeRequest): Promise<ExchangeAnswer> {
    this.#exchanges += 1;
    const server = new TrpcServer({
      fetch: (url, init) => {
        const headers = new Headers(init?.headers);
        headers.set('cookie', this.#cookies.get(device) ?? '');
        return fetch(`http://127.0.0.1:${this.#proxy?.port}${String(url)}`, { ...init, headers });
      },
      timers: {
        // A phone is patient for a minute; here a second has to do.
        after: (ms, run) => {
          const timer = setTimeout(run, ms / 40);
          return () => clearTimeout(timer);
        },
        random: () => this.#random.next(),
      },
    });
    const asked = await server.exchange(JSON.parse(JSON.stringify(request)) as ExchangeRequest);
    if (asked.kind === 'answer') return asked.answer;
    if (asked.kind === 'sign-in' || asked.kind === 'declined')
      this.#odd.push({ rule: 'work is never turned away', phone: device, detail: JSON.stringify(asked) });
    throw new NoAnswer(asked.kind);
  }

  /** Lets everything that waits on the phones go on, all the time. */
  async #keepGoing(): Promise<void> {
    while (!this.#ended) if ((await this.#schedule.step()) === undefined) await pause(2);
  }

  async #firstDay(): Promise<void> {
    for (const phone of this.#phones) await phone.start();
    const [office] = this.#phones as [Phone];
    if (this.#proxy) this.#proxy.calm = true;
    await office.exchange();
    for (let taps = 0; taps < 24; taps += 1)
      for (const { mutation, args } of office.replica ? firstDay(office.replica, office.random, this.#setting()) : [])
        await office.tap(mutation, args);
    for (const phone of this.#phones) await phone.exchange();
    if (this.#proxy) this.#proxy.calm = false;
  }

  /** People work, phones exchange, and somewhere in the middle something is killed. */
  async #cycle(cycle: number): Promise<void> {
    const until = Date.now() + 700;
    const work = this.#phones.map((phone) => this.#work(phone, until));
    await pause(this.#random.between(50, 500));
    if (cycle % 2 === 0) await this.#killServer();
    else await this.#killDatabase();
    await Promise.all(work);
    if (!this.#server?.lives) {
      this.#odd.push({ rule: 'the server stays alive', phone: null, detail: `it ended by itself in cycle ${cycle}` });
      await this.#startServer();
    }
    await this.#judgeNow();
  }

  async #work(phone: Phone, until: number): Promise<void> {
    while (Date.now() < until) {
      for (let taps = phone.random.below(4); taps > 0 && phone.replica; taps -= 1) {
        const tap = chooseTap(phone.replica, phone.random, this.#setting());
        if (tap) await phone.tap(tap.mutation, tap.args);
      }
      await phone.exchange();
      await pause(phone.random.below(30));
    }
  }

  async #killServer(): Promise<void> {
    await this.#server?.kill();
    this.#kills.server += 1;
    await this.#startServer();
  }

  async #startServer(): Promise<void> {
    this.#server = await ServerProcess.start(this.database.url, this.#server?.port ?? 0, this.options.flaw);
  }

  async #killDatabase(): Promise<void> {
    await this.database.kill();
    this.#kills.database += 1;
    await this.database.startAgain();
  }

  /** What each phone shows now against the centre's book as it stands a moment later: the book only grows. */
  async #judgeNow(): Promise<void> {
    const seen = this.#phones.map((phone) => ({
      phone,
      rows: shownOf(phone),
      entries: entriesOf(phone.replica?.entries ?? []),
    }));
    const now = await this.#plain();
    for (const { phone, rows, entries } of seen) {
      const { person } = this.#people.get(phone.name) as PlainPerson;
      this.#checker.tell({ type: 'shown', phone: phone.name, person, rows, entries, station: now });
    }
  }

  async #comeToRest(): Promise<void> {
    if (this.#proxy) this.#proxy.calm = true;
    for (let rounds = 0, still = 0; still < 2 && rounds < 30; rounds += 1) {
      const before = await this.#mark();
      for (const phone of this.#phones) await phone.exchange();
      const unsent = this.#phones.some(({ replica }) => (replica?.unsent.length ?? 1) > 0);
      still = (await this.#mark()) === before && !unsent ? still + 1 : 0;
    }
    await this.#judgeNow();
    this.#checker.end({
      station: await this.#plain(),
      today: dayOf(Date.now()),
      review: await this.#reviews(),
      phones: this.#phones.map((phone) => ({
        phone: phone.name,
        viewer: this.#people.get(phone.name) as PlainPerson,
        shown: shownOf(phone),
        disk: diskOf(phone),
      })),
    });
  }

  async #mark(): Promise<string> {
    const [found] = await this
      .#sql`select (select version from station_clock) as version, count(*)::int as acts from act`;
    return JSON.stringify(found);
  }

  async #plain(): Promise<PlainStation> {
    const rows: Record<string, PlainRow[]> = {};
    await inStation(this.#sql, station, async (tx) => {
      for (const kind of simulatedRegistry.kinds) {
        const own = new KindSql(kind);
        const found = await tx.unsafe(`select ${own.select} from ${own.table} t order by id collate "C"`);
        rows[kind.name] = found.map((row) => own.fromRow(row).row as PlainRow);
      }
    });
    const taken = await this.#sql<PlainTaken[]>`
      select a.device_id as device, a.seq, a.act_id as id, a.name, a.args, a.person_id as person, a.verdict
      from act a join audit u on u.station_id = a.station_id and u.details ->> 'act' = a.act_id order by u.number`;
    return { rows, taken };
  }

  #reviews(): Promise<PlainTaken[]> {
    return this.#sql<PlainTaken[]>`
      select device_id as device, seq, act_id as id, name, args, person_id as person, 'refused' as verdict from review`;
  }

  #setting(): Setting {
    return {
      people: [...this.#people.values()].slice(1).map(({ person }) => person),
      communities,
      today: dayOf(Date.now()),
      nextNumber: () => (this.#numbers += 1),
    };
  }

  #events(): PhoneEvents {
    const nothing = (): void => undefined;
    return {
      saved: ({ name, replica }, seq) => {
        this.#acts += 1;
        const entry = replica?.entries.find((one) => one.seq === seq);
        if (!entry) throw new Error(`${name} said that act ${seq} is saved and does not know it.`);
        const { person } = this.#people.get(name) as PlainPerson;
        const { id, name: act, args } = entry;
        this.#checker.tell({ type: 'saved', phone: name, person, entry: { seq, id, name: act, args } });
      },
      shown: nothing,
      filled: nothing,
      emptied: nothing,
      died: nothing,
      failed: ({ name }, what) => void this.#odd.push({ rule: 'a phone never fails', phone: name, detail: what }),
    };
  }
}

function shownOf({ replica }: Phone): PlainRows {
  const rows: Record<string, readonly PlainRow[]> = {};
  if (replica) for (const kind of simulatedRegistry.kinds) rows[kind.name] = replica.shown.all(kind) as PlainRow[];
  return rows;
}

function entriesOf(entries: readonly PlainEntry[]): PlainEntry[] {
  return entries.map(({ seq, id, name, args, state }) => ({ seq, id, name, args, state }));
}

function diskOf({ disk }: Phone): PlainDisk {
  const { pages, entries, facts } = disk.raw();
  const rows = new Map<string, { kind: string; version: number; row: PlainRow }>();
  for (const page of pages) {
    for (const { kind, id } of page.removed) rows.delete(`${kind}/${id}`);
    for (const { kind, version, row } of page.rows) rows.set(`${kind}/${row.id}`, { kind, version, row });
  }
  return { rows, text: JSON.stringify([pages, facts]), entries: entriesOf(entries) };
}
