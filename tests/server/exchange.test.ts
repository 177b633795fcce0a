import { afterAll, describe, expect, it } from 'vitest';
import { addHash, entryHash } from '#engine/checksum.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MalformedRequest } from '#server/exchange/request.ts';
import {
  act,
  ask,
  clock,
  memoryStation,
  officeDesk,
  postgresStation,
  registry,
  removedIn,
  rowsIn,
  walker,
} from './fixture.ts';
import type { TestStation } from './fixture.ts';

/** Mutants of what is the same for both stores are judged over the quick one. */
const stores: [where: string, open: () => Promise<TestStation>][] = [['in memory', memoryStation]];
if (!process.env.ONLY_IN_MEMORY) stores.push(['in PostgreSQL', () => postgresStation()]);

describe.each(stores)('an exchange %s', (_where, open) => {
  const opened: TestStation[] = [];
  afterAll(async () => {
    for (const one of opened) await one.end();
  });

  async function station() {
    const all = await open();
    opened.push(all);
    await all.put('round', [
      { id: 'r1', walker: 'a' },
      { id: 'r2', walker: 'b' },
    ]);
    await all.put('door', [
      { id: 'd1', roundId: 'r1', opened: false, key: 'under the mat', mood: null },
      { id: 'd2', roundId: 'r2', opened: false, key: null, mood: null },
    ]);
    const as = (person: string) => (request: ExchangeRequest) =>
      exchange(all.store, registry, clock, walker(person), request);
    return { all, a: as('a'), b: as('b') };
  }
  describe('push', () => {
    it('takes an act once and repeats the stored verdict', async () => {
      const { all, a } = await station();
      const first = await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
      expect(first.verdicts).toEqual([{ seq: 1, id: 'act-1', verdict: 'applied', repeated: false }]);
      const second = await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
      expect(second.verdicts).toEqual([{ seq: 1, id: 'act-1', verdict: 'applied', repeated: true }]);
      expect(await all.acts()).toHaveLength(1);
    });

    it('lets later acts see what earlier ones of the batch did', async () => {
      const { all, a } = await station();
      const answer = await a(
        ask(null, [
          act(1, 'door.add', { roundId: 'r1' }),
          act(2, 'door.open', { doorId: 'act-1' }),
          act(3, 'door.openAll', { roundId: 'r1' }),
          act(4, 'door.open', { doorId: 'd1' }),
        ]),
      );
      expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual([
        'applied',
        'applied',
        'applied',
        'already',
      ]);
      expect((await all.rowsOf('door')).map(({ row }) => row.opened)).toEqual([true, true, false]);
    });

    it('refuses what depends on a refused act as held, and lets the others pass', async () => {
      const { all, a } = await station();
      const answer = await a(
        ask(null, [
          act(1, 'door.add', { roundId: 'nowhere' }),
          act(2, 'door.open', { doorId: 'act-1' }),
          act(3, 'door.open', { doorId: 'd1' }),
        ]),
      );
      expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual(['no-round', 'held', 'applied']);
      const later = await a(ask(null, [act(4, 'door.open', { doorId: 'act-1.2' })]));
      expect(later.verdicts[0]).toMatchObject({ code: 'held' });
      expect((await all.reviews()).map(({ heldWith }) => heldWith)).toEqual([null, 'act-1', 'act-1']);
    });

    it('never overwrites an act by another under the same number', async () => {
      const { all, a } = await station();
      await a(ask(null, [act(1, 'door.open', { doorId: 'd1' })]));
      const other = { ...act(1, 'door.add', { roundId: 'r1' }), id: 'other' };
      expect((await a(ask(null, [other]))).verdicts[0]).toMatchObject({ verdict: 'refused', code: 'invalid' });
      expect((await all.acts()).map(({ name }) => name)).toEqual(['door.open']);
      expect((await all.reviews()).map(({ id }) => id)).toEqual(['other']);
    });

    it('refuses an act that throws and takes the ones behind it', async () => {
      const { a } = await station();
      const answer = await a(ask(null, [act(1, 'door.break', {}), act(2, 'door.open', { doorId: 'd1' })]));
      expect(answer.verdicts.map(({ verdict, code }) => code ?? verdict)).toEqual(['server-check', 'applied']);
    });

    it('refuses a request of another shape whole', async () => {
      const { all, a } = await station();
      const twice = ask(null, [act(1, 'door.open', { doorId: 'd1' }), act(1, 'door.open', { doorId: 'd1' })]);
      await expect(a(twice)).rejects.toBeInstanceOf(MalformedRequest);
      await expect(a({ ...ask(null), protocol: 9 })).rejects.toBeInstanceOf(MalformedRequest);
      expect(await all.acts()).toHaveLength(0);
    });
  });

  describe('pull', () => {
    it('gives each what is theirs, without fields kept from them', async () => {
      const { a } = await station();
      const answer = await a(ask(null));
      expect(answer.patch.reset).toBe(true);
      expect(answer.you).toMatchObject({ person: 'a' });
      expect(rowsIn(answer, 'round').map(({ id }) => id)).toEqual(['r1']);
      expect(rowsIn(answer, 'door')).toEqual([{ id: 'd1', roundId: 'r1', opened: false, key: null, mood: null }]);
      expect(JSON.stringify(answer)).not.toContain('under the mat');
    });

    it('answers with the same cookie and nothing when nothing moved', async () => {
      const { a } = await station();
      const first = await a(ask(null));
      const second = await a(ask(first));
      expect(second).toMatchObject({
        cookie: first.cookie,
        checksum: first.checksum,
        patch: { reset: false, kinds: [] },
      });
      expect(second.you).toBeUndefined();
    });

    it('sends a row again until the answer that carried it is confirmed', async () => {
      const { all, a } = await station();
      const first = await a(ask(null));
      await all.put('door', [{ id: 'd1', roundId: 'r1', opened: true, key: null, mood: null }]);
      await a(ask(first));
      const again = await a(ask(first));
      expect(rowsIn(again, 'door').map(({ opened }) => opened)).toEqual([true]);
      expect((await a(ask(again))).patch.kinds).toEqual([]);
    });

    it('sends a removal again until confirmed, then no more', async () => {
      const { all, a, b } = await station();
      const first = await a(ask(null));
      await all.put('round', [{ id: 'r1', walker: 'b' }]);
      expect(removedIn(await a(ask(first)), 'door')).toEqual(['d1']);
      const again = await a(ask(first));
      expect(removedIn(again, 'door')).toEqual(['d1']);
      expect(removedIn(again, 'round')).toEqual(['r1']);
      expect(again.checksum).toBe(0);
      expect((await a(ask(again))).patch.kinds).toEqual([]);
      expect(rowsIn(await b(ask(null)), 'door').map(({ id }) => id)).toEqual(['d1', 'd2']);
    });

    it('gives a record back that came back while its removal was on the way', async () => {
      const { all, a } = await station();
      const first = await a(ask(null));
      await all.put('round', [{ id: 'r1', walker: 'b' }]);
      await a(ask(first));
      await all.put('round', [{ id: 'r1', walker: 'a' }]);
      const back = await a(ask(first));
      expect(rowsIn(back, 'door').map(({ id }) => id)).toEqual(['d1']);
      expect(removedIn(back, 'door')).toEqual([]);
    });

    it('finds what is theirs among more changes than are looked up one by one', async () => {
      const { all, a } = await station();
      const first = await a(ask(null));
      const door = { opened: false, key: null, mood: null };
      const others = Array.from({ length: 1_100 }, (_none, at) => ({ ...door, id: `o${at}`, roundId: 'r2' }));
      await all.put('door', [...others, { ...door, id: 'd1', roundId: 'r1', opened: true }]);
      await all.put('door', [{ ...door, id: 'd3', roundId: 'r1' }]);
      const second = await a(ask(first));
      expect(rowsIn(second, 'door').map(({ id }) => id)).toEqual(['d1', 'd3']);
      expect(second.patch.kinds.flatMap(({ removed }) => removed)).toEqual([]);
      expect((await a(ask(second))).patch.kinds).toEqual([]);
    });

    it('starts anew when the epoch changed or the cookie is older than the last filling', async () => {
      const { all, a } = await station();
      const first = await a(ask(null));
      const second = await a(ask(null));
      expect((await a(ask(first))).patch.reset).toBe(true);
      await all.newEpoch();
      const third = await a(ask(second));
      expect(third.patch.reset).toBe(true);
      expect(third.epoch).toBe('epoch-2');
    });

    it('gives who sees a kind whole what changed since, in pages, and what was taken away', async () => {
      const { all } = await station();
      const office = (request: ExchangeRequest, rows?: number) =>
        exchange(all.store, registry, clock, officeDesk, request, undefined, rows);
      const rounds = (from: number, to: number, walker = 'a') =>
        all.put(
          'round',
          Array.from({ length: to - from }, (_none, at) => ({ id: `o${from + at}`, walker })),
        );
      await rounds(10, 17);
      const held = new Map<string, unknown>();
      const take = (answer: ExchangeAnswer): void => {
        if (answer.patch.reset) held.clear();
        for (const id of removedIn(answer, 'round')) held.delete(id);
        for (const row of rowsIn(answer, 'round')) held.set(row.id, row.walker);
      };
      /** Asks until nothing more waits; of every second answer the phone hears nothing. */
      const fill = async (from: ExchangeAnswer | null, between?: () => Promise<void>): Promise<ExchangeAnswer> => {
        let answer = from;
        for (let page = 0; page < 40; page += 1) {
          await office(ask(answer), 3);
          answer = await office(ask(answer), 3);
          take(answer);
          await between?.();
          if (!answer.more) return answer;
        }
        throw new Error('It never ends.');
      };
      let changes = 0;
      const disturb = async (): Promise<void> => {
        changes += 1;
        if (changes === 1) await rounds(11, 12, 'b');
        if (changes === 2) await all.take('round', ['o10', 'o16']);
        if (changes === 3) await rounds(10, 11, 'c');
      };
      const filled = await fill(null, disturb);
      const last = await fill(filled);
      const now = async () => new Map((await all.rowsOf('round')).map(({ row }) => [row.id, row.walker]));
      expect(changes).toBeGreaterThan(2);
      expect([...held].sort()).toEqual([...(await now())].sort());
      expect(held.get('o10')).toBe('c');
      expect((await office(ask(last))).patch.kinds).toEqual([]);
      await all.take('round', ['o10', 'o11', 'o12', 'o13', 'o14']);
      const after = await fill(last);
      expect([...held].sort()).toEqual([...(await now())].sort());
      const sum = (await all.rowsOf('round')).reduce(
        (so, { row, version }) => addHash(so, entryHash('round', row.id, version)),
        0,
      );
      const doors = (await all.rowsOf('door')).reduce(
        (so, { row, version }) => addHash(so, entryHash('door', row.id, version)),
        sum,
      );
      expect(after.checksum).toBe(doors);
    });

    it('fills anew who comes to see a kind whole, or no longer does', async () => {
      const { all, a } = await station();
      const first = await a(ask(null));
      const both = { ...walker('a'), identity: { ...walker('a').identity, roles: ['walker', 'office'] } };
      const more = await exchange(all.store, registry, clock, both, ask(first));
      expect(more.patch.reset).toBe(true);
      expect(rowsIn(more, 'round').map(({ id }) => id)).toEqual(['r1', 'r2']);
      const back = await a(ask(more));
      expect(back.patch.reset).toBe(true);
      expect(rowsIn(back, 'round').map(({ id }) => id)).toEqual(['r1']);
    });

    it('takes no cookie of another making', async () => {
      const { a } = await station();
      const first = await a(ask(null));
      const parts = first.cookie.split('.');
      const forged = [
        '',
        'x',
        parts.slice(0, 5).join('.'),
        [...parts.slice(0, 1), 'zzzzzz', ...parts.slice(2)].join('.'),
        [...parts.slice(0, 5), Buffer.from('[1,"round",1,"a\\u0000"]').toString('base64url')].join('.'),
        [...parts.slice(0, 5), Buffer.from('{"__proto__":1}').toString('base64url')].join('.'),
      ];
      for (const cookie of forged) expect((await a({ ...ask(first), cookie })).patch.reset).toBe(true);
    });

    it('sends many rows in pages whose sum is that of the whole', async () => {
      const { all, a } = await station();
      const many = Array.from({ length: 4_500 }, (_, at) => ({
        id: `m${at}`,
        roundId: 'r1',
        opened: false,
        key: null,
        mood: null,
      }));
      await all.put('door', many);
      let answer = await a(ask(null));
      let got = rowsIn(answer, 'door').length;
      for (let page = 0; answer.more && page < 5; page += 1) {
        expect(answer.checksum).toBeNull();
        // Every second answer is lost on the way.
        await a(ask(answer));
        answer = await a(ask(answer));
        got += rowsIn(answer, 'door').length;
      }
      expect(got).toBe(4_501);
      expect(answer.checksum).not.toBeNull();
      expect((await a(ask(answer))).patch.kinds).toEqual([]);
    });
  });
});
