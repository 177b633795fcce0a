import { describe, expect, it } from 'vitest';
import { exchangesPerRound } from '../limits.ts';
import { StorageMovedOn } from './indexed-storage.ts';
import { answered, gaps, loopOf, minute } from './testing-loop.ts';
import { MemoryCentre, settle } from './testing.ts';

describe('the exchange', () => {
  it('starts at once and then looks about every minute, never on the dot', async () => {
    const { loop, time, asked } = loopOf(() => answered);
    for (const chance of [0, 0.5, 0.99]) {
      time.chance = chance;
      if (chance === 0) loop.start();
      await time.pass(0);
      await time.pass((time.next ?? 0) + 1);
    }
    const waits = gaps(asked);
    expect(waits[0]).toBe(0.8 * minute);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(1.2 * minute);
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  it('takes two quick taps along in one request', async () => {
    const { loop, time, asked } = loopOf(() => answered);
    loop.start();
    await time.pass(10_000);
    loop.wake('act');
    await time.pass(200);
    loop.wake('act');
    await time.pass(299);
    expect(asked).toHaveLength(1);
    await time.pass(1);
    expect(asked).toHaveLength(2);
  });

  it('is one at a time; what happens meanwhile is looked at right after', async () => {
    let finish = (): void => undefined;
    const { loop, time, asked, mostAtOnce } = loopOf(
      (at) =>
        new Promise((resolve) => {
          if (at > 1) return resolve(answered);
          finish = () => resolve(answered);
        }),
    );
    loop.start();
    await time.pass(0);
    loop.wake('poke');
    loop.wake('act');
    await time.pass(5_000);
    expect(asked).toHaveLength(1);
    finish();
    await settle();
    await time.pass(1_000);
    expect(asked).toHaveLength(2);
    expect(mostAtOnce()).toBe(1);
  });

  it('goes on at once while there is more, up to its bound', async () => {
    const { loop, time, asked, states, yes } = loopOf((at) => yes({ more: at < 4 }));
    loop.start();
    await time.pass(0);
    expect(asked).toEqual([0, 0, 0, 0]);
    expect(states.some(({ receiving }) => receiving)).toBe(true);
    expect(loop.state.receiving).toBe(false);

    const endless = loopOf(() => ({ kind: 'answer', answer: new MemoryCentre().answer({ more: true }) }));
    endless.loop.start();
    await endless.time.pass(0);
    expect(endless.asked).toHaveLength(exchangesPerRound);
  });

  it('asks for the next part while one is written, not for the one behind it', async () => {
    const { loop, time, asked, calls, parts, mostAtOnce, yes } = loopOf((at) => yes({ more: at < 4 }));
    let write = (): void => undefined;
    parts.written = new Promise((resolve) => (write = resolve));
    loop.start();
    await time.pass(0);
    expect([asked.length, calls.accept, calls.committed]).toEqual([2, 1, 0]);
    write();
    await settle();
    expect([asked.length, calls.committed, mostAtOnce()]).toEqual([4, 4, 1]);
  });

  it('begins again where it stood when a part could not be written', async () => {
    const { loop, time, asked, calls, parts, yes } = loopOf((at) => yes({ more: at < 2 }));
    parts.acceptThrows = new Error('full');
    loop.start();
    await time.pass(0);
    expect([asked.length, calls.accept, calls.committed]).toEqual([2, 1, 0]);
    expect(loop.state).toMatchObject({ cannotStore: true, misses: 1 });
    parts.acceptThrows = null;
    await time.pass(minute);
    expect(loop.state).toMatchObject({ cannotStore: false, misses: 0 });
  });

  it('says what is on its way only while it is', async () => {
    const { loop, time, states, parts, yes } = loopOf(() => {
      parts.unsent = [];
      return yes();
    });
    parts.unsent = [{}, {}];
    loop.start();
    await time.pass(0);
    expect(states[0]).toMatchObject({ sending: 2 });
    expect(loop.state.sending).toBe(0);
  });

  it('asks again for acts that did not fit, but not when the centre says nothing about them', async () => {
    const verdict = { seq: 1, id: 'a', verdict: 'applied', repeated: false } as const;
    const { loop, time, asked, parts, yes } = loopOf((at) => yes({ verdicts: at === 1 ? [verdict] : [] }));
    parts.unsent = [{}];
    loop.start();
    await time.pass(0);
    expect(asked).toHaveLength(2);
  });

  it('sends again at once what a restored centre has lost, though that answer judges nothing', async () => {
    const { loop, time, asked, parts, yes } = loopOf((at) => {
      if (at === 2) parts.unsent = [];
      return yes({ epoch: 'e2' });
    });
    parts.unsent = [{}];
    loop.start();
    await time.pass(0);
    expect(asked).toHaveLength(2);
  });

  it('fills the device anew when the sums differ, once', async () => {
    const { loop, time, asked, calls, parts } = loopOf(() => answered);
    parts.agrees = false;
    loop.start();
    await time.pass(0);
    expect(calls.changeFacts).toBe(1);
    expect(asked).toHaveLength(2);
  });
});

describe('when the centre does not answer', () => {
  it('waits longer and longer, at most a minute, and differently from other phones', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'no-answer' }));
    time.chance = 1;
    loop.start();
    await time.pass(10 * minute);
    const waits = gaps(asked);
    expect(waits.slice(0, 6)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, minute]);
    expect(Math.max(...waits)).toBe(minute);

    const other = loopOf(() => ({ kind: 'no-answer' }));
    other.time.chance = 0;
    other.loop.start();
    await other.time.pass(minute);
    expect(gaps(other.asked)[0]).toBe(1_000);
  });

  it('does not knock more often because more is done, but does when a line is back', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'no-answer' }));
    loop.start();
    await time.pass(5 * minute);
    const before = asked.length;
    for (let acts = 0; acts < 20; acts += 1) loop.wake('act');
    await settle();
    expect(asked).toHaveLength(before);
    loop.wake('online');
    await time.pass(0);
    expect(asked).toHaveLength(before + 1);
  });

  it('sends fewer acts at once after a request was declined', async () => {
    const { loop, time, calls } = loopOf((at) =>
      at === 1 ? { kind: 'declined', code: 'malformed-exchange' } : answered,
    );
    loop.start();
    await time.pass(minute);
    expect(calls.sendFewer).toBe(1);
  });

  it('stays away as long as the centre asks for', async () => {
    const { loop, time, asked } = loopOf((at) => (at === 1 ? { kind: 'busy', retryAfterMs: 90_000 } : answered));
    loop.start();
    await time.pass(1_000);
    for (const reason of ['act', 'poke', 'online', 'focus'] as const) loop.wake(reason);
    await time.pass(88_000);
    expect(asked).toHaveLength(1);
    await time.pass(1_000);
    expect(asked).toHaveLength(2);
    expect(loop.state.misses).toBe(0);
  });

  it('pauses when the device is not known, until somebody has signed in', async () => {
    let known = false;
    const { loop, time, asked, calls } = loopOf(() => (known ? answered : { kind: 'sign-in' }));
    loop.start();
    await time.pass(60 * minute);
    for (const reason of ['act', 'poke', 'online', 'focus'] as const) loop.wake(reason);
    await time.pass(60 * minute);
    expect(asked).toHaveLength(1);
    expect(calls).toMatchObject({ accept: 0, changeFacts: 0 });
    known = true;
    loop.wake('signed-in');
    await time.pass(0);
    expect(loop.state.needsSignIn).toBe(false);
    await time.pass(2 * minute);
    expect(asked.length).toBeGreaterThan(2);
  });

  it('ends with its tab', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'no-answer' }));
    loop.start();
    await time.pass(0);
    loop.stop();
    loop.wake('online');
    await time.pass(10 * minute);
    expect(asked).toHaveLength(1);
  });
});

describe('when the phone cannot write an answer', () => {
  it('says so, tries again, and takes it back when it could', async () => {
    const { loop, time, calls, parts } = loopOf(() => answered);
    parts.acceptThrows = new DOMException('Connection is closing.', 'UnknownError');
    loop.start();
    await time.pass(0);
    expect(loop.state).toMatchObject({ cannotStore: true, misses: 1 });
    expect(calls.committed).toBe(0);
    parts.acceptThrows = null;
    await time.pass(minute);
    expect(loop.state).toMatchObject({ cannotStore: false, misses: 0 });
  });

  it('reads first what another tab has written', async () => {
    const { loop, time, calls, parts, asked } = loopOf(() => answered);
    parts.acceptThrows = new StorageMovedOn();
    loop.start();
    await time.pass(0);
    expect(calls.refresh).toBe(1);
    expect(loop.state.cannotStore).toBe(false);
    parts.acceptThrows = null;
    await time.pass(2_000);
    expect(asked).toHaveLength(2);
  });
});
