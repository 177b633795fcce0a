import { describe, expect, it } from 'vitest';
import { TabRole, type Channel, type Locks } from './leader.ts';
import { settle } from './testing.ts';

interface Asked {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly hold: () => Promise<void>;
  readonly fail: (error: Error) => void;
}

/** One tab, and a browser that gives it the lock when a test says so. */
function tab({ hasChannel = true, hasLocks = true } = {}) {
  const asked: Asked[] = [];
  const heard: unknown[] = [];
  const said: unknown[] = [];
  const seen = { led: 0, closed: 0 };
  const locks: Locks = {
    request: (name, { signal }, hold) => new Promise((_done, fail) => asked.push({ name, signal, hold, fail })),
  };
  const channel: Channel = {
    onmessage: null,
    postMessage: (message) => said.push(message),
    close: () => (seen.closed += 1),
  };
  const role: TabRole<string> = new TabRole<string>({
    name: 'phone',
    locks: hasLocks ? locks : null,
    channel: hasChannel ? channel : null,
    onLead: () => (seen.led += 1),
    onMessage: (message) => heard.push(message),
  });
  return { role, asked, heard, said, seen, channel };
}

describe('the role of a tab', () => {
  it('is to follow until the browser gives it the lead, which it holds until it ends', async () => {
    const { role, asked, seen } = tab();
    role.start();
    expect([role.leading, role.alone, asked.map(({ name }) => name)]).toEqual([false, false, ['phone']]);
    let over = false;
    const held = asked[0]?.hold().then(() => (over = true));
    await settle();
    expect([role.leading, seen.led, over]).toEqual([true, 1, false]);
    role.stop();
    await held;
    expect([role.leading, over, seen.closed, asked[0]?.signal.aborted]).toEqual([false, true, 1, true]);
  });

  it('is given back at once by a tab that has ended when its turn comes', async () => {
    const { role, asked, seen } = tab();
    role.start();
    role.stop();
    await asked[0]?.hold();
    expect([role.leading, seen.led]).toEqual([false, 0]);
  });

  it('is not to lead when the browser refuses the lock', async () => {
    const { role, asked, seen } = tab();
    role.start();
    asked[0]?.fail(new Error('Given up.'));
    await settle();
    expect([role.leading, seen.led]).toEqual([false, 0]);
  });

  it('is to lead alone where there are no locks', () => {
    const { role, seen } = tab({ hasLocks: false });
    role.start();
    expect([role.leading, role.alone, seen.led]).toEqual([true, true, 1]);
    role.stop();
    expect(role.leading).toBe(false);
    role.start();
    expect(seen.led).toBe(1);
  });

  it('is to say and to hear', () => {
    const { role, channel, heard, said } = tab();
    role.start();
    role.tell('hello');
    channel.onmessage?.({ data: 'news' } as MessageEvent);
    expect([said, heard]).toEqual([['hello'], ['news']]);
  });

  it('is played without a channel too', () => {
    const { role, said } = tab({ hasChannel: false });
    role.start();
    role.tell('hello');
    role.stop();
    expect(said).toEqual([]);
  });
});
