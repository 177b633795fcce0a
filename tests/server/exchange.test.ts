import { afterAll, describe, expect, it } from 'vitest';
import type { ExchangeRequest } from '#engine/protocol.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MalformedRequest } from '#server/exchange/request.ts';
import { act, ask, clock, memoryStation, postgresStation, registry, removedIn, rowsIn, walker } from './fixture.ts';
import type { TestStation } from './fixture.ts';

describe.each([
  ['in memory', memoryStation],
  ['in PostgreSQL', postgresStation],
])('an exchange %s', (_where, open: () => Promise<TestStation>) => {
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
