import { describe, expect, it } from 'vitest';
import { settle, StoodTime } from '../testing.ts';
import type { PhotoRow } from './photo-database.ts';
import { PhotoQueue, type Going, type Sent } from './photo-queue.ts';

/** A phone with photos that wait, and a centre that does what it is told. */
class Phone {
  readonly time = new StoodTime();
  rows: PhotoRow[];
  may = true;
  /** Every attempt, with where it was to go on. */
  readonly tried: { readonly hash: string; readonly url: string | null; readonly at: number }[] = [];
  /** What the next attempts come to; 'received' when there is none. */
  answers: (Sent | 'hangs')[] = [];
  changes = 0;
  readonly queue = new PhotoQueue({
    store: {
      rows: async () => this.rows,
      bytesOf: async (hash) => (hash === 'lost' ? null : new Uint8Array([1])),
      change: async (hash, change) => {
        this.rows = this.rows.map((row) => (row.hash === hash ? { ...row, ...change } : row));
      },
    },
    transfer: (photo, signal) => this.#transfer(photo, signal),
    timers: this.time,
    mayGo: () => this.may,
    onChange: () => (this.changes += 1),
  });

  constructor(...hashes: readonly string[]) {
    this.rows = hashes.map((hash, keptAt) => ({
      ...{ hash, state: 'waiting', size: 1, keptAt, url: null, code: null },
    }));
  }

  async #transfer({ hash, url, onBegun }: Going, signal: AbortSignal): Promise<Sent> {
    if (signal.aborted) return { kind: 'no-answer', moved: false };
    this.tried.push({ hash, url, at: this.time.now });
    if (url === null) await onBegun(`/begun/${hash}`);
    const answer = this.answers.shift() ?? { kind: 'received' };
    if (answer !== 'hangs') return answer;
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ kind: 'no-answer', moved: true }), { once: true }),
    );
  }

  states(): readonly string[] {
    return this.rows.map(({ state }) => state);
  }

  async look(awake = false): Promise<void> {
    this.queue.look(awake);
    await settle();
  }
}

describe('photos that wait', () => {
  it('go one after the other, the oldest first', async () => {
    const phone = new Phone('a', 'b', 'c');
    await phone.look();
    expect(phone.tried.map(({ hash }) => hash)).toEqual(['a', 'b', 'c']);
    expect(phone.states()).toEqual(['received', 'received', 'received']);
    expect(phone.changes).toBe(3);
  });

  it('do not go while an act waits, and stop when one is saved in the middle', async () => {
    const phone = new Phone('a', 'b');
    phone.may = false;
    await phone.look();
    expect(phone.tried).toEqual([]);
    phone.may = true;
    phone.answers = ['hangs'];
    await phone.look();
    expect(phone.tried).toEqual([{ hash: 'a', url: null, at: 0 }]);
    phone.may = false;
    await phone.look();
    await phone.time.pass(600_000);
    expect(phone.tried).toHaveLength(1);
    phone.may = true;
    await phone.look();
    // It goes on where it was begun, at once.
    expect(phone.tried.slice(1).map(({ hash, url }) => [hash, url])).toEqual([
      ['a', '/begun/a'],
      ['b', null],
    ]);
    expect(phone.states()).toEqual(['received', 'received']);
  });

  it('are tried again with longer and longer waits, up to five minutes', async () => {
    const phone = new Phone('a');
    phone.time.chance = 1;
    phone.answers = Array.from({ length: 12 }, () => ({ kind: 'no-answer', moved: false }) as const);
    await phone.look();
    await phone.time.pass(3_600_000);
    const waits = phone.tried.map(({ at }, place) => at - (phone.tried[place - 1]?.at ?? 0)).slice(1);
    expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(Math.max(...waits)).toBe(300_000);
    expect(phone.states()).toEqual(['received']);
  });

  it('that come forward at each try are not kept waiting, nor when the phone gets a line', async () => {
    const phone = new Phone('a');
    phone.answers = Array.from({ length: 6 }, () => ({ kind: 'no-answer', moved: true }) as const);
    await phone.look();
    await phone.time.pass(6 * 2_000);
    expect(phone.states()).toEqual(['received']);
    const other = new Phone('a');
    other.answers = [{ kind: 'busy', retryAfterMs: 120_000 }];
    await other.look();
    await other.look();
    await other.time.pass(100_000);
    expect(other.tried).toHaveLength(1);
    await other.look(true);
    expect(other.tried).toHaveLength(2);
  });

  it('that the centre forgot begin anew, and what it refuses holds up no other', async () => {
    const phone = new Phone('a', 'b', 'lost', 'c');
    phone.rows = phone.rows.map((row) => (row.hash === 'a' ? { ...row, url: '/old' } : row));
    phone.answers = [{ kind: 'begin-anew' }, { kind: 'received' }, { kind: 'refused', code: 'carries-metadata' }];
    await phone.look();
    expect(phone.tried.map(({ hash, url }) => [hash, url])).toEqual([
      ['a', '/old'],
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
    expect(phone.states()).toEqual(['received', 'refused', 'refused', 'received']);
    expect(phone.rows.map(({ code }) => code)).toEqual([null, 'carries-metadata', 'unreadable', null]);
  });

  it('rest when the tab ends', async () => {
    const phone = new Phone('a');
    phone.answers = ['hangs'];
    await phone.look();
    phone.queue.stop();
    await phone.look();
    await phone.time.pass(600_000);
    expect(phone.tried).toHaveLength(1);
  });
});
