import { describe, expect, it } from 'vitest';
import { SharedBrowser, StoodTime } from './testing.ts';
import { UpdateTurn } from './update-turn.ts';

/** Two tabs of one browser; what each does is written down. */
function tabs() {
  const [time, browser] = [new StoodTime(), new SharedBrowser()];
  const make = () => {
    const tab = { entry: false, hidden: false, done: [] as string[] };
    const turn = new UpdateTurn({
      channel: browser.channel('update'),
      timers: time,
      hasOpenEntry: () => tab.entry,
      isHidden: () => tab.hidden,
      takeOver: () => tab.done.push('take over'),
      reload: () => tab.done.push('reload'),
    });
    return { tab, turn };
  };
  const take = async (turn: UpdateTurn, unseen: boolean) => {
    const taken = turn.take(unseen);
    await time.pass(100);
    await time.pass(1_000);
    return taken;
  };
  return { time, one: make(), other: make(), take };
}

describe('a new version of the app', () => {
  it('is taken when the person says so and nothing is begun in any tab', async () => {
    const { one, take } = tabs();
    expect(await take(one.turn, false)).toBe(true);
    expect(one.tab.done).toEqual(['take over']);
  });

  it.each(['one', 'other'] as const)('waits while something is begun in %s tab', async (which) => {
    const parts = tabs();
    parts[which].tab.entry = true;
    expect(await parts.take(parts.one.turn, false)).toBe(false);
    parts[which].tab.entry = false;
    expect(await parts.take(parts.one.turn, false)).toBe(true);
  });

  it('is taken by itself only when nobody looks at any tab', async () => {
    const { one, other, take } = tabs();
    one.tab.hidden = true;
    expect(await take(one.turn, true)).toBe(false);
    other.tab.hidden = true;
    expect(await take(one.turn, true)).toBe(true);
  });

  it('is not taken when an entry is begun while the other tabs are asked', async () => {
    const { one, time } = tabs();
    const taken = one.turn.take(false);
    one.tab.entry = true;
    await time.pass(1_000);
    expect(await taken).toBe(false);
  });

  it('leaves a page of the old version standing until its entry is finished', async () => {
    const { one, time } = tabs();
    one.tab.entry = true;
    one.turn.taken();
    await time.pass(5_000);
    expect(one.tab.done).toEqual([]);
    one.tab.entry = false;
    await time.pass(1_000);
    expect(one.tab.done).toEqual(['reload']);
  });
});
