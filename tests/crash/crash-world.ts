import { dayOf } from '#engine/calendar.ts';
import { TrpcServer } from '#engine/client/transport.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { startSession } from '#server/access/sessions.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { KindSql } from '#server/postgres/kind-sql.ts';
import { migrate, migrations, migrationsOf } from '#server/postgres/migrate.ts';
import { writeMigration } from '#server/postgres/write-migration.ts';
import { Checker } from '../sync/checker.ts';
import type { Anomaly, PlainPerson, PlainRow, PlainStation, PlainTaken } from '../sync/history.ts';
import { simulatedRegistry } from '../sync/kinds.ts';
import { randomOf, type Random } from '../sync/random.ts';
import { chooseTap, firstDay, type Setting } from '../sync/tapping.ts';
import { FaultProxy } from './fault-proxy.ts';
import { LinePhone } from './line-phone.ts';
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
  readonly #phones: LinePhone[] = [];
  readonly #people = new Map<string, PlainPerson>();
  readonly #cookies = new Map<string, string>();
  readonly #sql: Sql;
  readonly #kills = { server: 0, database: 0 };
  readonly #odd: Anomaly[] = [];
  #proxy: FaultProxy | null = null;
  #server: ServerProcess | null = null;
  #acts = 0;
  #exchanges = 0;
  #numbers = 0;

  constructor(
    readonly options: CrashOptions,
    readonly database: OwnPostgres,
  ) {
    this.#random = randomOf(options.seed);
    this.#sql = connect(database.url, { max: 2 });
  }

  async play(): Promise<CrashRun> {
    await this.#prepare();
    await this.#startServer();
    this.#proxy = new FaultProxy((this.#server as unknown as ServerProcess).port, this.#random.fork('line'));
    await this.#proxy.listen();
    await this.#firstDay();
    for (let cycle = 0; cycle < this.options.cycles; cycle += 1) await this.#cycle(cycle);
    await this.#comeToRest();
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
    const line = (device: string, request: ExchangeRequest) => this.#send(device, request);
    this.#phones.push(new LinePhone(name, this.#random.fork(name), line));
  }

  /** The phone's own way to the centre, over the bad line. */
  async #send(device: string, request: ExchangeRequest): Promise<ExchangeAnswer | null> {
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
    return null;
  }

  async #firstDay(): Promise<void> {
    for (const phone of this.#phones) {
      this.#checker.tell({ type: 'opens', phone: phone.name, tab: phone.name });
      await phone.start();
    }
    const [office] = this.#phones as [LinePhone];
    if (this.#proxy) this.#proxy.calm = true;
    await office.exchange();
    for (let taps = 0; taps < 24; taps += 1)
      for (const { mutation, args } of firstDay(office.replica, office.random, this.#setting()))
        await this.#tap(office, mutation, args);
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

  async #work(phone: LinePhone, until: number): Promise<void> {
    while (Date.now() < until) {
      for (let taps = phone.random.below(4); taps > 0; taps -= 1) {
        const tap = chooseTap(phone.replica, phone.random, this.#setting());
        if (tap) await this.#tap(phone, tap.mutation, tap.args);
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
    const seen = this.#phones.map((phone) => ({ phone, rows: phone.shown, entries: phone.entries }));
    const now = await this.#plain();
    for (const { phone, rows, entries } of seen) {
      const { person } = this.#people.get(phone.name) as PlainPerson;
      const { name } = phone;
      this.#checker.tell({ type: 'shown', phone: name, tab: name, person, rows, entries, word: null, station: now });
    }
  }

  async #comeToRest(): Promise<void> {
    if (this.#proxy) this.#proxy.calm = true;
    for (let rounds = 0, still = 0; still < 2 && rounds < 30; rounds += 1) {
      const before = await this.#mark();
      for (const phone of this.#phones) await phone.exchange();
      const unsent = this.#phones.some(({ replica }) => replica.unsent.length > 0);
      still = (await this.#mark()) === before && !unsent ? still + 1 : 0;
    }
    await this.#judgeNow();
    this.#checker.end({
      station: await this.#plain(),
      today: dayOf(Date.now()),
      review: await this.#reviews(),
      inOrder: true,
      tabs: this.#phones.map((phone) => ({
        phone: phone.name,
        viewer: this.#people.get(phone.name) as PlainPerson,
        lacks: [],
        shown: phone.shown,
        disk: phone.disk,
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

  /** The person taps; what was called saved is what the checker holds everybody to. */
  async #tap(phone: LinePhone, mutation: AnyMutation, args: Record<string, unknown>): Promise<void> {
    const entry = await phone.tap(mutation, args);
    if (!entry) return;
    this.#acts += 1;
    const { person } = this.#people.get(phone.name) as PlainPerson;
    const { seq, id, name } = entry;
    const saved = { seq, id, name, args: entry.args };
    this.#checker.tell({ type: 'saved', phone: phone.name, tab: phone.name, person, entry: saved });
  }
}
