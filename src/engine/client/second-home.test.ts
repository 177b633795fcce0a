import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '../device-storage.ts';
import { SecondHome } from './second-home.ts';
import { settle, StoodTime } from './testing.ts';

const act = (seq: number): StoredEntry => ({
  ...{ seq, id: `a${seq}`, name: 'lamp.hang', version: 1, args: {}, state: 'unsent' },
  ...{ claimedAt: 0, serverTime: null, sinceServer: null, offset: null },
});

function home(answer: () => Promise<void> = () => Promise.resolve()) {
  const time = new StoodTime();
  const put: number[][] = [];
  const missed: number[] = [];
  const second = new SecondHome({
    put: (entries) => {
      put.push(entries.map(({ seq }) => seq));
      return answer();
    },
    timers: time,
    onMissed: ({ seq }) => missed.push(seq),
  });
  return { time, put, missed, second };
}

describe('the second home of acts', () => {
  it('is given those of a moment together, and all of them soon', async () => {
    const { time, put, second } = home();
    second.add(act(1));
    await time.pass(60);
    second.add(act(2));
    expect(put).toEqual([]);
    await time.pass(60);
    expect(put).toEqual([]);
    await time.pass(40);
    expect(put).toEqual([[1, 2]]);
    second.add(act(3));
    await time.pass(100);
    expect(put).toEqual([[1, 2], [3]]);
    expect(second.missing.size).toBe(0);
    expect(time.next).toBeNull();
  });

  it('waits half a second at most for acts that do not stop', async () => {
    const { time, put, second } = home();
    for (let seq = 1; seq <= 12; seq += 1) {
      second.add(act(seq));
      await time.pass(60);
    }
    expect(put).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    await time.pass(100);
    expect(put[1]).toEqual([10, 11, 12]);
  });

  it('is given what waits before it is read or written, once', async () => {
    const { time, put, second } = home();
    second.add(act(1));
    void second.bring();
    expect(put).toEqual([[1]]);
    await time.pass(200);
    expect(put).toEqual([[1]]);
  });

  it('counts an act as missing until the store has it, and says what it did not take', async () => {
    let fail: (error: Error) => void = () => undefined;
    const { time, missed, second } = home(() => new Promise((_, reject) => (fail = reject)));
    second.add(act(1));
    await time.pass(150);
    expect([...second.missing.keys()]).toEqual([1]);
    fail(new Error('Full.'));
    await settle();
    expect(missed).toEqual([1]);
    expect(second.missing.size).toBe(0);
  });

  it('brings nothing after the tab was closed', async () => {
    const { time, put, second } = home();
    second.add(act(1));
    second.close();
    await time.pass(500);
    expect(put).toEqual([]);
  });
});
