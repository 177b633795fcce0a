import { describe, expect, it } from 'vitest';
import { StorageMovedOn } from './indexed-storage.ts';
import { quietLoop, type WakeReason } from './sync-loop.ts';
import { answered, gaps, loopOf, minute, slow } from './testing-loop.ts';

const full = (): Error => new DOMException('Connection is closing.', 'UnknownError');

describe('a wake', () => {
  it.each<[WakeReason, number]>([
    ['act', 300],
    ['alarm', 0],
    ['poke', 500],
    ['focus', 500],
    ['online', 0],
    ['person', 0],
    ['signed-in', 0],
  ])('by %s asks after %i ms, and once', async (reason, ms) => {
    const { loop, time, asked } = loopOf(() => answered);
    loop.start();
    await time.pass(10_000);
    loop.wake(reason);
    loop.wake(reason);
    await time.pass(1_000);
    expect(asked).toEqual([0, 10_000 + ms]);
  });

  it('is nothing before the start and after the end', async () => {
    const { loop, time, asked } = loopOf(() => answered);
    loop.wake('person');
    expect(time.next).toBeNull();
    loop.start();
    await time.pass(0);
    loop.stop();
    loop.wake('person');
    expect(time.next).toBeNull();
    await time.pass(5 * minute);
    expect(asked).toHaveLength(1);
    loop.start();
    await time.pass(0);
    expect(asked).toHaveLength(2);
  });

  it('by an act waits for the next try while the centre is out of reach, and by anybody else does not', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'no-answer' }));
    time.chance = 1;
    loop.start();
    await time.pass(0);
    loop.wake('act');
    await time.pass(1_999);
    expect(asked).toHaveLength(1);
    await time.pass(1);
    expect(asked).toHaveLength(2);
    loop.wake('poke');
    await time.pass(500);
    expect(asked).toHaveLength(3);
  });

  it('and a start during a round begin no second one', async () => {
    const { loop, time, asked, answer, mostAtOnce } = slow();
    loop.start();
    await time.pass(0);
    loop.start();
    await time.pass(0);
    expect([asked.length, mostAtOnce()]).toEqual([1, 1]);
    await answer();
    await time.pass(minute);
    expect(asked).toHaveLength(2);
  });

  it('during a round is heard right after it, the most urgent of several', async () => {
    const { loop, time, asked, answer } = slow();
    loop.start();
    await time.pass(0);
    loop.wake('poke');
    loop.wake('act');
    loop.wake('focus');
    await answer();
    await time.pass(299);
    expect(asked).toHaveLength(1);
    await time.pass(1);
    expect(asked).toHaveLength(2);
    // And is over with that.
    await answer();
    await time.pass(1_000);
    expect(asked).toHaveLength(2);
  });

  it('during a round that brought nothing does not hurry the next', async () => {
    const { loop, time, asked, answer } = slow();
    loop.start();
    await time.pass(0);
    loop.wake('act');
    time.chance = 1;
    await answer({ kind: 'no-answer' });
    await time.pass(1_999);
    expect(asked).toHaveLength(1);
    await time.pass(1);
    expect(asked).toHaveLength(2);
  });

  it('while it has to sign in is heard from a person only', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'sign-in' }));
    loop.start();
    await time.pass(0);
    for (const reason of ['act', 'poke', 'online', 'focus'] as const) loop.wake(reason);
    await time.pass(10 * minute);
    expect(asked).toHaveLength(1);
    loop.wake('person');
    await time.pass(0);
    expect(asked).toHaveLength(2);
    expect([time.next, loop.state]).toEqual([null, { ...quietLoop, needsSignIn: true }]);
  });

  it('while the centre wants to be left alone is heard from a person only, and then by its end', async () => {
    const { loop, time, asked } = loopOf((at) => (at < 3 ? { kind: 'busy', retryAfterMs: 90_000 } : answered));
    loop.start();
    await time.pass(1_000);
    loop.wake('online');
    await time.pass(1_000);
    expect(asked).toHaveLength(1);
    loop.wake('person');
    await time.pass(0);
    expect(asked).toHaveLength(2);
    loop.wake('signed-in');
    await time.pass(0);
    expect(asked).toHaveLength(3);
    loop.wake('online');
    await time.pass(0);
    expect(asked).toHaveLength(4);
  });
});

describe('a centre that is busy', () => {
  it('is left alone at most ten minutes, and as after any miss when it says nothing', async () => {
    const { loop, time, asked } = loopOf((at) => ({ kind: 'busy', retryAfterMs: at === 1 ? 24 * 60 * minute : null }));
    time.chance = 1;
    loop.start();
    await time.pass(10 * minute + 4_000);
    expect(gaps(asked)).toEqual([10 * minute, 4_000]);
    expect(loop.state.misses).toBe(3);
    // It has not said how long, so others may ask too.
    loop.wake('online');
    await time.pass(0);
    expect(asked).toHaveLength(4);
  });

  it('is waited for no shorter than any other', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'busy', retryAfterMs: 1 }));
    time.chance = 1;
    loop.start();
    await time.pass(2_000);
    expect(asked).toEqual([0, 2_000]);
  });
});

describe('the rhythm', () => {
  it('is the same for all at the middle of chance, and begins anew after every wake', async () => {
    const { loop, time, asked } = loopOf(() => answered);
    loop.start();
    await time.pass(30_000);
    loop.wake('online');
    await time.pass(2 * minute);
    expect(asked).toEqual([0, 30_000, 90_000, 150_000]);
  });

  it('grows with misses, and is the first again after an answer', async () => {
    const { loop, time, asked } = loopOf((at) => (at === 3 ? answered : { kind: 'no-answer' }));
    time.chance = 0;
    loop.start();
    await time.pass(60_000);
    expect(gaps(asked)).toEqual([1_000, 2_000, 48_000, 1_000, 2_000, 4_000]);
  });

  it('goes on through many misses', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'no-answer' }));
    time.chance = 1;
    loop.start();
    await time.pass(60 * minute);
    expect(gaps(asked).at(-1)).toBe(minute);
    expect(loop.state.misses).toBe(asked.length);
  });
});

describe('what it says', () => {
  it('is told when it changes, and only then', async () => {
    const { loop, time, states, parts, yes } = loopOf((at) => {
      parts.unsent = [];
      return yes({ more: at === 1 });
    });
    parts.unsent = [{}];
    loop.start();
    await time.pass(0);
    expect(states).toEqual([
      { ...quietLoop, sending: 1 },
      { ...quietLoop, sending: 1, receiving: true },
      { ...quietLoop, receiving: true },
      quietLoop,
    ]);
    await time.pass(minute);
    expect(states).toHaveLength(4);
  });

  it('is nothing more about sending once a round was cut off', async () => {
    const { loop, time, parts, answer, asked, calls } = slow();
    parts.unsent = [{}];
    loop.start();
    await time.pass(0);
    expect(loop.state.sending).toBe(1);
    loop.stop();
    await answer();
    // The answer is taken; it is on the disk then, and nothing follows.
    expect([loop.state.sending, calls.accept, asked.length, time.next]).toEqual([0, 1, 1, null]);
  });

  it('is that it must sign in until an answer comes, whatever else goes wrong', async () => {
    const kinds = ['sign-in', 'no-answer', 'answer'] as const;
    const { loop, time, yes } = loopOf((at) => {
      const kind = kinds[at - 1] ?? 'answer';
      return kind === 'answer' ? yes() : { kind };
    });
    loop.start();
    await time.pass(0);
    loop.wake('signed-in');
    await time.pass(0);
    expect(loop.state).toMatchObject({ needsSignIn: true, misses: 1 });
    loop.wake('signed-in');
    await time.pass(0);
    expect(loop.state).toEqual(quietLoop);
  });
});

describe('one exchange after another', () => {
  it('ends when nothing is left, or nothing is judged', async () => {
    const verdict = { seq: 1, id: 'a', verdict: 'applied', repeated: false } as const;
    const judged = loopOf((at) => {
      if (at === 2) judged.parts.unsent = [];
      return judged.yes({ verdicts: [verdict] });
    });
    judged.parts.unsent = [{}];
    judged.loop.start();
    await judged.time.pass(0);
    expect(judged.asked).toHaveLength(2);
    const unjudged = loopOf(() => answered);
    unjudged.parts.unsent = [{}];
    unjudged.loop.start();
    await unjudged.time.pass(0);
    expect(unjudged.asked).toHaveLength(1);
  });

  it('compares the sums when the last part is there, and fills anew from nothing', async () => {
    const { loop, time, asked, changes, parts, calls, yes } = loopOf((at) => yes({ more: at === 1 }));
    parts.agrees = false;
    loop.start();
    await time.pass(0);
    expect([asked.length, changes, calls.committed]).toEqual([3, [{ cookie: null }], 3]);
    // At the next round it is tried once more.
    await time.pass(minute);
    expect(changes).toHaveLength(2);
  });

  it('ends in the middle with its tab', async () => {
    const { loop, time, asked, answer, yes } = slow();
    loop.start();
    await time.pass(0);
    loop.stop();
    await answer(yes({ more: true }));
    expect(asked).toHaveLength(1);
  });
});

describe('a disk that does not take an answer', () => {
  it('is tried with growing waits, and the screen is told', async () => {
    const { loop, time, asked, parts } = loopOf(() => answered);
    parts.acceptThrows = full();
    time.chance = 1;
    loop.start();
    await time.pass(14_000);
    expect(gaps(asked)).toEqual([2_000, 4_000, 8_000]);
    expect(loop.state).toEqual({ ...quietLoop, misses: 4, cannotStore: true });
  });

  it('that another tab was faster with is read, soon asked for again, and no miss', async () => {
    const { loop, time, asked, parts, calls } = loopOf(() => answered);
    parts.acceptThrows = new StorageMovedOn();
    time.chance = 1;
    loop.start();
    await time.pass(4_000);
    expect([gaps(asked), calls.refresh, loop.state]).toEqual([[2_000, 2_000], 3, quietLoop]);
    parts.refreshThrows = true;
    await time.pass(2_000);
    expect(loop.state).toMatchObject({ misses: 1, cannotStore: true });
    // What cannot be written for another reason is not read for it.
    parts.acceptThrows = full();
    const { refresh } = calls;
    await time.pass(10_000);
    expect(calls.refresh).toBe(refresh);
  });
});
