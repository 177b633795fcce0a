import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, startOf } from '#engine/calendar.ts';
import { put } from '#engine/change.ts';
import type { RowOf } from '#engine/kind.ts';
import { absence } from '#features/meals/order.record.ts';
import { absenceOn } from '#features/meals/public.ts';
import { inOrder } from '#features/routes/public.ts';
import { route, routePlace } from '#features/routes/route.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import { Desk } from '../../../../tests/support/acts.ts';
import { elderActs } from '../elder.desk.record.ts';
import { elder } from '../elder.record.ts';
import { categorise, putOnRoute, resumeMeals, stopMeals, type ManyPlan } from './many.rules.ts';

const today = '2026-11-23';
const now = startOf(today) + 9 * 3_600_000;
const boss = { person: 'liang', roles: ['coordinator'] };
const people = ['a', 'b', 'c', 'd'];
const span = { reason: 'other' as const, from: today, to: addDays(today, 2), toldBy: null, note: '水管爆了' };

let desk: Desk;
let acts: number;
const who = (id: string, change: Partial<RowOf<typeof elder>> = {}) =>
  put(elder, {
    ...Object.fromEntries(Object.keys(elder.fields).map((field) => [field, null])),
    ...{ id, name: id, communityId: 'mei', address: '', mayLeaveAtDoor: false, status: 'active', categories: [] },
    ...change,
  } as RowOf<typeof elder>);
const line = (id: string, meal: 'lunch' | 'dinner' = 'lunch') =>
  put(route, { id, name: id, meal, mealPointId: null, volunteerId: null, deliverBy: null, active: true });

beforeEach(() => {
  desk = new Desk();
  acts = 0;
  desk.given(...people.map((id) => who(id)), line('east'), line('west'), line('night', 'dinner'));
  places('east', ['a', 'b', 'c']);
  places('west', ['d']);
});

function places(routeId: string, elderIds: string[]): void {
  acts += 1;
  desk.do(boss, now, routeActs.setPlaces, { routeId, elderIds });
}
const onRoute = (routeId: string): string[] =>
  inOrder(desk.tables.where(routePlace, { routeId })).map(({ elderId }) => elderId);

/** Does a plan as the screen does, and gives how to take it back. */
function carryOut({ steps }: ManyPlan): { refused: string[]; undo: () => string[] } {
  const saved: { step: (typeof steps)[number]; actId: string }[] = [];
  const refused = steps.flatMap((step) => {
    acts += 1;
    const code = desk.do(boss, now, step.act, step.args as never);
    if (code === undefined) saved.push({ step, actId: `act-${acts}` });
    return code === undefined ? [] : [`${step.elderIds.join()}: ${code}`];
  });
  const undo = () =>
    [...saved].reverse().flatMap(({ step, actId }) =>
      step.back(actId, desk.tables).flatMap((call) => {
        acts += 1;
        return desk.do(boss, now, call.act, call.args as never) ?? [];
      }),
    );
  return { refused, undo };
}
const away = (day: string): string[] =>
  people.filter((elderId) => absenceOn(desk.tables.where(absence, { elderId }), day));

describe('meals stopped for many', () => {
  it('stops them for these days, says who was away already, and takes all of it back', () => {
    carryOut(stopMeals(desk.tables, ['b'], { ...span, reason: 'hospital' }));
    const { refused, undo } = carryOut(stopMeals(desk.tables, people, span));
    expect(refused).toEqual(['b: already-away']);
    expect(away(today)).toEqual(people);
    expect(away(addDays(today, 3))).toEqual([]);
    expect(undo()).toEqual([]);
    // What was known before stays.
    expect(away(today)).toEqual(['b']);
  });

  it('leaves out whose file has ended', () => {
    desk.given(who('a', { status: 'ended' }));
    expect(stopMeals(desk.tables, ['a', 'b'], span)).toMatchObject({
      steps: [{ elderIds: ['b'] }],
      left: [{ elderId: 'a', why: 'ended' }],
    });
  });

  it('begin again from a day on, paused files too, and are stopped as before when that was wrong', () => {
    carryOut(stopMeals(desk.tables, ['a'], { ...span, toldBy: '儿子' }));
    desk.given(who('c', { status: 'paused' }));
    const before = JSON.stringify(desk.tables.all(absence));
    const plan = resumeMeals(desk.tables, ['a', 'b', 'c'], addDays(today, 1));
    expect(plan.left).toEqual([{ elderId: 'b', why: 'not-away' }]);
    const { refused, undo } = carryOut(plan);
    expect([refused, away(today), away(addDays(today, 1))]).toEqual([[], ['a'], []]);
    expect(desk.tables.get(elder, 'c')?.status).toBe('active');
    expect(undo()).toEqual([]);
    expect(JSON.stringify(desk.tables.all(absence))).toBe(before);
    expect(desk.tables.get(elder, 'c')?.status).toBe('paused');
  });
});

describe('a category for many', () => {
  const having = (category: string): string[] =>
    desk.tables
      .all(elder)
      .filter(({ categories }) => categories?.includes(category))
      .map(({ id }) => id);

  it('is put on whoever lacks it, and off again exactly them', () => {
    desk.given(who('b', { categories: ['高龄', '低保'] }));
    const plan = categorise(desk.tables, people, '低保', true);
    expect(plan.left).toEqual([{ elderId: 'b', why: 'has-it' }]);
    const { undo } = carryOut(plan);
    expect(having('低保')).toEqual(people);
    undo();
    expect(having('低保')).toEqual(['b']);
    expect(desk.tables.get(elder, 'b')?.categories).toEqual(['高龄', '低保']);
  });

  it('is taken off, and what was changed of them elsewhere meanwhile stays', () => {
    desk.given(who('b', { categories: ['低保'] }));
    const { undo } = carryOut(categorise(desk.tables, people, '低保', false));
    expect(having('低保')).toEqual([]);
    desk.do(boss, now, elderActs.setCategory, { elderId: 'b', category: '失独', has: true });
    undo();
    expect(desk.tables.get(elder, 'b')?.categories).toEqual(['失独', '低保']);
  });

  it('is for the coordinator of their community', () => {
    const other = { ...boss, communities: ['yin'] };
    const args = { elderId: 'a', category: '低保', has: true };
    expect(desk.do(other, now, elderActs.setCategory, args)).toBe('not-allowed');
    expect(desk.do({ person: 'z', roles: ['subdistrict'] }, now, elderActs.setCategory, args)).toBe('not-allowed');
  });
});

describe('many onto a route', () => {
  it('moves them from their routes of that meal and back beside their former neighbours', () => {
    places('night', ['a', 'd']);
    const plan = putOnRoute(desk.tables, ['b', 'd', 'a'], 'west');
    expect(plan.left).toEqual([{ elderId: 'd', why: 'on-it' }]);
    const { refused, undo } = carryOut(plan);
    expect(refused).toEqual([]);
    expect([onRoute('east'), onRoute('west'), onRoute('night')]).toEqual([['c'], ['d', 'b', 'a'], ['a', 'd']]);
    expect(undo()).toEqual([]);
    expect([onRoute('east'), onRoute('west'), onRoute('night')]).toEqual([['a', 'b', 'c'], ['d'], ['a', 'd']]);
  });

  it('taken back, lets stand what others have done to the routes meanwhile', () => {
    const { undo } = carryOut(putOnRoute(desk.tables, ['a', 'b'], 'west'));
    places('east', ['c', 'b']); // Somebody has put b back already, behind c.
    desk.given(who('e'));
    places('west', ['e', 'd', 'a']);
    undo();
    expect([onRoute('east'), onRoute('west')]).toEqual([
      ['a', 'c', 'b'],
      ['e', 'd'],
    ]);
  });

  it('taken back, does not fetch who was moved on to a third route, and touches no route of another meal', () => {
    desk.given(line('north'));
    places('night', ['a', 'b']);
    const plan = putOnRoute(desk.tables, ['a', 'b'], 'west');
    const { undo } = carryOut(plan);
    places('north', ['b']);
    const touched = plan.steps.flatMap((step) => step.back('', desk.tables)).map(({ args }) => args.routeId);
    expect(touched).toEqual(['west', 'east']);
    undo();
    expect([onRoute('east'), onRoute('north')]).toEqual([['a', 'c'], ['b']]);
  });

  it('has nothing to do for who is there already', () => {
    expect(putOnRoute(desk.tables, ['a'], 'east')).toEqual({ steps: [], left: [{ elderId: 'a', why: 'on-it' }] });
  });
});
