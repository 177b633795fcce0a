import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { setPassword } from '#server/access/passwords.ts';
import type { Station } from '#server/station.ts';
import { Caller, dataOf, DoorStation, firstExchange, stationId } from './door-station.ts';

/** Marks that stand in names, addresses, telephone numbers, passwords and codes only. */
const name = '王秀兰-secretmark';
const marks = ['secretmark', '13900007788', 'ruhe-lane', '王秀兰'];

let door: DoorStation;
let lines: string[] = [];

beforeAll(async () => {
  door = await DoorStation.open();
  await door.person('walker', ['deliverer'], name);
  await setPassword(door.station.sql, stationId, 'chief', 'Chief', 'secretmark-password');
});
afterAll(() => door.close());
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

let seq = 0;
const act = (act: string, args: unknown) => {
  seq += 1;
  return {
    ...{ seq, id: `act-${seq}`, name: act, version: 1, args, claimedAt: Date.now() },
    ...{ serverTime: null, sinceServer: null, offset: null },
  };
};

/** A database error as PostgreSQL words it: with the values it is about. */
function failing(): Station {
  const error = Object.assign(new Error(`duplicate key: Key (name)=(${name}) already exists`), {
    code: 'XX000',
    detail: `Failing row contains (${name}, 13900007788, ruhe-lane 3).`,
    query: `insert into elder values ('${name}')`,
    parameters: [name],
  });
  const throws = async (): Promise<never> => {
    throw error;
  };
  const store = { ...door.station.store, transaction: throws, glance: throws };
  return { ...door.station, store: store as unknown as Station['store'] };
}

describe('the log', () => {
  it('of a day with mistakes of every kind holds no name, number, address, password or code', async () => {
    const chief = await door.device('chief');
    const elder = { name, callName: null, phones: ['13900007788'], address: 'ruhe-lane 3' };
    const acts = [
      act('elder.register', { row: elder }),
      act('elder.correct', { elderId: name, ...elder }),
      act(`elder.${name}`, elder),
      act('person.add', { name, phone: '13900007788', roles: ['visitor'] }),
    ];
    expect((await chief.post('sync.exchange', { ...firstExchange, mutations: acts })).status).toBe(200);
    for (const password of ['secretmark-password', 'secretmark-wrong'])
      await chief.post('access.signIn', { name: 'chief', password });
    await chief.post('access.signIn', { name, password: 'secretmark-wrong' });
    const { code, token } = await dataOf<{ code: string; token: string }>(
      await chief.post('access.makeJoinCode', { person: 'walker' }),
    );
    await chief.post('access.join', { token: 'SECR-ETMA' });
    await chief.post('access.join', { token: code });
    await chief.get(`history.read?input=${encodeURIComponent(JSON.stringify({ name, input: elder }))}`);
    await chief.post('sync.exchange', { ...firstExchange, mutations: [{ name, elder }] });
    await chief.send('sync.exchange', `{"name": "${name}"`);
    door.station.report(new Error(`no place for ${name}`), act('elder.register', { row: elder }));
    const broken = new Caller(failing(), chief.cookie);
    const failed = await broken.post('sync.exchange', { ...firstExchange, mutations: acts });
    expect([failed.status, await failed.text()].join()).not.toContain('secretmark');
    const log = lines.join('');
    expect(lines.filter((line) => line.includes('"level":50')).length).toBeGreaterThanOrEqual(2);
    for (const mark of [...marks, code, token, chief.cookie.split('=')[1] as string]) expect(log).not.toContain(mark);
    for (const line of log.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});
