import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allChosen, allOrNone, nobody, only, reached, toggled, unlisted, type Chosen } from './choosing.rules.ts';
import { rowKey } from '../row-keys.rules.ts';

const idsOf = (chosen: Chosen): string[] => [...chosen.ids].sort();
const listed = ['a', 'b', 'c', 'd', 'e'];
const lists = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 1 });
/** Any choice that a person may have come to. */
const choices = fc
  .array(fc.constantFrom(...'abcdefghij'))
  .map((ids) => ids.reduce<Chosen>((chosen, id) => toggled(chosen, id), nobody));

describe('choosing in a list', () => {
  it('chooses from the last one to here, in either direction, and lets go the same way', () => {
    expect(idsOf(reached(toggled(nobody, 'b'), listed, 'd'))).toEqual(['b', 'c', 'd']);
    expect(idsOf(reached(toggled(nobody, 'd'), listed, 'b'))).toEqual(['b', 'c', 'd']);
    const all = allOrNone(nobody, listed);
    expect(idsOf(reached(toggled(all, 'b'), listed, 'd'))).toEqual(['a', 'e']);
  });

  it('begins a range anew where its beginning is not listed any more', () => {
    expect(idsOf(reached(toggled(nobody, 'z'), listed, 'd'))).toEqual(['d', 'z']);
  });

  it('a range never touches whom the list does not show', () => {
    fc.assert(
      fc.property(choices, lists, fc.nat(), (chosen, shown, at) => {
        const after = reached(chosen, shown, shown[at % shown.length] as string);
        const hidden = [...'abcdefghij'].filter((id) => !shown.includes(id));
        for (const id of hidden) expect(after.ids.has(id)).toBe(chosen.ids.has(id));
      }),
    );
  });

  it('all that are found become chosen, and pressed again nobody of them; the hidden ones stay', () => {
    fc.assert(
      fc.property(choices, lists, (chosen, shown) => {
        const once = allOrNone(chosen, shown);
        expect(allChosen(once, shown)).toBe(!allChosen(chosen, shown));
        expect(unlisted(once, shown)).toBe(unlisted(chosen, shown));
        if (!allChosen(chosen, shown))
          expect(idsOf(only(once, (id) => !shown.includes(id)))).toEqual(
            idsOf(only(chosen, (id) => !shown.includes(id))),
          );
      }),
    );
  });
});

const pressed = (key: string, more: Partial<KeyboardEvent> = {}) =>
  rowKey({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, 3, {
    last: 200,
    listed: 59,
  });

describe('keys in a list', () => {
  it.each([
    ['ArrowDown', { does: 'go', to: 4, choosing: false }],
    ['j', { does: 'go', to: 4, choosing: false }],
    ['k', { does: 'go', to: 2, choosing: false }],
    ['PageDown', { does: 'go', to: 13, choosing: false }],
    ['PageUp', { does: 'go', to: 0, choosing: false }],
    ['Home', { does: 'go', to: 0, choosing: false }],
    ['End', { does: 'go', to: 59, choosing: false }],
    ['x', { does: 'toggle' }],
    [' ', { does: 'toggle' }],
    ['Enter', null],
    ['Escape', null],
    ['/', null],
    ['Tab', null],
  ])('%s', (key, does) => expect(pressed(key)).toEqual(does));

  it('goes beyond what is listed so far and never beyond what was found', () => {
    const at = (place: number) =>
      rowKey({ key: 'j', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }, place, {
        last: 60,
        listed: 59,
      });
    expect(at(59)).toMatchObject({ to: 60 });
    expect(at(60)).toMatchObject({ to: 60 });
  });

  it('leaves upwards, chooses with Shift, and leaves the browser its own keys', () => {
    expect(
      rowKey({ key: 'k', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }, 0, { last: 9, listed: 9 }),
    ).toEqual({ does: 'leave' });
    expect(pressed('ArrowDown', { shiftKey: true })).toEqual({ does: 'go', to: 4, choosing: true });
    expect(pressed('a', { ctrlKey: true })).toEqual({ does: 'all' });
    expect(pressed('k', { ctrlKey: true })).toBeNull();
    expect(pressed('ArrowDown', { altKey: true })).toBeNull();
  });
});
