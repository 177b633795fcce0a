import { describe, expect, it } from 'vitest';
import { settle, StoodTime } from './testing.ts';
import { Turns } from './turns.ts';

/** Tabs over one lock, which goes to whoever asked first. */
function tabs() {
  const time = new StoodTime();
  const done: string[] = [];
  const given: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const tab = (name: string) =>
    new Turns({
      timers: time,
      now: () => time.now,
      lock: (whileHeld) => {
        const held = last.then(() => {
          given.push(name);
          return whileHeld();
        });
        last = held.catch(() => undefined);
        return held;
      },
    });
  const work =
    (name: string, ms = 0) =>
    async () => {
      if (ms > 0) await new Promise<void>((resolve) => time.after(ms, resolve));
      done.push(name);
      return name;
    };
  return { time, done, given, tab, work };
}

describe('works under one lock', () => {
  it('go in their order, those in quick succession in one turn', async () => {
    const { time, done, given, tab, work } = tabs();
    const own = tab('own');
    expect(await Promise.all([own.take(work('a')), own.take(work('b'))])).toEqual(['a', 'b']);
    await time.pass(5);
    expect(await own.take(work('c'))).toBe('c');
    await settle();
    await time.pass(20);
    await own.take(work('d'));
    expect([done, given]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['own', 'own'],
    ]);
  });

  it('of another tab come soon, however much there is to do', async () => {
    const { time, done, given, tab, work } = tabs();
    const [busy, other] = [tab('busy'), tab('other')];
    for (let at = 0; at < 10; at += 1) void busy.take(work(`busy ${at}`, 50));
    await settle();
    void other.take(work('other'));
    await time.pass(1_000);
    expect(done.indexOf('other')).toBe(4);
    expect(done).toHaveLength(11);
    expect(given).toEqual(['busy', 'other', 'busy', 'busy']);
  });

  it('come soon after a burst of another tab has ended', async () => {
    const { time, done, tab, work } = tabs();
    const [first, second] = [tab('first'), tab('second')];
    await first.take(work('a'));
    await settle();
    void second.take(work('b'));
    await time.pass(10);
    expect(done).toEqual(['a', 'b']);
  });

  it('fail for themselves; without a lock none is done and the next one asks anew', async () => {
    const { time, tab, work } = tabs();
    const own = tab('own');
    const failing = own.take(() => Promise.reject(new Error('full')));
    await expect(failing).rejects.toThrow('full');
    expect(await own.take(work('a'))).toBe('a');
    let refuses = true;
    const lock = (whileHeld: () => Promise<void>) => (refuses ? Promise.reject(new Error('no lock')) : whileHeld());
    const without = new Turns({ timers: time, now: () => time.now, lock });
    await expect(without.take(work('b'))).rejects.toThrow('no lock');
    refuses = false;
    expect(await without.take(work('c'))).toBe('c');
  });
});
