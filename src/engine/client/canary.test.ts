import { describe, expect, it } from 'vitest';
import { canaryIn, type CanaryNote } from './canary.ts';

const note: CanaryNote = { device: 'd', highestSeq: 4, unsent: [[2, 4]], from: 7, to: 8 };

/** A note in the browser's storage; `hold` puts there what no app has written. */
function canary() {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
  };
  const one = canaryIn(storage);
  return { ...one, held, hold: (said: unknown) => held.set('nuanlin.device', JSON.stringify(said)) };
}

const lossOfThree = { device: 'd', numbers: [[3, 3]], from: 1, to: null };

describe('the note', () => {
  it('is one value under a name that stays, and nothing in a browser that never had one', () => {
    const { read, write, hasLeft, held } = canary();
    expect([read(), hasLeft('d')]).toEqual([null, false]);
    write(note);
    expect([...held.keys()]).toEqual(['nuanlin.device']);
    expect(read()).toEqual(note);
  });

  it('is nothing, and no error, where the browser has no place for it', () => {
    const none = canaryIn(null);
    none.write(note);
    none.leave('d');
    expect([none.read(), none.hasLeft('d')]).toEqual([null, false]);
  });

  it('says that a device has left, until another one is noted', () => {
    const { read, write, leave, hasLeft } = canary();
    write(note);
    leave('d');
    expect([read(), hasLeft('d'), hasLeft('e')]).toEqual([null, true, false]);
    write({ ...note, device: 'e' });
    expect([read()?.device, hasLeft('d')]).toEqual(['e', false]);
  });

  it.each([
    ['a device that is no name', { device: 4 }, null],
    ['nothing', null, null],
    ['a number that is none', { highestSeq: 'many' }, { ...note, highestSeq: 0 }],
    ['a number as a word', { highestSeq: '12' }, { ...note, highestSeq: 12 }],
    ['no list of numbers', { unsent: 'all' }, { ...note, unsent: [] }],
    ['runs that fall', { unsent: [[5, 1], [2, 3], [9, 9]] }, { ...note, unsent: [[2, 3], [9, 9]] }], // prettier-ignore
    ['runs that are none', { unsent: [[1], [1, 2, 3], null, '12', [0, 1], [1.5, 2], [6, 7]] }, { ...note, unsent: [[6, 7]] }], // prettier-ignore
    ['more than a phone can hold', { unsent: [[1, 10_001]] }, { ...note, unsent: [] }],
    ['just what a phone can hold', { unsent: [[1, 10_000]] }, { ...note, unsent: [[1, 10_000]] }],
    ['times that are none', { from: 'then', to: null }, { ...note, from: null, to: null }],
    ['no losses', { untold: 'all' }, note],
    ['no losses that were told', { told: 'all' }, note],
    ['losses told at no time', { told: [null, { ...lossOfThree, toldAt: 'then' }, { ...lossOfThree, toldAt: 4 }] }, { ...note, told: [{ ...lossOfThree, toldAt: 4 }] }], // prettier-ignore
  ])('is read as far as it can be believed: %s', (_what, part, believed) => {
    const { read, hold } = canary();
    hold(part && { ...note, ...part });
    expect(read()).toEqual(believed);
  });

  it('is not believed in part when it is no note at all', () => {
    const { read, hasLeft, held } = canary();
    held.set('nuanlin.device', '{"device":');
    expect([read(), hasLeft('d')]).toEqual([null, false]);
  });
});
