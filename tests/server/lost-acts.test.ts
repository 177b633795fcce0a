import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRows } from '#engine/patch.ts';
import type { ExchangeAnswer, LostActs } from '#engine/protocol.ts';
import { registry } from '#kinds';
import { inStation } from '#server/postgres/in-station.ts';
import { changeFrameRecord } from '#server/postgres/write-records.ts';
import { dataOf, DoorStation, firstExchange, stationId, type Caller } from './door-station.ts';

let door: DoorStation;
let wu: Caller;
let li: Caller;
let chief: Caller;
const noon = Date.parse('2026-11-20T04:00:00Z');

beforeAll(async () => {
  door = await DoorStation.open();
  await door.person('wu', ['deliverer'], 'Wu');
  await door.person('li', ['deliverer'], 'Li');
  for (const [device, person] of [
    ['old-of-wu', 'wu'],
    ['old-of-li', 'li'],
  ]) {
    const row = { id: device, person, name: '', joinedAt: noon, lastContactAt: null, unsent: 0 };
    const become = () => ({ ...row, oldestUnsentAt: null, refused: 0, revokedAt: null }) as never;
    const entry = { at: noon, what: 'test', person: null, device: null, about: [], details: {} };
    await inStation(door.station.sql, stationId, (tx) =>
      changeFrameRecord(tx, door.station.store, stationId, { kind: 'device', id: device as string, become }, entry),
    );
  }
  wu = await door.device('wu');
  li = await door.device('li');
  chief = await door.device('chief');
});
afterAll(() => door.close());

const loss = (over: Partial<LostActs>): LostActs => ({
  device: 'device-of-wu',
  numbers: [[1, 3]],
  from: noon,
  to: noon + 60_000,
  ...over,
});
const exchange = (caller: Caller, more: object) =>
  caller.post('sync.exchange', { ...firstExchange, ...more }).then((said) => dataOf<ExchangeAnswer>(said));
const records = (answer: ExchangeAnswer) => {
  const patch = answer.patch.kinds.find(({ kind }) => kind === 'lostWork');
  return patch ? decodeRows(patch, Object.keys(registry.kind('lostWork').fields)).map(({ row }) => row) : [];
};
const seenBy = async (caller: Caller) => records(await exchange(caller, {}));
const act = (seq: number) => ({
  ...{ seq, id: `act-${seq}`, name: 'person.register', version: 1, args: {}, claimedAt: noon },
  ...{ serverTime: null, sinceServer: null, offset: null },
});

describe('what a phone says it has lost', () => {
  it('is noted without what the centre has, and comes with the same answer to whoever saved it', async () => {
    await exchange(wu, { mutations: [act(2)] });
    const answer = await exchange(wu, {
      lost: [
        loss({
          numbers: [
            [1, 3],
            [7, 7],
          ],
        }),
      ],
    });
    const found = { device: 'device-of-wu', person: 'wu', count: 3, numbers: '1, 3, 7', state: 'open' };
    expect(records(answer)).toEqual([expect.objectContaining({ ...found, from: noon, to: noon + 60_000 })]);
    expect(await seenBy(chief)).toEqual([expect.objectContaining(found)]);
  });

  it('told again is noted once, also when two requests come at the same time', async () => {
    const lost = [
      loss({
        numbers: [
          [1, 3],
          [7, 7],
        ],
      }),
    ];
    await Promise.all([exchange(wu, { lost }), exchange(wu, { lost })]);
    expect(await seenBy(chief)).toHaveLength(1);
  });

  it('is nothing when the centre has all of it', async () => {
    await exchange(wu, { lost: [loss({ numbers: [[2, 2]] })] });
    expect(await seenBy(chief)).toHaveLength(1);
  });

  it('is taken for a former device of the same person, and for nobody else’s', async () => {
    await exchange(wu, { lost: [loss({ device: 'old-of-wu', numbers: [[5, 5]] })] });
    await exchange(wu, { lost: [loss({ device: 'old-of-li', numbers: [[5, 5]] })] });
    await exchange(wu, { lost: [loss({ device: 'nobody', numbers: [[5, 5]] })] });
    expect((await seenBy(chief)).map(({ device }) => device).sort()).toEqual(['device-of-wu', 'old-of-wu']);
  });

  it('is not what the centre took from a former device, under whichever of its numbers, and from nobody else’s', async () => {
    await exchange(li, { mutations: [act(31)] });
    const former = [
      { device: 'device-of-wu', runs: [[1, 2, 1]] },
      { device: 'device-of-li', runs: [[2, 31, 1]] },
    ];
    const told = { ...loss({ device: 'old-of-wu', numbers: [[1, 2]] }), former };
    await exchange(wu, { lost: [told] });
    expect((await seenBy(chief)).map(({ numbers }) => numbers)).toContain('2');
    const said = await wu.post('sync.exchange', { ...firstExchange, lost: [{ ...told, former: [{ runs: [] }] }] });
    expect(said.status).toBe(400);
  });

  it.each([
    ['runs that fall', [[3, 1]]],
    [
      'runs that overlap',
      [
        [1, 3],
        [3, 4],
      ],
    ],
    ['no numbers', []],
    ['more than a phone can hold', [[1, 20_000]]],
  ])('is refused when it is not of its shape: %s', async (_why, numbers) => {
    const said = await wu.post('sync.exchange', { ...firstExchange, lost: [loss({ numbers: numbers as never })] });
    expect(said.status).toBe(400);
    expect(await seenBy(chief)).toHaveLength(3);
  });

  it('is settled by the coordinator with what was found out, and leaves the phone of its author', async () => {
    const [first] = await seenBy(chief);
    const settle = { ...act(1), id: 'settle-1', name: 'lostWork.settle' };
    const args = { lostWorkId: first?.id, finding: 'All three were delivered.' };
    const answer = await exchange(chief, { mutations: [{ ...settle, args }] });
    expect(answer.verdicts[0]).toMatchObject({ verdict: 'applied' });
    expect((await seenBy(wu)).map(({ id }) => id)).not.toContain(first?.id);
    expect((await seenBy(chief)).map(({ state }) => state).sort()).toEqual(['open', 'open', 'settled']);
  });

  it('is the same loss still when some of it arrives between two tellings', async () => {
    const lost = [loss({ numbers: [[21, 22]] })];
    await exchange(wu, { lost });
    await exchange(wu, { mutations: [act(21)], lost });
    const found = (await seenBy(chief)).filter(({ numbers }) => String(numbers).includes('22'));
    expect(found.map(({ numbers }) => numbers)).toEqual(['21–22']);
  });
});
