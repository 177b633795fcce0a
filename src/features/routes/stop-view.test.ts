import { beforeEach, describe, expect, it } from 'vitest';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { building, contact } from '#features/people/place.record.ts';
import { deliveryActs } from './delivery.record.ts';
import { corrections, steps, type Step } from './door/outcome-steps.ts';
import { doorWords } from './outcome-words.ts';
import { routeDaysOf, boxCode, boxMayHarm, callableContacts, sameEntrance, stopViews } from './stop-view.ts';
import { routeDay, stop } from './route.record.ts';
import { li, stopAt, TestStation, today } from './test-station.ts';

let station: TestStation;
let dayId: string;
beforeEach(() => {
  station = new TestStation();
  dayId = station.planned('东线', ['e1', 'e2', 'e3', 'e4', 'e5']);
  station.add(building, { id: 'b', communityId: 'c', estate: '银杏苑', name: '5 栋' });
  const live = (id: string, entrance: string) =>
    station.add(elder, { ...station.get(elder, id), buildingId: 'b', entrance, door: `${id}01`, callName: null });
  live('e2', '1');
  live('e3', '1');
  live('e4', '1');
  live('e5', '2');
});

const places = (elderId: string): number[] =>
  sameEntrance(stopViews(station.tables, dayId), stopAt(elderId)).map(({ place }) => place);

describe('doors behind one entrance', () => {
  it('are those next to each other on the route that still wait', () => {
    expect(places('e3')).toEqual([2, 3, 4]);
    expect(places('e5')).toEqual([5]);
    expect(places('e1')).toEqual([1]);
    station.act(li, deliveryActs.handOver, { stopId: stopAt('e3'), boxesBack: 0 });
    expect([places('e2'), places('e4')]).toEqual([[2], [4]]);
  });
});

describe('a stop as it is shown', () => {
  it('tells door, box and how to call, also before the elder has come to the phone', () => {
    const [first, second] = stopViews(station.tables, dayId);
    expect(second).toMatchObject({ door: '银杏苑 5 栋 1-e201', called: 'e2', state: 'waiting', place: 2 });
    expect(first && boxCode(first)).toBe('甲 01');
    station.tables.of('elder').set('e2', null);
    expect(stopViews(station.tables, dayId)[1]).toMatchObject({ door: '', called: '' });
  });

  it('says in its row to whom it went, and why not', () => {
    const words = (at: number): string => {
      const view = stopViews(station.tables, dayId)[at];
      return view ? doorWords(view) : '';
    };
    station.act(li, deliveryActs.handOver, { stopId: stopAt('e1'), boxesBack: 0 });
    station.act(li, deliveryActs.handToOther, { stopId: stopAt('e2'), toWhom: '邻居', boxesBack: 0 });
    station.act(li, deliveryActs.refused, { stopId: stopAt('e3'), note: '本人说的', seen: true });
    station.act(li, deliveryActs.inHospital, { stopId: stopAt('e4'), note: null, seen: false });
    expect([0, 1, 2, 3, 4].map(words)).toEqual([
      '送达，见到本人',
      '别人代收：邻居',
      '没送到：不要了，本人说的',
      '没送到：住院了',
      '还没到',
    ]);
  });

  it('warns of a box that may harm', () => {
    station.add(mealVariant, { ...station.get(mealVariant, 'diabetic'), matches: ['diabetic'] });
    station.add(dietProfile, { id: 'e1', elderId: 'e1', types: ['diabetic'], variantId: 'diabetic' });
    const one = station.get(stop, stopAt('e1'));
    expect(boxMayHarm(station.tables, one)).toBe(true);
    expect(boxMayHarm(station.tables, { ...one, variantId: 'diabetic' })).toBe(false);
    expect(boxMayHarm(station.tables, station.get(stop, stopAt('e2')))).toBe(false);
  });

  it('offers only who can be called', () => {
    station.add(contact, { id: 'x', elderId: 'e1', order: 2, name: '儿', relation: '儿子', phone: '139' });
    station.add(contact, { id: 'y', elderId: 'e1', order: 1, name: '邻', relation: '邻居', phone: null });
    expect(callableContacts(station.tables, 'e1').map(({ id }) => id)).toEqual(['x']);
  });
});

it('lists the routes a person walks on the day, in the order of the meals', () => {
  const day = station.get(routeDay, dayId);
  const dinner = { ...day, id: 'z', meal: 'dinner' } as const;
  const breakfast = { ...day, id: 'y', meal: 'breakfast' } as const;
  const other = { ...day, id: 'o', volunteerId: 'wang' };
  const yesterday = { ...day, id: 'v', date: '2026-11-23' };
  expect(routeDaysOf([dinner, day, other, yesterday, breakfast], 'li', today).map(({ meal }) => meal)).toEqual([
    'breakfast',
    'lunch',
    'dinner',
  ]);
});

it.each([
  ['其他情况', steps],
  ['改一改', corrections],
])('every key of %s says something within two more taps', (_name, keys) => {
  const ends = (key: Step): boolean => key.says !== undefined || key.id === 'unwell';
  for (const key of keys) expect(ends(key) || (key.then ?? []).every(ends)).toBe(true);
  const all = keys.flatMap((key) => [key, ...(key.then ?? [])]).map(({ id }) => id);
  expect(keys.map(({ id }) => id)).toHaveLength(new Set(keys.map(({ id }) => id)).size);
  for (const needed of ['noAnswer', 'inHospital', 'moved', 'wrongMeal', 'shortMeal']) expect(all).toContain(needed);
});
