import { describe, expect, it } from 'vitest';
import { exchange } from '#server/exchange/exchange.ts';
import { readCookie } from '#server/exchange/cookie.ts';
import { ask, clock, memoryStation, officeDesk, registry } from './fixture.ts';

const usual = 10;

/** Fills a device of which each answer takes so long (ms) to come in; how many records each answer carried. */
async function filled(tookMs: number): Promise<number[]> {
  const station = await memoryStation();
  const rows = Array.from({ length: 105 }, (_none, at) => ({ id: `r${String(at).padStart(3, '0')}`, walker: null }));
  await station.put('round', rows);
  let now = clock.now();
  const counts: number[] = [];
  for (let request = ask(null); ;) {
    const given = await exchange(station.store, registry, { now: () => now }, officeDesk, request, undefined, usual);
    counts.push(given.patch.kinds.reduce((sum, { ids }) => sum + ids.length, 0));
    if (!given.more) {
      expect(readCookie(given.cookie)?.pace).toBeNull();
      return counts;
    }
    now += tookMs;
    request = ask(given);
  }
}

describe('a filling in parts', () => {
  it('begins small and takes more at once on a line that carries it', async () => {
    expect(await filled(50)).toEqual([10, 40, 40, 15]);
  });

  it('stays small on a weak line, and when the phone was away in between', async () => {
    for (const tookMs of [0, -5]) expect(await filled(tookMs)).toHaveLength(11);
    expect(await filled(60_000)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
  });

  it('takes as many as fit into the time an answer may take', async () => {
    expect(await filled(1_500)).toEqual([10, 20, 40, 35]);
  });

  it('takes a cookie of before there was a pace', () => {
    expect(readCookie('1.0.2026-11-22.who.shape.-')).toMatchObject({ pull: 1, pace: null });
    expect(readCookie('1.0.2026-11-22.who.shape.-.!')).toMatchObject({ pull: 1, pace: null });
  });
});
