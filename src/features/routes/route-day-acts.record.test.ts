import { beforeEach, describe, expect, it } from 'vitest';
import { safetyCheckActs } from '#features/safety/safety-check.record.ts';
import { deliveryActs } from './delivery.record.ts';
import { stopsOf } from './stops-of.ts';
import { routeDayActs } from './route-day-acts.record.ts';
import { dayPlanActs } from './route-day.desk.record.ts';
import { route, routeDay, routePlace, stop } from './route.record.ts';
import { routeActs } from './route.desk.record.ts';
import { chief, li, noon, stopAt, TestStation, today, wang } from './test-station.ts';

let station: TestStation;
beforeEach(() => {
  station = new TestStation();
});

const eldersOn = (dayId: string): string[] => stopsOf(station.tables, dayId).map(({ elderId }) => elderId);
const boxesOn = (dayId: string): string[] =>
  stopsOf(station.tables, dayId).map(({ variantId, boxNumber }) => `${variantId} ${boxNumber}`);
const stops = (...wanted: [string, string][]) =>
  wanted.map(([elderId, variantId]) => ({ elderId, variantId, boxesDue: 0, note: null }));
const newRoute = (name: string, volunteerId: string | null = 'li') =>
  station.act(chief, routeActs.create, { name, meal: 'lunch', mealPointId: null, volunteerId, deliverBy: null });
const give = (elderId: string, who = li) =>
  station.act(who, deliveryActs.handOver, { stopId: stopAt(elderId), boxesBack: 0 });

describe('routes', () => {
  it('are made and changed by the coordinator only', () => {
    const id = newRoute(' 东线 ');
    expect(station.get(route, id)).toMatchObject({ name: '东线', active: true, volunteerId: 'li' });
    expect(station.act(li, routeActs.rename, { routeId: id, name: 'x' })).toBe('!not-allowed');
    expect(station.act(chief, routeActs.rename, { routeId: id, name: ' ' })).toBe('!name-needed');
    expect(station.act(chief, routeActs.setVolunteer, { routeId: id, volunteerId: 'chief' })).toBe('!not-a-deliverer');
    station.act(chief, routeActs.retire, { routeId: id });
    expect(station.act(chief, dayPlanActs.plan, { routeId: id, date: today, stops: [] })).toBe('!route-retired');
  });

  it('pass each elder once per meal, in the order set last', () => {
    const [east, west] = [newRoute('东线'), newRoute('西线')];
    station.act(chief, routeActs.setPlaces, { routeId: east, elderIds: ['e1', 'e2', 'e3'] });
    station.act(chief, routeActs.setPlaces, { routeId: west, elderIds: ['e2'] });
    station.act(chief, routeActs.setPlaces, { routeId: east, elderIds: ['e3', 'e1'] });
    const on = (routeId: string) =>
      [...station.tables.where(routePlace, { routeId })]
        .sort((a, b) => a.order - b.order)
        .map(({ elderId }) => elderId);
    expect([on(east), on(west)]).toEqual([['e3', 'e1'], ['e2']]);
    expect(station.act(chief, routeActs.setPlaces, { routeId: west, elderIds: ['nobody'] })).toBe('!unknown-elder');
  });
});

describe('planning a day', () => {
  it('numbers boxes per variant over all routes of the meal, and twice is the same as once', () => {
    const [east, west] = [newRoute('东线'), newRoute('西线', 'wang')];
    const plan = (routeId: string, planned: ReturnType<typeof stops>) =>
      station.act(chief, dayPlanActs.plan, { routeId, date: today, stops: planned });
    const eastStops = stops(['e1', 'plain'], ['e2', 'diabetic']);
    plan(east, eastStops);
    plan(west, stops(['e3', 'diabetic'], ['e4', 'plain']));
    const before = JSON.stringify([station.tables.all(routeDay), station.tables.all(stop)]);
    plan(east, eastStops);
    expect(JSON.stringify([station.tables.all(routeDay), station.tables.all(stop)])).toBe(before);
    expect(boxesOn(`${today}:lunch:${east}`)).toEqual(['plain 1', 'diabetic 1']);
    expect(boxesOn(`${today}:lunch:${west}`)).toEqual(['diabetic 2', 'plain 2']);
  });

  it('adds who was missing at their place, and leaves moved and removed stops alone', () => {
    const east = newRoute('东线');
    const all = stops(['e1', 'plain'], ['e2', 'plain'], ['e3', 'plain'], ['e4', 'plain']);
    station.act(chief, dayPlanActs.plan, { routeId: east, date: today, stops: all.filter((_, at) => at !== 1) });
    station.act(chief, dayPlanActs.removeStop, { stopId: stopAt('e3') });
    station.act(chief, dayPlanActs.plan, { routeId: east, date: today, stops: all });
    expect(eldersOn(`${today}:lunch:${east}`)).toEqual(['e1', 'e2', 'e4']);
  });

  it('refuses who is not in the register, and a meal nobody cooks', () => {
    const routeId = newRoute('东线');
    const plan = (planned: ReturnType<typeof stops>) =>
      station.act(chief, dayPlanActs.plan, { routeId, date: today, stops: planned });
    expect(plan(stops(['nobody', 'plain']))).toBe('!unknown-elder');
    expect(plan(stops(['e1', 'caviar']))).toBe('!unknown-variant');
    expect(station.act(li, dayPlanActs.plan, { routeId, date: today, stops: [] })).toBe('!not-allowed');
  });
});

describe('changing a day', () => {
  let east: string;
  let west: string;
  beforeEach(() => {
    east = station.planned('东线', ['e1', 'e2', 'e3']);
    west = station.planned('西线', ['e4'], 'wang');
  });
  const move = (elderId: string, routeDayId: string, place: number) =>
    station.act(chief, dayPlanActs.moveStop, { stopId: stopAt(elderId), routeDayId, place });

  it('moves a stop with its box and says so to a volunteer who has left', () => {
    station.act(wang, routeDayActs.load, { routeDayId: west, boxesOut: 1 });
    move('e2', west, 0);
    expect([eldersOn(east), eldersOn(west)]).toEqual([
      ['e1', 'e3'],
      ['e2', 'e4'],
    ]);
    expect(station.get(stop, stopAt('e2'))).toMatchObject({ boxNumber: 2, changedAt: noon });
    move('e3', east, 0);
    expect(eldersOn(east)).toEqual(['e3', 'e1']);
    expect(station.get(stop, stopAt('e3')).changedAt).toBeNull();
  });

  it('leaves where it is what was delivered or is being looked into', () => {
    give('e1');
    station.act(li, deliveryActs.noAnswer, { stopId: stopAt('e2') });
    expect(move('e1', west, 0)).toBe('!stop-done');
    expect(move('e2', west, 0)).toBe('!check-open');
    expect(station.act(chief, dayPlanActs.removeStop, { stopId: stopAt('e1') })).toBe('!stop-done');
    expect(move('e1', east, 2)).not.toMatch(/^!/);
    expect(eldersOn(east)).toEqual(['e2', 'e3', 'e1']);
  });

  it('adds, takes off and brings back with the same box', () => {
    const add = (routeDayId: string, elderId: string) =>
      station.act(chief, dayPlanActs.addStop, {
        routeDayId,
        elderId,
        variantId: 'plain',
        place: 0,
        boxesDue: 0,
        note: null,
      });
    expect(add(west, 'e1')).toBe('!on-a-route');
    station.act(chief, dayPlanActs.removeStop, { stopId: stopAt('e1') });
    add(west, 'e1');
    add(west, 'e5');
    expect(eldersOn(west)).toEqual(['e5', 'e1', 'e4']);
    expect(boxesOn(west)).toEqual(['plain 5', 'plain 1', 'plain 4']);
  });

  it('changes the box with a number of its own kind', () => {
    station.act(chief, dayPlanActs.changeMeal, { stopId: stopAt('e1'), variantId: 'diabetic' });
    expect(station.get(stop, stopAt('e1'))).toMatchObject({ variantId: 'diabetic', boxNumber: 1 });
  });

  it('reorders, keeping who was not named behind', () => {
    station.act(chief, dayPlanActs.reorderStops, { routeDayId: east, stopIds: [stopAt('e3'), 'x', stopAt('e1')] });
    expect(eldersOn(east)).toEqual(['e3', 'e1', 'e2']);
  });

  it('gives a route only to somebody who delivers', () => {
    expect(station.act(chief, dayPlanActs.assign, { routeDayId: east, volunteerId: 'chief' })).toBe('!not-a-deliverer');
    station.act(chief, dayPlanActs.assign, { routeDayId: east, volunteerId: 'wang' });
    expect(station.act(li, routeDayActs.load, { routeDayId: east, boxesOut: 3 })).toBe('!not-allowed');
    expect(station.act(wang, routeDayActs.load, { routeDayId: east, boxesOut: 3 })).not.toMatch(/^!/);
    expect(station.act(wang, routeDayActs.load, { routeDayId: east, boxesOut: 3 })).toBe('!already-out');
  });
});

describe('handing in', () => {
  let east: string;
  beforeEach(() => {
    east = station.planned('东线', ['e1', 'e2']);
    station.act(li, routeDayActs.load, { routeDayId: east, boxesOut: 2 });
  });
  const close = (boxesBack: number, note: string | null = null) =>
    station.act(li, routeDayActs.close, { routeDayId: east, boxesBack, oldBoxes: 0, note });

  it('needs an end at every door', () => {
    give('e1');
    expect(close(1)).toBe('!stops-open');
    expect(station.get(routeDay, east).state).toBe('onRoute');
  });

  it('does not leave an open check that nobody in the office looks after', () => {
    give('e1');
    const id = station.act(li, deliveryActs.noAnswer, { stopId: stopAt('e2') });
    expect(close(1)).toBe('!check-not-owned');
    station.act(chief, safetyCheckActs.takeOver, { checkId: `${id}.check` });
    close(1);
    expect(station.get(routeDay, east)).toMatchObject({ state: 'closed', boxesBack: 1 });
  });

  it('adds up, or says why not', () => {
    give('e1');
    give('e2');
    expect(close(1)).toBe('!sum');
    close(1, '厨房多给了一份');
    expect(station.get(routeDay, east)).toMatchObject({ state: 'closed', closingNote: '厨房多给了一份' });
  });

  it('takes no more changes until the coordinator opens it again', () => {
    give('e1');
    give('e2');
    close(0);
    const added = { routeDayId: east, elderId: 'e5', variantId: 'plain', place: null, boxesDue: 0, note: null };
    expect(station.act(chief, dayPlanActs.addStop, added)).toBe('!route-closed');
    expect(station.act(li, dayPlanActs.reopen, { routeDayId: east })).toBe('!not-allowed');
    station.act(chief, dayPlanActs.reopen, { routeDayId: east });
    expect(station.act(chief, dayPlanActs.addStop, added)).not.toMatch(/^!/);
  });
});
