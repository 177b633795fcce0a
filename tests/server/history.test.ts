import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryOf } from '#engine/registry.ts';
import { readHistory, type HistoryQuery } from '#server/history.ts';
import { postgresStation, walker } from './fixture.ts';

let station: Awaited<ReturnType<typeof postgresStation>>;

const doorsOfRound: HistoryQuery<{ round: string }> = {
  input: v.object({ round: v.string() }),
  roles: ['walker'],
  run: async (tx, { station: own }, { round }) => ({
    rows: await tx`select id from door where station_id = ${own} and round_id = ${round} order by id limit 100`,
    next: null,
  }),
};
const writes: HistoryQuery<undefined> = {
  input: v.undefined(),
  roles: ['walker'],
  run: async (tx) => ({ rows: await tx`update door set opened = true returning id`, next: null }),
};
const queries = new Map<string, HistoryQuery>([
  ['doorsOfRound', doorsOfRound],
  ['writes', writes],
]);

beforeAll(async () => {
  station = await postgresStation();
  await station.put('round', [{ id: 'r1', walker: 'a' }]);
  await station.put('door', [{ id: 'd1', roundId: 'r1', opened: false, key: null, mood: null }]);
});
afterAll(() => station.end());

describe('history', () => {
  const ask = (name: string, input?: unknown, roles = ['walker']) =>
    readHistory(
      station.sql,
      queries,
      { identity: { ...walker('a').identity, roles }, device: 'a', registry: registryOf([]), now: 0 },
      { name, input },
    );

  it('answers who may ask, and cannot write', async () => {
    expect(await ask('doorsOfRound', { round: 'r1' })).toEqual({ rows: [{ id: 'd1' }], next: null });
    await expect(ask('doorsOfRound', { round: 'r1' }, ['guest'])).rejects.toThrow('not-allowed');
    await expect(ask('doorsOfRound', { round: 1 })).rejects.toThrow('invalid');
    await expect(ask('nothing')).rejects.toThrow('unknown-query');
    await expect(ask('writes')).rejects.toThrow('read-only transaction');
  });
});
