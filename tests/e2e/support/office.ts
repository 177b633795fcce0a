import { dayOf } from '#engine/calendar.ts';
import type { AnyMutation, ArgumentsOf } from '#engine/kind.ts';
import { registry } from '#kinds';
import type { Tables } from '#engine/tables.ts';
import { personActs } from '#features/access/person.desk.record.ts';
import { setPassword } from '#server/access/passwords.ts';
import { demoPeople, demoPersonId } from '#server/demo/people.ts';
import { setupCalls } from '#server/demo/setup.ts';
import { effectsRunner } from '#server/effects.ts';
import { actAs, type ServerCall } from '#server/exchange/act-as.ts';
import { serverParts } from '#server/features.ts';
import { makeStation } from '#server/new-station.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { migrate } from '#server/postgres/migrate.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import { Gate } from '#server/gate.ts';
import { Metrics } from '#server/metrics.ts';
import { PokeHub } from '#server/pokes.ts';
import type { Station } from '#server/station.ts';

export const stationId = 'wenyuan';
export const password = 'a-long-password';
export const coordinator = demoPersonId('liangjing');

/** The station's database as the test itself reaches it: to set up, to act for the office, and to look what is kept. */
export class Office {
  #acts = 0;

  private constructor(
    readonly station: Station,
    readonly sql: Sql,
  ) {}

  /** A fresh station with its kitchen, boxes and people, who sign in with `password`; no elder is known yet. */
  static async open(databaseUrl: string): Promise<Office> {
    const sql = connect(databaseUrl);
    await migrate(sql);
    const office = Office.#over(sql);
    await makeStation(office.station, {
      id: stationId,
      card: { name: '文源街道暖邻站', phone: '0731-70009000', address: '文源综合养老服务中心' },
      coordinator: { id: coordinator, name: '梁静' },
    });
    await office.calls(setupCalls());
    await office.givePasswords();
    return office;
  }

  /** The demo station as it stands there. */
  static ofDemo(databaseUrl: string): Office {
    return Office.#over(connect(databaseUrl, { max: 2 }));
  }

  static #over(sql: Sql): Office {
    const parts = serverParts();
    const store = new PostgresStore(sql, registry, effectsRunner(parts.effects));
    const report = (error: unknown): never => {
      throw error;
    };
    const own = { pokes: new PokeHub(), gate: new Gate({ atOnce: 4, waitingMax: 100 }), metrics: new Metrics() };
    return new Office({ sql, store, registry, parts, ...own, now: Date.now, report }, sql);
  }

  /** Everybody signs in with `password`. */
  async givePasswords(): Promise<void> {
    for (const { login } of demoPeople) await setPassword(this.sql, stationId, demoPersonId(login), login, password);
  }

  close(): Promise<void> {
    return this.sql.end({ timeout: 5 });
  }

  get today(): string {
    return dayOf(Date.now());
  }

  /** Does one act as the coordinator, or as somebody else; gives its id. Throws when it was refused. */
  async act<M extends AnyMutation>(act: M, args: ArgumentsOf<M>, who = coordinator): Promise<string> {
    this.#acts += 1;
    const id = `office-${this.#acts}`;
    await this.calls([{ id, name: act.name, args }], who);
    return id;
  }

  async calls(calls: readonly ServerCall[], who = coordinator): Promise<void> {
    const roles =
      who === coordinator
        ? ['coordinator']
        : [...(demoPeople.find(({ login }) => demoPersonId(login) === who)?.roles ?? [])];
    const identity = { station: stationId, person: who, roles, communities: 'all' as const };
    const session = { device: `system:test-${who}`, identity };
    const { store, report } = this.station;
    const verdicts = await actAs(store, registry, this.station, session, calls, report);
    const refused = verdicts.find(({ verdict }) => verdict === 'refused');
    if (refused) throw new Error(`${refused.id} was refused: ${'code' in refused ? refused.code : ''}`);
  }

  /** Gives somebody these roles, in all communities. */
  async grant(login: string, roles: ArgumentsOf<typeof personActs.grant>['roles']): Promise<void> {
    await this.act(personActs.grant, { personId: demoPersonId(login), roles, allCommunities: true, communities: [] });
  }

  /** Everything the station holds now. */
  tables(): Promise<Tables> {
    return inStation(this.sql, stationId, (tx) => readTables(tx, registry, registry.kinds));
  }
}
