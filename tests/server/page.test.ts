import { describe, expect, it } from 'vitest';
import * as f from '#engine/field.ts';
import { kind, type Row } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { seesMine, seesReferredBy, seesStation, seesWith } from '#engine/scope.ts';
import { togetherInOrder } from '#server/exchange/page.ts';
import type { ChangePlace, Difference, StationClock, WholeChange } from '#server/exchange/store.ts';
import { lookedAt, suspectsSince } from '#server/exchange/suspects.ts';
import { kindsSeen, movedSince, readWhole, upTo, urgentFirst } from '#server/exchange/whole.ts';

const label = f.text();
const area = kind({ name: 'area', fields: { chief: f.person() }, sees: [seesMine('chief')], urgency: 7 });
const house = kind({
  ...{ name: 'house', urgency: 1 },
  fields: { areaId: f.reference('area'), ownerId: f.optional(label), gateId: f.optional(label) },
  sees: [seesWith('area', 'areaId')],
});
const owner = kind({ name: 'owner', fields: { label }, sees: [seesReferredBy('house', 'ownerId')] });
const letter = kind({
  name: 'letter',
  fields: { ownerId: f.reference('owner') },
  sees: [seesWith('owner', 'ownerId')],
});
const bench = kind({
  ...{ name: 'bench', fields: { houseId: f.reference('house'), by: f.person() } },
  sees: [seesMine('by'), seesWith('house', 'houseId')],
});
const gate = kind({
  ...{ name: 'gate', fields: { areaId: f.reference('area') } },
  sees: [seesWith('area', 'areaId'), seesReferredBy('house', 'gateId')],
});
const poster = kind({
  ...{ name: 'poster', fields: { areaId: f.reference('area') }, urgency: 3 },
  sees: [seesStation(), seesWith('area', 'areaId')],
});
const ledger = kind({ name: 'ledger', fields: { label }, sees: [seesStation({ roles: ['office'] })] });
const registry = registryOf([{ area, house, owner, letter, bench, gate, poster, ledger }]);
const viewer = { person: 'p', roles: ['walker'], communities: 'all' as const, today: '2026-11-20' };
const clockAt = (version: number, kinds: Record<string, number>): StationClock => ({
  ...{ version, kinds, sums: {}, epoch: 'e' },
});

describe('what can have come or gone since a version', () => {
  const since = (kinds: Record<string, number>) =>
    [...suspectsSince(registry, viewer, clockAt(9, kinds), 4).kinds].sort();

  it('is nothing where nothing was written behind it', () => {
    expect(since({})).toEqual([]);
    expect(since({ area: 4, house: 3, poster: 4 })).toEqual([]);
  });

  it('is what belongs to a written record by its id, and everything of what leans on another value', () => {
    const all = [
      ['area', 'written'],
      ['bench', 'written'],
      ['gate', 'all'],
      ['house', 'written'],
      ['letter', 'all'],
      ['owner', 'all'],
    ];
    expect(since({ area: 5 })).toEqual(all);
    expect(since({ house: 5 })).toEqual(all.filter(([name]) => name !== 'area'));
    expect(since({ owner: 5 })).toEqual([
      ['letter', 'written'],
      ['owner', 'written'],
    ]);
    expect(since({ letter: 5 })).toEqual([['letter', 'written']]);
  });

  it('is of a kind seen whole only what was written, whatever else gives records of it', () => {
    expect(since({ poster: 5 })).toEqual([['poster', 'written']]);
    expect(since({ poster: 5, letter: 6 })).toHaveLength(2);
  });

  it('is all that is looked at, in the order of the kinds; without it everything is', () => {
    const suspects = suspectsSince(registry, viewer, clockAt(9, { letter: 5, bench: 6 }), 4);
    const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
    expect(names(lookedAt([house, letter, owner, bench], suspects))).toEqual(['letter', 'bench']);
    expect(names(lookedAt([house, letter], null))).toEqual(['house', 'letter']);
  });
});

describe('the kinds of a person', () => {
  it('come the most urgent first, those seen whole apart, and without those never seen', () => {
    expect(urgentFirst(registry).map(({ urgency }) => urgency)).toEqual([1, 3, 5, 5, 5, 5, 5, 7]);
    const seen = kindsSeen(registry, viewer);
    expect(seen.whole.map(({ name }) => name)).toEqual(['poster']);
    expect(seen.noted.map(({ name }) => name).filter((name) => ['house', 'area', 'ledger'].includes(name))).toEqual([
      'house',
      'area',
    ]);
    expect(kindsSeen(registry, { ...viewer, roles: ['office'] }).whole.map(({ name }) => name)).toEqual([
      'poster',
      'ledger',
    ]);
  });
});

describe('kinds held whole', () => {
  const change = (name: string, version: number, id = `${name}${version}`): WholeChange => ({
    ...{ kind: name, version, id, row: { id } as Row },
  });
  /** What each kind has to give, and what was asked of it. */
  async function read(
    has: Record<string, number>,
    held: Parameters<typeof readWhole>[2],
    clock: StationClock,
    limit: number,
  ) {
    const asked: unknown[] = [];
    const changes = async (name: string, after: ChangePlace, goneAfter: number, most: number) => {
      asked.push([name, after.version, after.id, goneAfter, most]);
      return Array.from({ length: Math.min(most, has[name] ?? 0) }, (_none, at) => change(name, 20 + at));
    };
    const page = await readWhole({ changes }, [poster, ledger], held, clock, limit);
    return { asked, more: page.more, ids: page.changes.map(({ id }) => id) };
  }
  const clock = clockAt(30, { poster: 11, ledger: 10 });

  it('are asked for what lies behind the version of the cookie, and not where nothing does', async () => {
    const { asked } = await read({ poster: 1 }, { version: 10, part: null }, clock, 5);
    expect(asked).toEqual([['poster', 11, '', 10, 6]]);
    expect((await read({}, { version: 9, part: null }, clock, 5)).asked).toHaveLength(2);
    expect((await read({}, { version: 0, part: null }, clockAt(30, {}), 5)).asked).toEqual([]);
  });

  it('say nothing at a first filling of what went before it', async () => {
    const { asked } = await read({}, { version: 0, part: null }, clock, 5);
    expect(asked).toEqual([
      ['poster', 1, '', 30, 6],
      ['ledger', 1, '', 30, 6],
    ]);
  });

  it('go on behind the place that was reached, from the first when that kind is not held any more', async () => {
    const part = { upTo: 25, kind: 'ledger', version: 8, id: 'x' };
    expect((await read({}, { version: 3, part }, clock, 5)).asked).toEqual([['ledger', 8, 'x', 3, 6]]);
    expect((await read({}, { version: 0, part }, clock, 5)).asked).toEqual([['ledger', 8, 'x', 25, 6]]);
    const gone = await read({}, { version: 3, part: { ...part, kind: 'comet' } }, clock, 5);
    expect(gone.asked).toEqual([
      ['poster', 4, '', 3, 6],
      ['ledger', 4, '', 3, 6],
    ]);
  });

  it('give as many as fit, and say when there are more', async () => {
    const held = { version: 1, part: null };
    const room = await read({ poster: 3, ledger: 2 }, held, clock, 5);
    expect([room.asked, room.more, room.ids.length]).toEqual([[['poster', 2, '', 1, 6], ['ledger', 2, '', 1, 3]], false, 5]); // prettier-ignore
    const cut = await read({ poster: 3, ledger: 9 }, held, clock, 5);
    expect([cut.more, cut.ids]).toEqual([true, ['poster20', 'poster21', 'poster22', 'ledger20', 'ledger21']]);
    const first = await read({ poster: 9, ledger: 9 }, held, clock, 5);
    expect([first.more, first.asked.length, first.ids.length]).toEqual([true, 1, 5]);
  });

  it('aim at the counter as it stood when the filling began', () => {
    expect(upTo({ part: null }, clock)).toBe(30);
    expect(upTo({ part: { upTo: 25, kind: 'ledger', version: 8, id: 'x' } }, clock)).toBe(25);
    expect([10, 11].map((version) => movedSince([poster, ledger], clock, version))).toEqual([true, false]);
    expect(movedSince([house], clock, 0)).toBe(false);
  });
});

describe('one answer', () => {
  const row = (name: string, id: string) => ({ kind: name, version: 2, row: { id } as Row });
  const gone = (...ids: string[]) => ids.map((id) => ({ kind: 'house', id }));
  const change = (id: string, version: number): WholeChange => ({ kind: 'poster', version, id, row: { id } as Row });
  const from = { version: 4, part: null };
  const page = (difference: Partial<Difference>, changes: WholeChange[], limit: number, more = false) => {
    const whole = { removed: [], rows: [], more: false, ...difference };
    return { whole, ...togetherInOrder(whole, { changes, more }, [poster], [house, area], from, 9, limit) };
  };
  const ids = ({ difference, changes }: ReturnType<typeof page>) => [
    difference.rows.map(({ row: { id } }) => id),
    changes.map(({ id }) => id),
  ];
  const rows = [row('house', 'h1'), row('area', 'a1')];
  const changes = [change('p1', 6), change('p2', 7)];

  it('holds everything when there is room, and stands at the version it aimed at', () => {
    const all = page({ rows }, changes, 4);
    expect(ids(all)).toEqual([['h1', 'a1'], ['p1', 'p2']]); // prettier-ignore
    expect(all.difference).toBe(all.whole);
    expect([all.version, all.part]).toEqual([9, null]);
  });

  it.each([
    [1, [['h1'], []]],
    [2, [['h1'], ['p1']]],
    [3, [['h1'], ['p1', 'p2']]],
  ])('takes the most urgent first, whichever way they are kept: of four, %i', (limit, expected) => {
    const some = page({ rows }, changes, limit);
    expect(ids(some)).toEqual(expected);
    expect(some.difference).toMatchObject({ removed: [], more: true });
    const last = some.changes.at(-1);
    if (limit === 3) expect([some.version, some.part]).toEqual([9, null]);
    else if (last) expect([some.version, some.part]).toEqual([4, { upTo: 9, kind: 'poster', version: 6, id: 'p1' }]);
    else expect([some.version, some.part]).toEqual([4, { upTo: 9, kind: 'poster', version: 5, id: '' }]);
  });

  it('takes of two that are as urgent the one held whole first', () => {
    const bell = kind({ name: 'bell', fields: { label }, sees: [], urgency: 3 });
    const one = { removed: [], rows: [row('bell', 'b1')], more: false };
    const together = togetherInOrder(one, { changes: changes.slice(0, 1), more: false }, [poster], [bell], from, 9, 1);
    expect([together.changes.length, together.difference.rows.length]).toEqual([1, 0]);
  });

  it('takes removals before all else, and goes on where it began when nothing else found room', () => {
    const full = page({ removed: gone('x', 'y'), rows }, changes, 2);
    expect(ids(full)).toEqual([[], []]);
    expect(full.difference).toMatchObject({ removed: gone('x', 'y'), more: true });
    expect(full.part).toEqual({ upTo: 9, kind: 'poster', version: 5, id: '' });
    expect(ids(page({ removed: gone('x', 'y'), rows }, changes, 3))).toEqual([['h1'], []]);
    const part = { upTo: 9, kind: 'poster', version: 6, id: 'p0' };
    const begun = { version: 4, part };
    const again = togetherInOrder(full.whole, { changes, more: false }, [poster], [house, area], begun, 9, 2);
    expect([again.version, again.part]).toEqual([4, part]);
  });

  it('goes on behind the last change when the store has more, though there is room', () => {
    const some = page({}, changes, 9, true);
    expect([some.version, some.part]).toEqual([4, { upTo: 9, kind: 'poster', version: 7, id: 'p2' }]);
    expect(some.difference).toBe(some.whole);
  });
});
