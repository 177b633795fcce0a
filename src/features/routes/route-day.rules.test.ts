import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closingProblem, doorsOf, expectedBack, nextStop, progressOf, sumsOf } from './route-day.rules.ts';
import type { StopState } from './stop.rules.ts';

const allStates: StopState[] = ['waiting', 'delivered', 'deliveredToOther', 'notDelivered', 'checking', 'resolved'];
const anyStates = fc.array(fc.constantFrom(...allStates), { maxLength: 40 });
const stopsOf = (states: StopState[]) => states.map((state, place) => ({ id: `s${place}`, state }));

describe('the strip and the progress', () => {
  it('shows one door per stop, with where we go now', () => {
    const stops = stopsOf(['delivered', 'deliveredToOther', 'checking', 'waiting', 'notDelivered', 'resolved']);
    expect(doorsOf(stops, ['s3'])).toEqual(['ok', 'other', 'alarm', 'now', 'none', 'none']);
    expect(doorsOf(stops, ['s0'])[0]).toBe('ok');
  });

  it('always adds up', () => {
    fc.assert(
      fc.property(anyStates, (states) => {
        const { total, done, waiting, checking, ...parts } = progressOf(states);
        expect(doorsOf(stopsOf(states))).toHaveLength(total);
        expect(done + waiting + checking).toBe(total);
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(done);
      }),
    );
  });
});

describe('next stop', () => {
  it.each<[string, StopState[], string | undefined, string | undefined]>([
    ['the first that waits', ['delivered', 'waiting', 'waiting'], undefined, 's1'],
    ['the one after this', ['waiting', 'delivered', 'waiting'], 's1', 's2'],
    ['round to one that was left behind', ['waiting', 'checking', 'delivered'], 's2', 's0'],
    ['none', ['delivered', 'checking'], 's0', undefined],
  ])('%s', (_name, states, after, expected) => {
    expect(nextStop(stopsOf(states), after)?.id).toBe(expected);
  });
});

describe('sums and closing', () => {
  const states: StopState[] = [...Array<StopState>(12).fill('delivered'), 'deliveredToOther', 'checking'];

  it('carries out = given + brought back', () => {
    expect(sumsOf({ boxesOut: 14, boxesBack: null }, states, 1)).toEqual({
      out: 14,
      given: 13,
      back: 1,
      missing: 0,
      addsUp: true,
    });
    expect(sumsOf({ boxesOut: 16, boxesBack: 1 }, states)).toMatchObject({ missing: 2, addsUp: false });
    expect(expectedBack({ boxesOut: 14 }, states)).toBe(1);
  });

  it.each<[string, Partial<Parameters<typeof closingProblem>[0]>, string | undefined]>([
    ['all ended', {}, undefined],
    ['one still waits', { states: ['waiting', 'checking'] }, 'stops-open'],
    ['a check nobody looks after', { states: ['checking'], checksOwned: false }, 'check-not-owned'],
    ['a check the office has', { states: ['checking'] }, undefined],
    ['does not add up', { sums: { out: 3, given: 1, back: 1, missing: 1, addsUp: false } }, 'sum'],
    ['says why', { sums: { out: 3, given: 1, back: 1, missing: 1, addsUp: false }, note: '洒了一份' }, undefined],
    ['blanks are no reason', { sums: { out: 3, given: 1, back: 1, missing: 1, addsUp: false }, note: '  ' }, 'sum'],
  ])('%s', (_name, part, problem) => {
    const sums = { out: 2, given: 1, back: 1, missing: 0, addsUp: true };
    expect(closingProblem({ states: ['delivered'], checksOwned: true, sums, note: null, ...part })).toBe(problem);
  });
});
