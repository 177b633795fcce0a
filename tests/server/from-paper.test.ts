import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryActs } from '#features/routes/delivery.record.ts';
import { stopIdOf } from '#features/routes/stops-of.ts';
import { deliveryPaperActs } from '#features/routes/paper.desk.record.ts';
import { dayPlanActs } from '#features/routes/route-day.desk.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import type { DoorOutcome } from '#features/routes/stop.rules.ts';
import { registry } from '#kinds';
import { demoPeople, demoPersonId } from '#server/demo/people.ts';
import { actAs } from '#server/exchange/act-as.ts';
import { coordinator, Office, stationId } from '../e2e/support/office.ts';
import { importLedger, plainMeal } from '../e2e/support/day.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

const walker = demoPersonId('zhouguilan');
const other = demoPersonId('wujianping');
let database: FreshDatabase;
let office: Office;
let stops: readonly string[];

beforeAll(async () => {
  database = await freshDatabase();
  office = await Office.open(database.url);
  await importLedger(office, 'wenyuan-places.csv');
  await importLedger(office, 'wenyuan-elders.xlsx');
  const found = await office.sql<{ id: string }[]>`select id from elder where status = 'active' order by id limit 4`;
  const elders = found.map(({ id }) => id);
  const fixed = { meal: 'lunch', mealPointId: null, deliverBy: null } as const;
  const routeId = await office.act(routeActs.create, { name: '东线', volunteerId: walker, ...fixed });
  const planned = elders.map((elderId) => ({ elderId, variantId: plainMeal, boxesDue: 0, note: null }));
  await office.act(dayPlanActs.plan, { routeId, date: office.today, stops: planned });
  stops = elders.map((elderId) => stopIdOf(office.today, 'lunch', elderId));
});
afterAll(async () => {
  await office?.close();
  await database?.drop();
});

let acts = 0;
/** What the centre answers to a result typed by this person: 'applied', or the code with which it was refused. */
async function typed(who: string, at: number, outcome: DoorOutcome, deliveredBy = walker): Promise<string> {
  acts += 1;
  const args = { stopId: stops[at] as string, outcome, boxesBack: 0, deliveredBy };
  const roles = demoPeople.find(({ login }) => demoPersonId(login) === who)?.roles ?? [];
  const identity = { station: stationId, person: who, roles, communities: 'all' as const };
  const { store, report } = office.station;
  const session = { device: `system:test-${who}`, identity };
  const call = { id: `typed-${acts}`, name: deliveryPaperActs.fromPaper.name, args };
  const [verdict] = await actAs(store, registry, office.station, session, [call], report);
  return (verdict?.verdict === 'refused' ? verdict.code : verdict?.verdict) ?? 'none';
}

const factsAt = (at: number) => office.sql<{ id: string; by: string; entered: string | null; outcome: string }[]>`
  select id, by, entered_by as entered, outcome from delivery where stop_id = ${stops[at] as string} order by at`;

describe('results typed from paper at the centre', () => {
  it.each(demoPeople.filter(({ roles }) => !roles.includes('coordinator')).map(({ login }) => login))(
    'are refused to %s and leave nothing',
    async (login) => {
      expect(await typed(demoPersonId(login), 0, 'handedOver', demoPersonId(login))).toBe('not-allowed');
      expect(await factsAt(0)).toEqual([]);
    },
  );

  it('are the deliverer’s, with the typist beside, and the audit names the typist', async () => {
    expect(await typed(coordinator, 0, 'handedOver')).toBe('applied');
    expect(await factsAt(0)).toMatchObject([{ by: walker, entered: coordinator, outcome: 'handedOver' }]);
    const [line] = await office.sql<{ who: string }[]>`select person_id as who from audit
      where what = 'delivery.fromPaper' order by number desc limit 1`;
    expect(line?.who).toBe(coordinator);
  });

  it('are credited to nobody who does not deliver', async () => {
    expect(await typed(coordinator, 1, 'handedOver', coordinator)).toBe('not-a-deliverer');
    expect(await typed(coordinator, 1, 'handedOver', 'nobody')).toBe('not-a-deliverer');
    expect(await factsAt(1)).toEqual([]);
  });

  it('stay behind what a phone has said', async () => {
    await office.act(deliveryActs.handOver, { stopId: stops[1] as string, boxesBack: 0 }, walker);
    expect(await typed(coordinator, 1, 'refused')).toBe('already-reported');
    expect(await typed(coordinator, 1, 'handedOver')).toBe('applied');
    expect(await factsAt(1)).toMatchObject([{ by: walker, entered: null, outcome: 'handedOver' }]);
  });

  it('take what a phone hands in later, though paper has said the same', async () => {
    expect(await typed(coordinator, 2, 'handedOver')).toBe('applied');
    const noon = Date.now() - 60_000;
    const call = { id: 'late', at: noon, name: deliveryActs.handOver.name, args: { stopId: stops[2], boxesBack: 0 } };
    await office.calls([call], walker);
    expect(await factsAt(2)).toMatchObject([{ entered: null }, { entered: coordinator }]);
    expect(await office.sql`select act_id from act where verdict = 'refused' and act_id = 'late'`).toEqual([]);
  });

  it('start the ladder of a door that did not open, in the name of whoever knocked', async () => {
    expect(await typed(coordinator, 3, 'noAnswer', other)).toBe('applied');
    const [fact] = await factsAt(3);
    const checks = await office.sql`select id, cause, state, opened_by as by, owner_id as owner from safety_check
      where stop_id = ${stops[3] as string}`;
    expect(checks).toEqual([{ id: `${fact?.id}.check`, cause: 'noAnswer', state: 'open', by: other, owner: null }]);
  });
});
