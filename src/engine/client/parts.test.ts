import { describe, expect, it } from 'vitest';
import { canaryIn } from './canary.ts';
import { sleepAwareClock } from './clock.ts';
import { TabRole } from './leader.ts';
import { PokeLine } from './poke-line.ts';
import type { PokeListener } from './server-port.ts';
import { MemoryCentre, settle, SharedBrowser, StoodTime } from './testing.ts';

describe('the clock for measuring how long ago', () => {
  function clock() {
    const now = { wall: 1_000_000, running: 0 };
    const read = sleepAwareClock({ wall: () => now.wall, running: () => now.running });
    const pass = (wall: number, running = wall) => {
      now.wall += wall;
      now.running += running;
    };
    return { read, pass };
  }

  it('goes on through sleep, in which the browser’s own clock stands', () => {
    const { read, pass } = clock();
    const before = read();
    pass(5_000);
    pass(1_800_000, 0);
    expect(read() - before).toBe(1_805_000);
  });

  it('does not go back with a wall clock that is set back', () => {
    const { read, pass } = clock();
    const before = read();
    pass(-86_400_000, 10_000);
    expect(read() - before).toBe(10_000);
  });

  it('does not mistake the system’s trimming for sleep', () => {
    const { read, pass } = clock();
    const before = read();
    for (let minutes = 0; minutes < 10; minutes += 1) {
      pass(60_050, 60_000);
      read();
    }
    expect(read() - before).toBe(600_000);
  });
});

describe('the note beside the database', () => {
  it('is read back, and lived without where it is forbidden or spoiled', () => {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
    };
    const canary = canaryIn(storage);
    const note = {
      device: 'd',
      highestSeq: 4,
      unsent: [
        [2, 2],
        [4, 4],
      ] as const,
      from: 7,
      to: 8,
    };
    canary.write(note);
    expect(canary.read()).toEqual(note);
    for (const key of held.keys()) held.set(key, '{"device":');
    expect(canary.read()).toBeNull();
    canary.leave('d');
    expect([canary.read(), canary.hasLeft('d'), canary.hasLeft('e')]).toEqual([null, true, false]);
    canary.write(note);
    expect(canary.hasLeft('d')).toBe(false);
    const forbidden = () => {
      throw new DOMException('Forbidden.', 'SecurityError');
    };
    const none = canaryIn({ getItem: forbidden, setItem: forbidden });
    none.write(note);
    none.leave('d');
    expect([none.read(), none.hasLeft('d')]).toEqual([null, false]);
  });
});

describe('the leading tab', () => {
  function tab(browser: SharedBrowser, heard: unknown[] = [], locks: SharedBrowser['locks'] | null = browser.locks) {
    const led: number[] = [];
    const role = new TabRole<string>({
      name: 'd',
      locks,
      channel: browser.channel('d'),
      onLead: () => led.push(1),
      onMessage: (message) => heard.push(message),
    });
    role.start();
    return { role, led, heard };
  }

  it('is one, and the next takes over when it ends', async () => {
    const browser = new SharedBrowser();
    const tabs = [tab(browser), tab(browser), tab(browser)] as const;
    await settle();
    expect(tabs.map(({ role }) => role.leading)).toEqual([true, false, false]);
    tabs[1].role.stop();
    tabs[0].role.stop();
    await settle();
    expect(tabs.map(({ role }) => role.leading)).toEqual([false, false, true]);
    expect(tabs.map(({ led }) => led.length)).toEqual([1, 0, 1]);
  });

  it('hears the others, not itself', async () => {
    const browser = new SharedBrowser();
    const [first, second] = [tab(browser), tab(browser)];
    first.role.tell('hello');
    await settle();
    expect(first.heard).toEqual([]);
    expect(second.heard).toEqual(['hello']);
  });

  it('leads alone, and says so, where the browser has no locks', async () => {
    const { role } = tab(new SharedBrowser(), [], null);
    expect(role.leading).toBe(true);
    expect(role.alone).toBe(true);
  });
});

describe('the line of pokes', () => {
  function line() {
    const time = new StoodTime();
    const centre = new MemoryCentre();
    const pokes: number[] = [];
    const opened: PokeListener[] = [];
    const listen = (listener: PokeListener) => {
      opened.push(listener);
      return centre.listen(listener);
    };
    return { time, opened, pokes, line: new PokeLine({ listen }, time, () => pokes.push(time.now)) };
  }

  it('is one line however often it is asked for', () => {
    const { line: one, opened } = line();
    one.open();
    one.open();
    expect(opened).toHaveLength(1);
  });

  it('looks at once when a good line broke, and opens anew only after the next exchange', async () => {
    const { line: one, opened, pokes, time } = line();
    one.open();
    await time.pass(60_000);
    opened[0]?.onEnd();
    expect(pokes).toHaveLength(1);
    expect(opened).toHaveLength(1);
    one.open();
    expect(opened).toHaveLength(2);
  });

  it('does not drive the exchange when no line ever stands', async () => {
    const { line: one, opened, pokes, time } = line();
    for (let rounds = 0; rounds < 5; rounds += 1) {
      one.open();
      opened.at(-1)?.onEnd();
      await time.pass(1_000);
    }
    expect(opened).toHaveLength(5);
    expect(pokes).toEqual([]);
  });
});
