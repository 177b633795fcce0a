import { describe, expect, it } from 'vitest';
import { addHash, entryHash } from '#engine/checksum.ts';
import type { Identity } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { registryOf } from '#engine/registry.ts';
import { seesStation } from '#engine/scope.ts';
import { readCookie, writeCookie, type Cookie } from '#server/exchange/cookie.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { Race, type StationClock } from '#server/exchange/store.ts';
import { numbersLeftMax, transactionTries } from '#server/limits.ts';
import { act, ask, clock, door, doorActs, officeDesk, removedIn, round, rowsIn, walker } from './fixture.ts';
import { watched } from './watched-store.ts';

/** Only the office sees it, and all of it. */
const ledger = kind({ name: 'ledger', fields: { line: f.text() }, sees: [seesStation({ roles: ['office'] })] });
const registry = registryOf([{ round, door, doorActs, ledger }]);
const dayMs = 24 * 60 * 60_000;
const doorOf = (id: string, roundId: string, opened = false) => ({ id, roundId, opened, key: null, mood: null });

/** Rounds of a and b with a door each, over a store that is watched. */
function station(steps: Parameters<typeof watched>[1] = {}) {
  const all = new MemoryStore(registry);
  all.put('round', [
    { id: 'r1', walker: 'a' },
    { id: 'r2', walker: 'b' },
  ]);
  all.put('door', [doorOf('d1', 'r1'), doorOf('d2', 'r2')]);
  const now = { at: clock.now() };
  const seen = watched(all, steps);
  /** Exchanges, and remembers only what this exchange asked of the store. */
  const as = (who: { device: string; identity: Identity }, rows?: number) => (request: ExchangeRequest) => {
    seen.calls.length = 0;
    return exchange(seen.store, registry, { now: () => now.at }, who, request, undefined, rows);
  };
  const sumOf = (...kinds: string[]) =>
    kinds
      .flatMap((name) => all.rowsOf(name))
      .reduce((sum, one) => addHash(sum, entryHash(one.kind, one.row.id, one.version)), 0);
  const argsOf = (name: string) => seen.calls.find((call) => call.name === name)?.args;
  return { all, now, as, a: as(walker('a')), sumOf, argsOf, ...seen };
}
const cookieOf = ({ cookie }: ExchangeAnswer): Cookie => readCookie(cookie) as Cookie;
const isEmpty = ({ patch }: ExchangeAnswer): boolean => !patch.reset && patch.kinds.length === 0;

describe('what an exchange asks the store', () => {
  it('is, for a phone it fills, what it held, what it may see, and the sum of it', async () => {
    const { a, names, sumOf, all } = station();
    const first = await a(ask(null));
    expect(names()).toEqual(['pull', 'device', 'clock', 'forget', 'difference', 'remember', 'checksum', 'saveDevice']);
    expect(first.patch.kinds.map(({ kind: name }) => name).sort()).toEqual(['door', 'round']);
    all.take('round', ['r2']);
    all.take('door', ['d2']);
    expect(first.checksum).toBe(sumOf('round', 'door'));
  });

  it('is one glance when nothing moved that this person may see', async () => {
    const { all, a, as, names } = station();
    const first = await a(ask(null));
    const office = as(officeDesk);
    const desk = await office(ask(null));
    for (const [exchanges, answer] of [
      [a, first],
      [office, desk],
    ] as const) {
      const again = await exchanges(ask(answer));
      expect(names()).toEqual(['glance']);
      expect(again).toEqual({ ...answer, patch: { reset: false, kinds: [] }, you: undefined });
    }
    all.put('ledger', [{ id: 'l1', line: 'x' }]);
    expect((await a(ask(first))).cookie).toBe(first.cookie);
    expect(names()).toEqual(['glance']);
  });

  it('is one comparison and no writing when what moved is somebody else’s', async () => {
    const { all, a, names, argsOf } = station();
    const first = await a(ask(null));
    all.put('door', [doorOf('d2', 'r2', true)]);
    const second = await a(ask(first));
    expect(names()).toEqual(['glance', 'pull', 'device', 'clock', 'difference']);
    expect(argsOf('difference')?.[4]).toMatchObject({ kinds: new Map([['door', 'written']]) });
    expect(isEmpty(second)).toBe(true);
    expect([second.checksum, cookieOf(second)]).toEqual([first.checksum, { ...cookieOf(first), version: all.version }]);
    await a(ask(second));
    expect(names()).toEqual(['glance']);
  });

  it('is what is new, noted, for what is theirs; the sum goes on from the one before', async () => {
    const { all, a, names, argsOf } = station();
    const first = await a(ask(null));
    all.put('door', [doorOf('d1', 'r1', true), doorOf('d3', 'r1')]);
    const second = await a(ask(first));
    expect(names()).toEqual(['glance', 'pull', 'device', 'clock', 'difference', 'remember', 'saveDevice']);
    expect(rowsIn(second, 'door').map(({ id }) => id)).toEqual(['d1', 'd3']);
    const { pull } = cookieOf(first);
    expect(cookieOf(second).pull).toBe(pull + 1);
    expect(argsOf('remember')?.[1]).toBe(pull + 1);
    const whole = await a({ ...ask(second), cookie: null });
    expect(second.checksum).toBe(whole.checksum);
  });

  it('is everything anew, from the sum on, when the last answer was lost', async () => {
    const { all, a, names, argsOf } = station();
    const first = await a(ask(null));
    all.put('door', [doorOf('d1', 'r1', true)]);
    const lost = await a(ask(first));
    const again = await a(ask(first));
    const all8 = ['glance', 'pull', 'device', 'clock', 'confirm', 'difference', 'remember', 'checksum', 'saveDevice'];
    expect(names()).toEqual(all8);
    expect([argsOf('confirm'), argsOf('difference')?.[4]]).toEqual([['phone-a', cookieOf(first).pull], null]);
    expect([again.checksum, cookieOf(again).pull]).toEqual([lost.checksum, cookieOf(lost).pull + 1]);
  });

  it('confirms what went before whenever something is taken away', async () => {
    const { all, a, calls } = station();
    const first = await a(ask(null));
    all.put('round', [{ id: 'r1', walker: 'b' }]);
    const second = await a(ask(first));
    const steps = calls.map(({ name }) => name).filter((name) => ['confirm', 'remember'].includes(name));
    expect([steps, removedIn(second, 'door'), second.checksum]).toEqual([['confirm', 'remember'], ['d1'], 0]);
  });

  it('is nothing about single records for who sees a kind whole', async () => {
    const { all, as, names, argsOf, sumOf } = station();
    const office = as(officeDesk);
    const first = await office(ask(null));
    all.put('ledger', [{ id: 'l1', line: 'x' }]);
    const second = await office(ask(first));
    expect(names()).toEqual(['glance', 'pull', 'device', 'clock', 'changes']);
    expect(argsOf('changes')).toEqual(['ledger', { version: 3, id: '' }, 2, 2_001]);
    expect(rowsIn({ ...second, patch: { ...second.patch, kinds: [] } }, 'ledger')).toEqual([]);
    expect(second.patch.kinds.map(({ kind: name, ids, removed }) => [name, ids, removed])).toEqual([
      ['ledger', ['l1'], []],
    ]);
    expect([second.more, second.checksum]).toEqual([false, sumOf('round', 'door', 'ledger')]);
    expect(cookieOf(second).pull).toBe(cookieOf(first).pull);
    await office(ask(second));
    expect(names()).toEqual(['glance']);
  });

  it('looks at everything on a new day, and when roles or communities changed without another shape', async () => {
    const { now, a, as, argsOf, names } = station();
    const first = await a(ask(null));
    now.at += dayMs;
    const next = await a(ask(first));
    expect([argsOf('difference')?.[4], isEmpty(next), cookieOf(next).day]).toEqual([null, true, '2026-11-21']);
    const { device, identity } = walker('a');
    const moved = as({ device, identity: { ...identity, communities: ['c1'] } });
    const other = await moved(ask(next));
    expect([argsOf('difference')?.[4], other.patch.reset]).toEqual([null, false]);
    expect(other.you).toEqual({ station: 's', person: 'a', roles: ['walker'], communities: ['c1'] });
    expect((await moved(ask(other))).you).toBeUndefined();
    expect(names()).toEqual(['glance']);
  });

  it('is no comparison behind acts that were all taken before', async () => {
    const { a, names } = station();
    const first = await a(ask(null));
    const second = await a(ask(first, [act(1, 'door.open', { doorId: 'd1' })]));
    const again = await a(ask(second, [act(1, 'door.open', { doorId: 'd1' })]));
    expect(names()).toEqual(['push', 'clock', 'taken', 'pull', 'device', 'clock']);
    expect([again.cookie, again.checksum, isEmpty(again)]).toEqual([second.cookie, second.checksum, true]);
    expect(again.verdicts).toEqual([{ seq: 1, id: 'act-1', verdict: 'applied', repeated: true }]);
  });

  it('is asked again when somebody was in between, so many times', async () => {
    let races = transactionTries - 1;
    const { a, count } = station({
      before({ name }) {
        if (name !== 'remember' || races === 0) return;
        races -= 1;
        throw new Race('the same device');
      },
    });
    expect((await a(ask(null))).patch.reset).toBe(true);
    expect(count('pull')).toBe(transactionTries);
    races = transactionTries;
    await expect(a(ask(null))).rejects.toBeInstanceOf(Race);
  });
});

describe('verdicts of what stays behind on the phone', () => {
  const staying = (from: number, to: number) => ({
    ...ask(null),
    queue: { unsent: 1, oldestAt: null, refused: 0, numbers: { from, to } },
  });

  it('come with the answer, as far as the acts were taken', async () => {
    const { a, argsOf } = station();
    const acts = [act(3, 'door.open', { doorId: 'd1' }), act(4, 'door.open', { doorId: 'd1' })];
    await a(ask(null, acts));
    const answer = await a(staying(4, 6));
    expect(argsOf('taken')).toEqual(['phone-a', [4, 5, 6].map((seq) => ({ seq, id: '' }))]);
    expect(answer.verdicts).toEqual([{ seq: 4, id: 'act-4', verdict: 'refused', repeated: true, code: 'already' }]);
    // What is judged in this very request is not said twice.
    const both = await a({ ...staying(3, 4), mutations: [acts[0] as never] });
    expect(both.verdicts.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it('are asked for no more than so many at once, and for none where there are none', async () => {
    const { a, argsOf } = station();
    await a(staying(1, 9_000));
    expect(argsOf('taken')?.[1]).toHaveLength(numbersLeftMax);
    await a(staying(9, 3));
    expect(argsOf('taken')?.[1]).toEqual([]);
    await a(ask(null));
    expect(argsOf('taken')).toBeUndefined();
  });
});

describe('a cookie', () => {
  it('means nothing on a device that was never answered, nor one of an answer that was never given', async () => {
    const { a, as } = station();
    const first = await a(ask(null));
    const same = { ...walker('a'), device: 'phone-a2' };
    for (const pull of [0, 1]) {
      const forged = writeCookie({ ...cookieOf(first), pull });
      expect((await as({ ...same, device: `phone-a${pull}` })({ ...ask(first), cookie: forged })).patch.reset).toBe(
        true,
      );
    }
    const later = writeCookie({ ...cookieOf(first), pull: 2 });
    expect((await a({ ...ask(first), cookie: later })).patch.reset).toBe(true);
  });

  it('means nothing when it speaks of changes that are still to come', async () => {
    const { all, as } = station();
    const office = as(officeDesk, 1);
    const first = await office(ask(null));
    const { version } = all;
    const cookie = { ...cookieOf(first), version: 1 };
    const part = { upTo: version, kind: 'round', version, id: 'r1' };
    const asked = (one: Cookie) => office({ ...ask(first), cookie: writeCookie(one) });
    // Everything filled anew counts answers on; the number of the last one is the only one that goes on meaning something.
    let { pull } = cookie;
    for (const wrong of [
      { version: version + 1 },
      { part: { ...part, upTo: version + 1 } },
      { part: { ...part, version: version + 1 } },
    ]) {
      const answer = await asked({ ...cookie, pull, ...wrong });
      expect(answer.patch.reset).toBe(true);
      ({ pull } = cookieOf(answer));
    }
    expect((await asked({ ...cookie, pull, part })).patch.reset).toBe(false);
  });

  it('is known by the end of its epoch’s name to a phone that only looks', async () => {
    const { a, names } = station();
    const first = await a(ask(null));
    expect((await a({ ...ask(first), epoch: '~poch-1' })).patch.reset).toBe(false);
    expect(names()).toEqual(['glance']);
    for (const epoch of ['~epoch', '~poch-2', 'poch-1', 'epoch-1~', null])
      expect((await a({ ...ask(first), epoch })).patch.reset).toBe(true);
  });

  it('of a phone that nobody has answered yet is looked at closely', async () => {
    const { as, names } = station();
    const fresh = as({ ...walker('a'), device: 'never-seen' });
    const answer = await fresh({ ...ask(null), cookie: 'x.y' });
    expect([names().slice(0, 2), answer.patch.reset, answer.verdicts]).toEqual([['glance', 'pull'], true, []]);
  });
});

describe('a filling in parts', () => {
  it('says that more waits when something moved meanwhile, and brings that last', async () => {
    const { all, as } = station();
    const lines = ['l1', 'l2', 'l3'].map((id) => ({ id, line: 'x' }));
    all.put('ledger', lines);
    const office = as(officeDesk, 4);
    const first = await office(ask(null));
    expect([first.more, first.checksum, cookieOf(first).part?.kind]).toEqual([true, null, 'ledger']);
    all.put('round', [{ id: 'r1', walker: 'b' }]);
    const second = await office(ask(first));
    expect([second.more, second.checksum, cookieOf(second).part]).toEqual([true, null, null]);
    const third = await office(ask(second));
    expect([third.more, third.patch.kinds.map(({ kind: name }) => name)]).toEqual([false, ['round']]);
    expect(third.checksum).not.toBeNull();
  });

  it('counts into its pace what it takes away', async () => {
    const { all, as } = station();
    all.put('door', [doorOf('d3', 'r1'), doorOf('d4', 'r1')]);
    const first = await as(walker('a'), 9)(ask(null));
    all.put('round', [{ id: 'r1', walker: 'b' }]);
    all.put('round', [{ id: 'r3', walker: 'a' }]);
    const second = await as(walker('a'), 5)(ask(first));
    expect([second.more, removedIn(second, 'door').length, rowsIn(second, 'round').length]).toEqual([false, 3, 1]);
    const third = await as(walker('a'), 2)({ ...ask(first) });
    expect([third.more, cookieOf(third).pace]).toEqual([true, { rows: 2, at: clock.now() }]);
  });

  it('that was overtaken by removals ends with nothing to bring', async () => {
    const { all, as, names } = station();
    all.put('door', [doorOf('d3', 'r1'), doorOf('d4', 'r1')]);
    const few = as(walker('a'), 3);
    const first = await few(ask(null));
    expect(first.more).toBe(true);
    all.take('door', ['d3', 'd4']);
    const second = await few(ask(first));
    expect([second.more, second.checksum === null, isEmpty(second) || removedIn(second, 'door').length > 0]).toEqual([
      false,
      false,
      true,
    ]);
    await few(ask(second));
    expect(names()).toEqual(['glance']);
  });
});

describe('the sum over what is held', () => {
  const without = (one: unknown, name: string): StationClock => {
    const { sums, ...rest } = one as StationClock;
    return { ...rest, sums: Object.fromEntries(Object.entries(sums).filter(([key]) => key !== name)) };
  };

  it('is not said while nobody has made that of a kind, and is without that of kinds that never changed', async () => {
    let missing = '';
    const { as } = station({ after: ({ name }, one) => (name === 'clock' && missing ? without(one, missing) : one) });
    const office = as(officeDesk);
    const first = await office(ask(null));
    // The ledger has never been written in.
    expect(first.checksum).not.toBeNull();
    missing = 'round';
    expect((await office(ask(null))).checksum).toBeNull();
  });
});
