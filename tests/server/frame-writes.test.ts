import { describe, expect, it } from 'vitest';
import { registryOf } from '#engine/registry.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import { Race } from '#server/exchange/store.ts';
import { act, ask, clock, door, doorActs, round, walker } from './fixture.ts';
import { device, lostWork } from './frame-kinds.ts';
import { watched } from './watched-store.ts';

describe('what the frame writes beside', () => {
  const frame = registryOf([{ round, door, doorActs, device, lostWork }]);
  const own = { id: 'phone-a', person: 'a', lastContactAt: null, unsent: 0, oldestUnsentAt: null, refused: 0 };
  /** A station that knows the phone of a, when it is to. */
  function framed(known: boolean, steps: Parameters<typeof watched>[1] = {}) {
    const all = new MemoryStore(frame);
    all.put('round', [{ id: 'r1', walker: 'a' }]);
    all.put('door', [{ id: 'd1', roundId: 'r1', opened: false, key: null, mood: null }]);
    if (known) all.put('device', [own as never]);
    const seen = watched(all, steps);
    const send = (more: object = {}, rows?: number) => {
      seen.calls.length = 0;
      return exchange(seen.store, frame, clock, walker('a'), { ...ask(null), ...more }, undefined, rows);
    };
    const written = () => seen.calls.filter(({ name }) => name === 'write').map(({ args }) => args[0]);
    return { all, send, written, ...seen };
  }
  const facts = { at: clock.now(), unsent: 0, oldestAt: null, refused: 0 };

  it('is when a phone was heard of, in one short writing of its own', async () => {
    const { send, names, written, calls } = framed(true);
    await send();
    expect(names().slice(-4)).toEqual(['push', 'lockClock', 'load', 'write']);
    expect(calls.at(-2)?.args).toEqual([{ rows: [{ kind: 'device', id: 'phone-a' }], sets: [] }]);
    const row = { kind: 'device', id: 'phone-a', row: { ...own, lastContactAt: clock.now() } };
    const contact = { device: 'phone-a', facts };
    expect(written()).toEqual([{ version: 4, rows: [row], acts: [], clashes: [], contact }]);
  });

  it('is noted beside the records when the office has none of this device, and then not again', async () => {
    const { send, names, written } = framed(false);
    const first = await send();
    expect(written()).toEqual([{ version: 3, rows: [], acts: [], clashes: [], contact: { device: 'phone-a', facts } }]);
    await send({ cookie: first.cookie, epoch: first.epoch });
    expect(names()).toEqual(['glance']);
  });

  it('goes with the acts of a phone, in their own writing', async () => {
    const { send, written, calls, names } = framed(true);
    const queue = { unsent: 2, oldestAt: 5, refused: 1 };
    await send({ mutations: [act(1, 'door.open', { doorId: 'd1' })], queue });
    const said = { at: clock.now(), unsent: 2, oldestAt: 5, refused: 1 };
    expect(written()).toEqual([
      expect.objectContaining({
        rows: [
          { kind: 'door', id: 'd1', row: expect.objectContaining({ opened: true }) },
          {
            kind: 'device',
            id: 'phone-a',
            row: { ...own, lastContactAt: said.at, unsent: 2, oldestUnsentAt: 5, refused: 1 },
          },
        ],
        contact: { device: 'phone-a', facts: said },
      }),
    ]);
    expect(calls.find(({ name }) => name === 'load')?.args).toMatchObject([{ rows: [{ kind: 'device', id: 'phone-a' }, { kind: 'door' }] }]); // prettier-ignore
    expect(names().filter((name) => name === 'push')).toHaveLength(1);
  });

  it('is nothing while a phone is being filled', async () => {
    const { all, send } = framed(true);
    const heard = () => all.rowsOf('device')[0]?.row['lastContactAt'];
    const first = await send({}, 1);
    expect([first.more, heard()]).toEqual([true, null]);
    let answer = first;
    for (let page = 0; answer.more && page < 9; page += 1)
      answer = await send({ cookie: answer.cookie, epoch: answer.epoch }, 1);
    expect([answer.more, heard()]).toEqual([false, clock.now()]);
  });

  it('is left to the next contact when somebody was in between, and told when the store is gone', async () => {
    let fault: Error = new Race('in between');
    const { all, send } = framed(true, {
      before({ name, args }) {
        if (name === 'write' && (args[0] as { contact?: unknown }).contact) throw fault;
      },
    });
    expect((await send()).patch.reset).toBe(true);
    expect(all.rowsOf('device')[0]?.row['lastContactAt']).toBeNull();
    fault = new Error('gone');
    await expect(send()).rejects.toThrow('gone');
  });

  it('is a loss, once for all that is told of it, and nothing when nothing is missing', async () => {
    const { send, written, calls, names } = framed(false);
    const loss = { device: 'phone-a', numbers: [[4, 4]], from: null, to: null };
    const first = await send({ lost: [loss, loss] });
    expect(written()[0]).toMatchObject({ version: 3, rows: [{ kind: 'lostWork', row: { numbers: '4' } }] });
    expect((written()[0] as { rows: unknown[] }).rows).toHaveLength(1);
    expect(calls.find(({ name }) => name === 'taken')?.args).toEqual(['phone-a', [{ seq: 4, id: '' }]]);
    expect(names().slice(0, 2)).toEqual(['push', 'lockClock']);
    const cookie = { cookie: first.cookie, epoch: first.epoch };
    await send({ ...cookie, lost: [loss] });
    expect([names().includes('write'), names().includes('glance')]).toEqual([false, false]);
  });

  it('is no loss in a station that keeps none', async () => {
    const seen = watched(new MemoryStore(registryOf([{ round, door, doorActs }])));
    const lost = [{ device: 'phone-a', numbers: [[4, 4]], from: null, to: null }];
    await exchange(seen.store, registryOf([{ round, door, doorActs }]), clock, walker('a'), { ...ask(null), lost });
    expect(seen.names()).not.toContain('push');
  });
});
