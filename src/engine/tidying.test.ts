import { describe, expect, it } from 'vitest';
import { Tidying } from './tidying.ts';

describe('tidying', () => {
  it('is done at once where there are no quiet moments, and says when it fails', async () => {
    let done = 0;
    await new Tidying(async () => void (done += 1)).ask();
    expect(done).toBe(1);
    await expect(new Tidying(() => Promise.reject(new Error('full'))).ask()).rejects.toThrow('full');
  });

  it('waits for a quiet moment, once for all who asked, and is waited for once it has begun', async () => {
    const moments: (() => void)[] = [];
    let begun = 0;
    let end = (): void => undefined;
    const work = () => {
      begun += 1;
      return new Promise<void>((resolve) => (end = resolve));
    };
    const tidying = new Tidying(work, (moment) => moments.push(moment));
    await tidying.ask();
    await tidying.ask();
    await tidying.settled;
    expect([moments.length, begun]).toEqual([1, 0]);
    moments.pop()?.();
    let settled = false;
    void tidying.settled.then(() => (settled = true));
    await Promise.resolve();
    expect([begun, settled]).toEqual([1, false]);
    end();
    await tidying.settled;
    await tidying.ask();
    expect(moments).toHaveLength(1);
  });

  it('that fails in a quiet moment disturbs nobody', async () => {
    const moments: (() => void)[] = [];
    const tidying = new Tidying(
      () => Promise.reject(new Error('full')),
      (moment) => moments.push(moment),
    );
    await tidying.ask();
    moments.pop()?.();
    await expect(tidying.settled).resolves.toBeUndefined();
  });
});
