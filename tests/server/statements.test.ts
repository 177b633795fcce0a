import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { put } from '#engine/change.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import type { WireMutation } from '#engine/protocol.ts';
import { refuse } from '#engine/refusal.ts';
import { registryOf } from '#engine/registry.ts';
import { seesStation } from '#engine/scope.ts';
import { device } from '#features/access/device.record.ts';
import { effectsRunner, type ServerEffect } from '#server/effects.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { push } from '#server/exchange/push.ts';
import type { StationStore } from '#server/exchange/store.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { act, ask, clock, postgresStation, registry as fixtureRegistry, walker } from './fixture.ts';

/** An act that reads three steps deep, and one that stands on the act before it. */
const label = () => '';
const area = kind({ name: 'area', fields: { chief: f.text() }, sees: [seesStation()] });
const house = kind({ name: 'house', fields: { areaId: f.reference('area') }, sees: [seesStation()] });
const call = kind({
  name: 'call',
  fields: { houseId: f.reference('house'), of: f.optional(f.reference('call')), ended: f.yesNo(), chief: f.text() },
  index: ['of'],
  sees: [seesStation()],
});
const callActs = mutationsOf(call, {
  begin: mutation({
    label,
    args: { houseId: f.reference('house') },
    may: () => true,
    refusals: { unknown: label },
    apply: (tx, { houseId }, ctx) => {
      const where = tx.get(house, houseId);
      const around = where && tx.get(area, where.areaId);
      if (!around) return refuse('unknown', houseId);
      return [put(call, { id: ctx.newId(), houseId, of: null, ended: false, chief: around.chief })];
    },
  }),
  // A house that nobody looks for before the database does.
  misplace: mutation({
    label,
    args: { houseId: f.text() },
    may: () => true,
    apply: (_tx, { houseId }, ctx) => [put(call, { id: ctx.newId(), houseId, of: null, ended: false, chief: '' })],
  }),
  end: mutation({
    label,
    args: { callId: f.reference('call') },
    about: { kind: call, id: ({ callId }) => callId },
    may: () => true,
    refusals: { already: label },
    apply: (tx, { callId }, ctx) => {
      const begun = tx.get(call, callId);
      if (!begun || tx.where(call, { of: callId }).length > 0) return refuse('already');
      return [put(call, { ...begun, id: ctx.newId(), of: callId, ended: true })];
    },
  }),
});
const registry = registryOf([{ area, house, call, callActs, device }]);

const phone = {
  ...{ id: 'phone-a', person: 'a', name: '', joinedAt: clock.now(), lastContactAt: null, unsent: 0 },
  ...{ oldestUnsentAt: null, refused: 0, revokedAt: null },
};
const statements: string[] = [];
const onStatement = (text: string): void => void statements.push(text);
let station: Awaited<ReturnType<typeof postgresStation>>;
let effects = 0;
let number = 0;

beforeAll(async () => {
  station = await postgresStation(registry, { onStatement });
  await station.put('area', [{ id: 'a1', chief: 'Wu' }]);
  await station.put('device', [phone]);
  const houses = Array.from({ length: 1_000 }, (_none, at) => ({ id: `h${at}`, areaId: 'a1' }));
  await station.put('house', houses);
});
afterAll(() => station.end());
beforeEach(() => void (statements.length = 0));

/** So many acts, each second one ending what the one before it began. */
function batch(count: number): WireMutation[] {
  return Array.from({ length: count }, (_none, at) => {
    number += 1;
    const begins = at % 2 === 0;
    const args = begins ? { houseId: `h${at}` } : { callId: `act-${number - 1}` };
    return act(number, begins ? 'call.begin' : 'call.end', args);
  });
}

async function pushed(acts: readonly WireMutation[], store = station.store): Promise<number> {
  const setting = { store, registry, now: clock.now, report: () => undefined, epoch: null };
  statements.length = 0;
  const verdicts = await push(setting, walker('a'), acts);
  expect(verdicts.filter(({ verdict }) => verdict === 'applied')).toHaveLength(acts.length);
  return statements.length;
}

describe('a push', () => {
  it('costs as many statements for a thousand acts as for twenty', async () => {
    const counts = [];
    for (const count of [1, 20, 500, 1_000]) counts.push(await pushed(batch(count)));
    const [one = 0, twenty = 0, ...many] = counts;
    expect(many).toEqual([twenty, twenty]);
    expect(twenty - one).toBeLessThanOrEqual(3);
    expect(twenty).toBeLessThanOrEqual(20);
  });

  it('with acts that the database does not take costs one transaction more, however many there are', async () => {
    const counts: number[] = [];
    const begun: number[] = [];
    for (const bad of [1, 10, 50]) {
      // In place of acts on which nothing stands.
      const isBad = (at: number): boolean => at % 2 === 1 && ((at - 1) / 2) % (100 / bad) === 0;
      const misplaced = { name: 'call.misplace', args: { houseId: 'nowhere' } };
      const acts = batch(200).map((one, at) => (isBad(at) ? { ...one, ...misplaced } : one));
      const setting = { store: station.store, registry, now: clock.now, report: () => undefined, epoch: null };
      statements.length = 0;
      const verdicts = await push(setting, walker('a'), acts);
      expect(verdicts.filter(({ code }) => code === 'server-check')).toHaveLength(bad);
      expect(verdicts.filter(({ verdict }) => verdict === 'applied')).toHaveLength(200 - bad);
      counts.push(statements.length);
      begun.push(statements.filter((text) => text.startsWith('begin')).length);
    }
    expect(begun).toEqual([2, 2, 2]);
    expect(Math.max(...counts)).toBeLessThanOrEqual(50);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('runs the effects of all acts of one name together, in the same transaction', async () => {
    const effect: ServerEffect = async (acts, { tx }) => {
      effects += acts.length;
      await tx`select ${acts.length}::int`;
    };
    const store = new PostgresStore(station.sql, registry, effectsRunner(new Map([['call.begin', effect]])));
    const few = await pushed(batch(2), store);
    expect(await pushed(batch(200), store)).toBe(few);
    expect(effects).toBe(101);
    const failing: ServerEffect = async () => {
      throw new Error('an effect that cannot');
    };
    const broken = new PostgresStore(station.sql, registry, effectsRunner(new Map([['call.begin', failing]])));
    const acts = batch(2);
    await expect(pushed(acts, broken)).rejects.toThrow('an effect that cannot');
    const kept = await station.sql`select from act where act_id = ${acts[0]?.id ?? ''}`;
    expect(kept).toHaveLength(0);
  });
});

describe('an exchange with acts', () => {
  const said = { unsent: 3, oldestAt: clock.now() - 60_000, refused: 1 };
  const noted = { lastContactAt: clock.now(), unsent: 3, oldestUnsentAt: said.oldestAt, refused: 1 };
  const held = async () => (await station.rowsOf('device'))[0];
  const asked = (store: StationStore = station.store) =>
    exchange(store, registry, clock, walker('a'), { ...ask(null, batch(2)), queue: said });
  const begun = () => statements.filter((text) => text.startsWith('begin')).length;

  it('is two transactions: what the phone says of itself is noted with its acts', async () => {
    statements.length = 0;
    await asked();
    expect(begun()).toBe(2);
    const first = await held();
    expect(first?.row).toEqual({ ...phone, ...noted });
    const glance = await station.store.glance('s', 'phone-a');
    const { unsent, oldestAt, refused } = said;
    expect(glance.device?.contact).toEqual({ at: clock.now(), unsent, oldestAt, refused });
    // Said again, it is nothing new for the office.
    await asked();
    expect(await held()).toEqual(first);
  });

  it('overwrites nothing that somebody changes in the record of the device meanwhile', async () => {
    await station.put('device', [phone]);
    let taken = 0;
    const disturbed: StationStore = {
      glance: (...args) => station.store.glance(...args),
      transaction: (name, mode, work) =>
        station.store.transaction(name, mode, (tx) => {
          const lockClock = async () => {
            taken += 1;
            if (taken === 1) await station.put('device', [{ ...phone, revokedAt: clock.now() }]);
            return tx.lockClock();
          };
          const calls = (of: typeof tx, name: keyof typeof tx) =>
            name === 'lockClock' ? lockClock : of[name].bind(of);
          return work(new Proxy(tx, { get: (of, name) => calls(of, name as keyof typeof tx) }));
        }),
    };
    await asked(disturbed);
    expect(taken).toBe(2);
    expect((await held())?.row).toEqual({ ...phone, ...noted, revokedAt: clock.now() });
  });

  it('reads the versions it replaces before it replaces them', async () => {
    statements.length = 0;
    await asked();
    const place = (start: string) => statements.findIndex((text) => text.startsWith(start));
    expect(place("select 'call' as kind")).toBeGreaterThan(-1);
    expect(place("select 'call' as kind")).toBeLessThan(place('insert into "call"'));
  });
});

describe('a pull', () => {
  it('that brings nothing costs one statement', async () => {
    const other = await postgresStation(fixtureRegistry, { onStatement });
    const ours = (text: ReturnType<typeof ask>) =>
      exchange(other.store, fixtureRegistry, clock, { ...walker('a') }, text);
    await other.put('round', [{ id: 'r1', walker: 'a' }]);
    const first = await ours(ask(null));
    statements.length = 0;
    const second = await ours(ask(first));
    expect(second.patch.kinds).toEqual([]);
    expect(statements).toHaveLength(1);
    // A change that is none of theirs is looked at once, and then nothing is left to look at.
    await other.put('round', [{ id: 'r2', walker: 'b' }]);
    const third = await ours(ask(second));
    statements.length = 0;
    await ours(ask(third));
    expect(statements).toHaveLength(1);
    await other.end();
  });
});
