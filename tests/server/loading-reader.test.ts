import { describe, expect, it } from 'vitest';
import { put, remove } from '#engine/change.ts';
import type { Row } from '#engine/kind.ts';
import { LoadingReader } from '#server/exchange/loading-reader.ts';
import type { LoadedRow } from '#server/exchange/store.ts';
import { door, registry, round } from './fixture.ts';

const doorRow = (id: string, roundId: string, opened = false) => ({ id, roundId, opened, key: null, mood: null });
const loaded = (kind: string, row: object, version: number): LoadedRow => ({ kind, row: row as Row, version });

/** A reader that has read round r1, looked for r2 in vain, and read the doors of r1. */
function reader(): LoadingReader {
  const one = new LoadingReader(registry);
  one.attempt(() => [one.get(round, 'r1'), one.get(round, 'r2'), one.where(door, { roundId: 'r1', opened: false })]);
  one.fill(one.takeWanted(), [loaded('round', { id: 'r1', walker: 'a' }, 4), loaded('door', doorRow('d1', 'r1'), 5)]);
  return one;
}
const asRead = [loaded('round', { id: 'r1', walker: 'a' }, 4), loaded('door', doorRow('d1', 'r1'), 5)];

describe('a reader over what is loaded bit by bit', () => {
  it('says that it has not seen everything, and what it wants, once', () => {
    const one = new LoadingReader(registry);
    const ask = () => one.attempt(() => [one.get(round, 'r1'), one.where(door, { roundId: 'r1' })]);
    expect([ask().complete, ask().complete]).toEqual([false, false]);
    const sets = [{ kind: 'door', equal: { roundId: 'r1' } }];
    expect(one.takeWanted()).toEqual({ rows: [{ kind: 'round', id: 'r1' }], sets });
    expect(one.takeWanted()).toEqual({ rows: [], sets: [] });
  });

  it('knows a set again in whatever order it is asked for, and another one not', () => {
    const one = reader();
    expect(one.attempt(() => one.where(door, { opened: false, roundId: 'r1' })).result).toHaveLength(1);
    expect(one.attempt(() => one.where(door, { opened: false, roundId: 'r1' })).complete).toBe(true);
    expect(one.attempt(() => one.where(door, { opened: true, roundId: 'r1' })).complete).toBe(false);
    expect(one.attempt(() => one.where(door, { opened: false, roundId: 'r2' })).complete).toBe(false);
  });

  it('knows what is not there from what was not looked for, and hands on what was thrown', () => {
    const one = reader();
    expect(one.attempt(() => one.get(round, 'r2'))).toEqual({ complete: true, result: undefined });
    expect(one.attempt(() => one.get(round, 'r3')).complete).toBe(false);
    const error = new Error('a mistake');
    const thrown = one.attempt(() => {
      throw error;
    });
    expect(thrown).toEqual({ complete: true, error });
    expect([one.found({ kind: 'round', id: 'r1' })?.id, one.found({ kind: 'round', id: 'r2' })]).toEqual([
      'r1',
      undefined,
    ]);
    expect(one.found({ kind: 'door', id: 'd9' })).toBeUndefined();
  });

  it('keeps what the acts have changed when it is loaded once more', () => {
    const one = reader();
    one.apply([put(round, { id: 'r1', walker: 'b' })]);
    one.attempt(() => one.get(round, 'r3'));
    one.fill(one.takeWanted(), [loaded('round', { id: 'r1', walker: 'c' }, 9)]);
    expect(one.get(round, 'r1')?.walker).toBe('b');
    one.readAlong({ kind: 'round', id: 'r7' });
    expect(one.takeWanted().rows).toEqual([{ kind: 'round', id: 'r7' }]);
  });

  it('takes back what was only supposed, in whatever order it came', () => {
    const one = reader();
    one.apply([put(round, { id: 'r1', walker: 'b' })]);
    one.suppose();
    one.apply([put(round, { id: 'r1', walker: 'c' }), put(round, { id: 'r2', walker: 'c' })]);
    one.suppose();
    one.apply([remove(round, 'r1'), put(round, { id: 'r2', walker: 'd' })]);
    one.forgetSupposed();
    expect([one.get(round, 'r1')?.walker, one.get(round, 'r2')]).toEqual(['b', undefined]);
    one.apply([put(round, { id: 'r1', walker: 'e' })]);
    one.forgetSupposed();
    expect(one.get(round, 'r1')?.walker).toBe('e');
  });

  it('names all that it has read, and holds only while all of that stands as it stood', () => {
    const one = reader();
    const rows = [
      { kind: 'round', id: 'r1' },
      { kind: 'door', id: 'd1' },
      { kind: 'round', id: 'r2' },
    ];
    expect(one.basis()).toEqual({ rows, sets: [{ kind: 'door', equal: { roundId: 'r1', opened: false } }] });
    expect(one.stillHolds(asRead)).toBe(true);
    expect(one.stillHolds([asRead[0] as LoadedRow])).toBe(false);
    expect(one.stillHolds([...asRead, loaded('round', { id: 'r2', walker: 'x' }, 6)])).toBe(false);
    expect(one.stillHolds([...asRead, loaded('door', doorRow('d2', 'r1'), 6)])).toBe(false);
    expect(one.stillHolds([loaded('round', { id: 'r1', walker: 'a' }, 7), asRead[1] as LoadedRow])).toBe(false);
  });
});
