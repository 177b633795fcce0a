import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRows } from '#engine/patch.ts';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import { registry } from '#kinds';
import { dataOf, DoorStation, firstExchange, type Caller } from './door-station.ts';

let door: DoorStation;
let wu: Caller;
let chief: Caller;

beforeAll(async () => {
  door = await DoorStation.open();
  await door.person('wu', ['deliverer'], 'Wu');
  wu = await door.device('wu');
  chief = await door.device('chief');
});
afterAll(() => door.close());

let seq = 0;
async function send(caller: Caller, name: string, args: unknown): Promise<{ id: string; answer: ExchangeAnswer }> {
  seq += 1;
  const id = `act-${seq}`;
  const act = {
    ...{ seq, id, name, version: 1, args, claimedAt: Date.parse('2026-11-20T01:00:00Z') },
    ...{ serverTime: null, sinceServer: null, offset: null },
  };
  const answer = await dataOf<ExchangeAnswer>(
    await caller.post('sync.exchange', { ...firstExchange, mutations: [act] }),
  );
  return { id, answer };
}

const register = { name: 'Zhou', phone: null, roles: ['deliverer'], allCommunities: true, communities: [] };
const listed = (answer: ExchangeAnswer) => {
  const patch = answer.patch.kinds.find(({ kind }) => kind === 'refusedAct');
  return patch ? decodeRows(patch, Object.keys(registry.kind('refusedAct').fields)).map(({ row }) => row) : [];
};
const all = async (caller: Caller) =>
  listed(await dataOf<ExchangeAnswer>(await caller.post('sync.exchange', firstExchange)));
const book = async (id: string) =>
  (await door.station.sql`select handled_by, decision from review where act_id = ${id}`)[0];

describe('what the centre did not take', () => {
  it('lies before the coordinator, whole, and not before others', async () => {
    const { id, answer } = await send(wu, 'person.register', register);
    expect(answer.verdicts[0]).toMatchObject({ verdict: 'refused', code: 'not-allowed' });
    expect(listed(answer)).toEqual([]);
    const [found] = await all(chief);
    expect(found).toMatchObject({ id, act: 'person.register', author: 'wu', code: 'not-allowed', state: 'open' });
    expect(JSON.parse(found?.said as string)).toEqual(register);
    expect(found?.at).toBe(Date.parse('2026-11-20T01:00:00Z'));
  });

  it('entered after all stands as it would have, and the centre’s book says so', async () => {
    const { id } = await send(wu, 'person.register', register);
    const { answer } = await send(chief, 'refusedAct.applyAgain', { refusedActId: id });
    expect(answer.verdicts[0]).toMatchObject({ verdict: 'applied' });
    const [made] = await door.station.sql`select name from person where id = ${id}`;
    expect(made?.name).toBe('Zhou');
    expect(await book(id)).toEqual({ handled_by: 'chief', decision: 'applied' });
    const [entry] = await door.station.sql`select about, person_id from audit
      where what = 'refusedAct.applyAgain' order by number desc limit 1`;
    expect(entry).toEqual({ about: [`person:${id}`, `refusedAct:${id}`], person_id: 'chief' });
  });

  it('given back reaches its author, set aside does not; neither can be done by the author', async () => {
    const [back, aside] = [await send(wu, 'person.register', register), await send(wu, 'person.register', register)];
    const own = await send(wu, 'refusedAct.giveBack', { refusedActId: back.id, reason: 'mine' });
    expect(own.answer.verdicts[0]).toMatchObject({ code: 'not-allowed' });
    await send(chief, 'refusedAct.giveBack', { refusedActId: back.id, reason: 'Please ask the office.' });
    await send(chief, 'refusedAct.discard', { refusedActId: aside.id, reason: 'Not needed.' });
    expect(await all(wu)).toMatchObject([{ id: back.id, state: 'givenBack', reason: 'Please ask the office.' }]);
    expect(await book(aside.id)).toEqual({ handled_by: 'chief', decision: 'discarded' });
    expect(await book(back.id)).toEqual({ handled_by: 'chief', decision: 'given-back' });
  });
});
