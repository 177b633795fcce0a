import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEntry, Origin } from './device-storage.ts';
import { bothFormer, formerAmong, formerNames, formerNumbersOf, isFormerRun, movedFrom } from './former-numbers.ts';
import { formerDevicesMax } from './limits.ts';
import type { FormerNumbers } from './protocol.ts';
import { rangesOf } from './ranges.ts';

const act: NewEntry = {
  ...{ id: 'a', name: 'bell.ring', version: 2, args: { room: 'hall' }, claimedAt: 5 },
  ...{ serverTime: 1, sinceServer: 2, offset: 3 },
};
const names = (former: readonly FormerNumbers[]) => [...formerNames(former)];
const moved = fc.uniqueArray(
  fc.record({
    seq: fc.integer({ min: 1, max: 40 }),
    former: fc.uniqueArray(
      fc.record({ device: fc.constantFrom('first', 'second'), seq: fc.integer({ min: 1, max: 40 }) }),
      { selector: ({ device }) => device, maxLength: 2 },
    ),
  }),
  { selector: ({ seq }) => seq },
);
const namesOf = (acts: readonly (Origin & { readonly seq: number })[]) =>
  acts.flatMap(({ seq, former = [] }) => former.map((one) => [one.device, seq, one.seq] as const));

describe('an act that moves to a new device', () => {
  it('keeps what it was called, the earliest first, and nothing of its old state', () => {
    const once = movedFrom('first', { ...act, seq: 7, state: 'unsent' } as never);
    expect(once).toEqual({ ...act, former: [{ device: 'first', seq: 7 }] });
    expect(movedFrom('second', { ...once, seq: 2 }).former).toEqual([
      { device: 'first', seq: 7 },
      { device: 'second', seq: 2 },
    ]);
  });

  it('keeps no more names than are told', () => {
    let one: NewEntry = act;
    for (let at = 1; at <= formerDevicesMax + 3; at += 1) one = movedFrom(`d${at}`, { ...one, seq: at });
    expect(one.former).toHaveLength(formerDevicesMax);
    expect(one.former?.at(-1)).toEqual({ device: `d${formerDevicesMax + 3}`, seq: formerDevicesMax + 3 });
  });
});

describe('former numbers', () => {
  it('are those of the acts, all of them and no others', () => {
    fc.assert(
      fc.property(moved, (acts) => {
        const found = names(formerNumbersOf(acts));
        expect(new Set(found.map(String))).toEqual(new Set(namesOf(acts).map(String)));
        expect(found).toHaveLength(namesOf(acts).length);
      }),
    );
  });

  it('are few runs when everything moved together', () => {
    const acts = [3, 4, 5, 9, 10].map((seq) => ({ seq, former: [{ device: 'first', seq: seq + 20 }] }));
    const runs = [
      [3, 23, 3],
      [9, 29, 2],
    ];
    expect(formerNumbersOf(acts)).toEqual([{ device: 'first', runs }]);
    const apart = [...acts, { seq: 6, former: [{ device: 'first', seq: 50 }] }];
    expect(formerNumbersOf(apart)[0]?.runs).toEqual([[3, 23, 3], [6, 50, 1], runs[1]]);
    expect(formerNumbersOf([{ seq: 1 }])).toEqual([]);
  });

  it('of some acts are those and no more', () => {
    fc.assert(
      fc.property(moved, fc.uniqueArray(fc.integer({ min: 1, max: 40 })), (acts, some) => {
        const among = formerAmong(formerNumbersOf(acts), rangesOf(some));
        const wanted = formerNumbersOf(acts.filter(({ seq }) => some.includes(seq)));
        expect(new Set(among)).toEqual(new Set(wanted));
      }),
    );
  });

  it('of two sides are all of them', () => {
    fc.assert(
      fc.property(moved, moved, (some, others) => {
        const both = bothFormer(formerNumbersOf(some), formerNumbersOf(others));
        const told = new Map([...namesOf(some), ...namesOf(others)].map(([device, now, then]) => [device + now, then]));
        expect(new Map(names(both).map(([device, now, then]) => [device + now, then]))).toEqual(told);
      }),
    );
  });

  it('name no more devices than are told of', () => {
    const acts = Array.from({ length: 30 }, (_none, at) => ({ seq: at + 1, former: [{ device: `d${at}`, seq: 1 }] }));
    expect(formerNumbersOf(acts)).toHaveLength(formerDevicesMax);
  });

  it.each([
    ['a run', [1, 7, 3], true],
    ['the last number there is', [Number.MAX_SAFE_INTEGER - 1, 1, 1], true],
    ['numbers that cannot be counted', [Number.MAX_SAFE_INTEGER, 1, 1], false],
    ['former numbers that cannot be counted', [1, Number.MAX_SAFE_INTEGER, 1], false],
    ['nothing', [1, 7, 0], false],
    ['numbers that nobody gives out', [0, 7, 3], false],
    ['half a number', [1, 7.5, 3], false],
    ['words', ['1', '7', '3'], false],
    ['two numbers', [1, 7], false],
    ['four numbers', [1, 7, 3, 1], false],
    ['no list', '173', false],
    ['null', null, false],
  ])('are believed when they are in runs: %s', (_what, run, believed) => {
    expect(isFormerRun(run)).toBe(believed);
  });
});
