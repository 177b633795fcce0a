import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxCounter, inOrder, loadList, mergeOrder, numbered, placeAt } from './order.rules.ts';

describe('places', () => {
  it('puts a stop where it is wanted, whatever numbers the others have', () => {
    const others = fc.uniqueArray(fc.nat(300), { maxLength: 12 });
    fc.assert(
      fc.property(others, fc.nat(14), (orders, place) => {
        const before = orders.map((order, at) => ({ id: `s${at}`, order }));
        const changed = placeAt(before, 'new', place);
        const after = inOrder(
          [...before, { id: 'new', order: 0 }].map((one) => ({ ...one, order: changed.get(one.id) ?? one.order })),
        );
        const wanted = inOrder(before).map(({ id }) => id);
        wanted.splice(Math.min(place, wanted.length), 0, 'new');
        expect(after.map(({ id }) => id)).toEqual(wanted);
        expect(after.every(({ order }) => order >= 0)).toBe(true);
      }),
    );
  });

  it('touches one record while there is a gap', () => {
    const others = [...numbered(['a', 'b', 'c'])].map(([id, order]) => ({ id, order }));
    expect([...placeAt(others, 'x', 1).keys()]).toEqual(['x']);
    expect(placeAt([{ id: 'a', order: 0 }], 'x', 0).size).toBe(2);
  });

  it('puts late additions beside their neighbours', () => {
    expect(mergeOrder(['a', 'c'], ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'c', 'd']);
    expect(mergeOrder(['c', 'a'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
    expect(mergeOrder([], ['b', 'a'])).toEqual(['b', 'a']);
  });
});

describe('boxes', () => {
  it('numbers each variant on its own, on from what is packed', () => {
    const next = boxCounter([
      { variantId: 'd', boxNumber: 5 },
      { variantId: 'd', boxNumber: 2 },
    ]);
    expect([next('d'), next('a'), next('d'), next('a')]).toEqual([6, 1, 7, 2]);
  });

  it('lists what to carry by variant, in the order of the signs', () => {
    const variants = [
      { id: 'd', place: 3 },
      { id: 'a', place: 0 },
      { id: 'b', place: 1 },
    ];
    const stops = ['a', 'd', 'a'].map((variantId) => ({ variantId }));
    expect(loadList(stops, variants).map(({ variant, count }) => [variant.id, count])).toEqual([
      ['a', 2],
      ['d', 1],
    ]);
  });
});
