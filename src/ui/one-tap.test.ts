import { beforeEach, describe, expect, it } from 'vitest';
import { OneTap, type TapSource } from './one-tap.ts';

type Listener = (event: unknown) => void;

const listeners = new Map<string, Listener>();
const page = { addEventListener: (name: string, heard: Listener) => void listeners.set(name, heard) };
let taps: OneTap;

beforeEach(() => {
  // Plain Node has no elements; a key is told from a counting key by what is around it.
  globalThis.Element ??= EventTarget as unknown as typeof Element;
  taps = new OneTap();
  taps.watch(page as unknown as TapSource);
});

/** Whether a click at this moment (ms) reaches the key below it. */
function reaches(at: number, { by = 'touch', counting = false } = {}): boolean {
  let reached = true;
  listeners.get('pointerdown')?.({ pointerType: by });
  const target = Object.assign(new EventTarget(), { closest: () => (counting ? {} : null) });
  const stop = (): void => void (reached = false);
  listeners.get('click')?.({ target, timeStamp: at, preventDefault: stop, stopImmediatePropagation: stop });
  return reached;
}

describe('one tap of a finger', () => {
  it('counts once, however often the finger bounces', () => {
    expect([1_000, 1_080, 1_390].map((at) => reaches(at))).toEqual([true, false, false]);
    expect(reaches(1_400)).toBe(true);
  });

  it('does nothing on a screen that nobody can have read yet', () => {
    taps.changed(5_000);
    expect([5_010, 5_299, 5_300].map((at) => reaches(at))).toEqual([false, false, true]);
  });

  it('may be fast on keys that count, with a mouse and with a keyboard', () => {
    expect([1_000, 1_100].map((at) => reaches(at, { counting: true }))).toEqual([true, true]);
    expect([2_000, 2_050].map((at) => reaches(at, { by: 'mouse' }))).toEqual([true, true]);
    expect(reaches(3_000)).toBe(true);
    listeners.get('keydown')?.({});
    let reached = true;
    const stop = (): void => void (reached = false);
    listeners.get('click')?.({ target: null, timeStamp: 3_050, preventDefault: stop, stopImmediatePropagation: stop });
    expect(reached).toBe(true);
  });
});
