import { describe, expect, it } from 'vitest';
import { act, phone, rooms } from './testing-session.ts';
import { lampActs, settle } from './testing.ts';

describe('tabs of one phone', () => {
  it('follow the one that leads: what it has written, what it is doing', async () => {
    const { filled, open, centre, time } = phone();
    const [first, second] = [await filled(), await open()];
    centre.rows = [{ row: { id: 'l1', room: 'porch', lit: false }, version: 2 }];
    const before = second.heard.loop;
    first.session.wake('person');
    await time.pass(0);
    expect([rooms(first), rooms(second)]).toEqual([['porch'], ['porch']]);
    centre.failing = { kind: 'no-answer' };
    first.session.wake('person');
    await time.pass(0);
    expect(second.session.loopState).toEqual(first.session.loopState);
    expect(second.session.loopState.misses).toBe(1);
    expect(second.heard.loop).toBeGreaterThan(before);
  });

  it('have one that asks the centre, whoever of them has a reason', async () => {
    const { filled, open, centre, time } = phone();
    const [first, second] = [await filled(), await open()];
    for (const [at, wake] of [
      () => second.session.wake('person'),
      () => first.session.wake('person'),
      () => second.awake('online'),
      () => first.awake('online'),
    ].entries()) {
      wake();
      await settle();
      await time.pass(0);
      expect(centre.requests).toHaveLength(at + 2);
    }
  });

  it('have an alarm of any of them tried at once while the centre is out of reach', async () => {
    const { filled, open, centre, time } = phone();
    const [first, second] = [await filled(), await open()];
    centre.failing = { kind: 'no-answer' };
    first.session.wake('person');
    await time.pass(0);
    const before = centre.requests.length;
    for (const { session } of [first, second]) await session.mutate(lampActs.hang, { room: 'attic' });
    await time.pass(500);
    expect(centre.requests).toHaveLength(before);
    for (const [at, { session }] of [first, second].entries()) {
      await session.mutate(lampActs.smoke, { room: 'attic' });
      await settle();
      await time.pass(0);
      const own = centre.requests.slice(before).filter(({ mutations }) => mutations.length === 3 + at);
      expect(own).toHaveLength(1);
      await time.pass(60_000);
    }
  });

  it('do not believe a follower that says it leads', async () => {
    const { filled, open, stray, load } = phone();
    const [first] = [await filled(), await open()];
    const state = first.session.loopState;
    const before = load.mock.calls.length;
    stray.tell({ type: 'loop', state: { ...state, misses: 9 } });
    stray.tell({ type: 'committed' });
    await settle();
    expect(first.session.loopState.misses).toBe(0);
    // The one that follows reads.
    expect(load).toHaveBeenCalledTimes(before + 1);
  });

  it('read once more what was written while they read, however often', async () => {
    const { filled, open, stray, load, disk } = phone();
    const second = (await filled(), await open());
    const before = load.mock.calls.length;
    let finish = (): void => undefined;
    load.mockImplementationOnce(() => new Promise((resolve) => (finish = () => resolve(disk.state))));
    for (let times = 0; times < 3; times += 1) stray.tell({ type: 'committed' });
    await settle();
    expect(load).toHaveBeenCalledTimes(before + 1);
    await disk.append(act('attic'));
    finish();
    await settle();
    expect(load).toHaveBeenCalledTimes(before + 2);
    expect(rooms(second)).toEqual(['attic', 'hall']);
    stray.tell({ type: 'committed' });
    await settle();
    expect(load).toHaveBeenCalledTimes(before + 3);
  });

  it('go on when the store cannot be read, and read it at the next news', async () => {
    const { filled, open, stray, load, disk } = phone();
    const second = (await filled(), await open());
    load.mockRejectedValueOnce(new Error('It was just deleted.'));
    stray.tell({ type: 'committed' });
    await settle();
    await disk.append(act('attic'));
    stray.tell({ type: 'committed' });
    await settle();
    expect(rooms(second)).toEqual(['attic', 'hall']);
  });
});

describe('the next tab to lead', () => {
  it('has waited: it reads anew what it may have missed, and begins without what the last one said', async () => {
    const { filled, open, centre, time, disk } = phone();
    const [first, second] = [await filled(), await open()];
    centre.failing = { kind: 'no-answer' };
    first.session.wake('person');
    await time.pass(1_001);
    expect(second.session.loopState.misses).toBeGreaterThan(0);
    await disk.append(act('attic'));
    first.session.stop();
    centre.failing = null;
    const asked = centre.requests.length;
    await settle();
    expect([second.session.leading, second.session.loopState.misses]).toEqual([true, 0]);
    await time.pass(0);
    expect(centre.requests.slice(asked).map(({ mutations }) => mutations.length)).toEqual([1]);
  });

  it('reads nothing anew when it has only just read', async () => {
    const { filled, open, time, load } = phone();
    const [first, second] = [await filled(), await open()];
    await time.pass(1_000);
    const before = load.mock.calls.length;
    first.session.stop();
    await settle();
    expect(second.session.leading).toBe(true);
    expect(load).toHaveBeenCalledTimes(before);
  });

  it('does not ask when it was closed while it read', async () => {
    const { filled, open, time, load, centre, disk } = phone();
    const [first, second] = [await filled(), await open()];
    await time.pass(2_000);
    let finish = (): void => undefined;
    load.mockImplementationOnce(() => new Promise((resolve) => (finish = () => resolve(disk.state))));
    first.session.stop();
    await settle();
    second.session.stop();
    finish();
    const asked = centre.requests.length;
    await time.pass(120_000);
    expect(centre.requests).toHaveLength(asked);
  });
});
