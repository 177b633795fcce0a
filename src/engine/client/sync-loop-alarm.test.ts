import { describe, expect, it } from 'vitest';
import { alarmGapMs } from './sync-loop.ts';
import { answered, loopOf, minute, slow } from './testing-loop.ts';

describe('an alarm', () => {
  const away = () => loopOf(() => ({ kind: 'no-answer' }));

  it('is tried at once while the centre is out of reach, and the rhythm goes on behind that', async () => {
    const { loop, time, asked } = away();
    time.chance = 1;
    loop.start();
    await time.pass(0);
    await time.pass(500);
    loop.wake('alarm');
    await time.pass(0);
    expect(asked).toEqual([0, 500]);
    await time.pass(3_999);
    expect(asked).toHaveLength(2);
    await time.pass(1);
    expect(asked).toEqual([0, 500, 4_500]);
  });

  it('that comes again and again is tried out of turn only so often, and never forgotten', async () => {
    const { loop, time, asked } = away();
    time.chance = 1;
    loop.start();
    await time.pass(10 * minute);
    const before = asked.length;
    const from = time.now;
    for (let second = 0; second < 25; second += 1) {
      loop.wake('alarm');
      await time.pass(1_000);
    }
    expect(asked.slice(before).map((at) => at - from)).toEqual([0, alarmGapMs, 2 * alarmGapMs]);
    // The last of them has not gone yet.
    await time.pass(alarmGapMs);
    expect(asked.slice(before).map((at) => at - from)).toEqual([0, alarmGapMs, 2 * alarmGapMs, 3 * alarmGapMs]);
    await time.pass(20_000);
    expect(asked).toHaveLength(before + 4);
  });

  it('is tried though the centre wants to be left alone, which counts again from then', async () => {
    const { loop, time, asked } = loopOf(() => ({ kind: 'busy', retryAfterMs: 90_000 }));
    loop.start();
    await time.pass(5_000);
    loop.wake('act');
    loop.wake('alarm');
    await time.pass(89_999);
    expect(asked).toEqual([0, 5_000]);
    await time.pass(1);
    expect(asked).toEqual([0, 5_000, 95_000]);
  });

  it('soon after another one goes as any act does while all is well', async () => {
    const { loop, time, asked } = loopOf(() => answered);
    loop.start();
    await time.pass(1_000);
    for (let tap = 0; tap < 2; tap += 1) {
      loop.wake('alarm');
      await time.pass(1_000);
    }
    expect(asked).toEqual([0, 1_000, 2_300]);
    // What has gone is not tried once more when that time is over.
    await time.pass(alarmGapMs);
    expect(asked).toHaveLength(3);
  });

  it('during a round is tried behind it, also when that brought nothing', async () => {
    const { loop, time, asked, answer } = slow();
    time.chance = 1;
    loop.start();
    await time.pass(0);
    loop.wake('alarm');
    await time.pass(0);
    expect(asked).toHaveLength(1);
    await answer({ kind: 'no-answer' });
    await time.pass(0);
    expect(asked).toHaveLength(2);
    await answer();
    await time.pass(alarmGapMs);
    expect(asked).toHaveLength(2);
  });

  it('wakes nothing that has to sign in, nor a loop that was stopped', async () => {
    const { loop, time, asked } = loopOf((at) => (at === 1 ? { kind: 'sign-in' } : answered));
    loop.start();
    await time.pass(0);
    loop.wake('alarm');
    await time.pass(minute);
    expect(asked).toHaveLength(1);
    loop.wake('signed-in');
    await time.pass(0);
    loop.wake('alarm');
    loop.stop();
    expect(time.next).toBeNull();
    await time.pass(minute);
    expect(asked).toHaveLength(2);
    // A stop ends the time between two as well.
    loop.start();
    await time.pass(0);
    loop.wake('alarm');
    await time.pass(0);
    expect(asked).toHaveLength(4);
  });
});
