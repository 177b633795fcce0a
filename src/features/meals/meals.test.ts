import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, instantAt } from '#engine/calendar.ts';
import { put } from '#engine/change.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { community } from '#features/people/place.record.ts';
import { route, routePlace } from '#features/routes/route.record.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { absenceActs } from './absence.desk.record.ts';
import { kitchenCountActs } from './count.desk.record.ts';
import { dineInTally, kitchenCount } from './count.record.ts';
import { differencesBetween } from './count-differences.rules.ts';
import { mealOrderActs } from './day-order.desk.record.ts';
import { kitchenActs, mealVariantActs } from './kitchen.desk.record.ts';
import { kitchen, mealVariant } from './kitchen.record.ts';
import { absence, mealOrder, standingOrder } from './order.record.ts';
import { countOfDay, issuesOf } from './plan-reader.ts';
import { standingOrderActs } from './standing-order.desk.record.ts';
import { dineInTallyActs } from './tally.desk.record.ts';

const today = '2026-11-23';
const tomorrow = '2026-11-24';
const at = (time: string, day = today) => instantAt(day, time);
const boss = { person: 'liang', roles: ['coordinator'] };
const cook = { person: 'he', roles: ['canteen'] };
const walker = { person: 'wu', roles: ['deliverer'] };

let desk: Desk;
const blank = { callName: null, pinyin: null, sex: null, birthDate: null, idNumber: null, idFlag: null, phones: null };
const noDoor = { gridId: null, buildingId: null, address: '', entrance: null, floor: null, door: null };
const noNotes = { accessNote: null, accessCode: null, living: null, categories: null, health: null, note: null };
function elderNamed(id: string, types: readonly string[] = []) {
  const open = { mayLeaveAtDoor: false, status: 'active', endReason: null, endedOn: null } as const;
  const diet = { elderId: id, types, allergens: [], texture: null, dislikes: [], variantId: null, note: null };
  desk.given(
    put(elder, { id, name: id, communityId: 'c', ...blank, ...noDoor, ...noNotes, ...open }),
    put(dietProfile, { id, ...diet }),
  );
}
beforeEach(() => {
  desk = new Desk().given(put(community, { id: 'c', name: 'c' }));
  const setUp = { name: '爱心食堂', seats: 40, cutOff: '16:00', latitude: null, longitude: null, active: true };
  desk.do(boss, at('07:00'), kitchenActs.setUp, setUp);
  desk.do(boss, at('07:00'), mealVariantActs.setUp, {
    variants: [
      { name: '普食', sign: '甲', alarm: false, matches: [] },
      { name: '糖尿病餐', sign: '丁', alarm: true, matches: ['diabetic'] },
    ],
  });
  for (const id of ['ai', 'bo', 'cai']) elderNamed(id);
  elderNamed('dan', ['diabetic']);
});

const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;
const plan = { meal: 'lunch', weekdays: everyDay, mode: 'delivery', variantId: null, from: today } as const;
const arrange = (elderId: string, change = {}) =>
  desk.do(cook, at('08:00'), standingOrderActs.arrange, { elderId, ...plan, despiteDiet: false, ...change });
const forTomorrow = (elderId: string) =>
  ({ elderId, date: tomorrow, meal: 'lunch', askedBy: '女儿', note: null }) as const;
const count = (date = tomorrow) => countOfDay(desk.tables, date, 'lunch');
const told = (date = tomorrow) => {
  const { lines, excluded, walkIns } = count(date);
  return { date, meal: 'lunch', lines, excluded, walkIns } as const;
};

it('setting up the boxes again changes them and retires what is no longer listed', () => {
  desk.do(boss, at('07:01'), mealVariantActs.setUp, {
    variants: [{ name: '普通', sign: '甲', alarm: false, matches: [] }],
  });
  expect(desk.tables.all(mealVariant).map(({ id, name, active }) => [id, name, active])).toEqual([
    ['丁', '糖尿病餐', false],
    ['甲', '普通', true],
  ]);
});

describe('standing orders', () => {
  it('take the box of the diet, and another one only when it is said twice', () => {
    arrange('ai');
    arrange('dan');
    expect(desk.tables.all(standingOrder).map(({ elderId, variantId }) => [elderId, variantId])).toEqual([
      ['ai', '甲'],
      ['dan', '丁'],
    ]);
    expect(arrange('dan', { meal: 'dinner', variantId: '甲' })).toBe('diet-alarm');
    expect(arrange('dan', { meal: 'dinner', variantId: '甲', despiteDiet: true })).toBeUndefined();
  });

  it('never ask twice for the same day', () => {
    expect(arrange('ai', { weekdays: ['1', '3'] })).toBeUndefined();
    expect(arrange('ai', { weekdays: ['3', '4'] })).toBe('already-arranged');
    expect(arrange('ai', { weekdays: ['4'], mode: 'dineIn' })).toBeUndefined();
    expect(arrange('ai', { weekdays: [] })).toBe('no-weekdays');
  });

  it('change from a day on and keep what was arranged before', () => {
    arrange('ai', { from: '2026-11-01' });
    const orderId = desk.tables.all(standingOrder)[0]!.id;
    const change = { weekdays: ['2'], mode: 'dineIn', variantId: null, despiteDiet: false } as const;
    desk.do(boss, at('09:00'), standingOrderActs.change, { orderId, from: tomorrow, ...change });
    expect(count(today).counted.map(({ mode }) => mode)).toEqual(['delivery']);
    expect(count(tomorrow).counted.map(({ mode }) => mode)).toEqual(['dineIn']);
    expect(count('2026-11-25').counted).toEqual([]);
  });

  it('are for canteen and coordinator only', () => {
    expect(
      desk.do(walker, at('08:00'), standingOrderActs.arrange, { elderId: 'ai', ...plan, despiteDiet: false }),
    ).toBe('not-allowed');
    expect(
      desk.do({ ...boss, communities: ['x'] }, at('08:00'), standingOrderActs.arrange, {
        elderId: 'ai',
        ...plan,
        despiteDiet: false,
      }),
    ).toBe('not-allowed');
  });

  it('out of a ledger come once and do not come back after they were ended', () => {
    const rows = [
      { elderId: 'ai', meal: 'lunch', weekdays: ['1', '2'], mode: 'delivery', from: '2026-11-01' },
    ] as const;
    const imported = () => desk.do(boss, at('09:00'), standingOrderActs.arrangeMany, { rows: rows as never });
    imported();
    const orderId = desk.tables.all(standingOrder)[0]!.id;
    desk.do(boss, at('09:01'), standingOrderActs.end, { orderId, lastDay: today });
    imported();
    expect(desk.tables.all(standingOrder).map(({ to }) => to)).toEqual([today]);
    // Ended before it began: nothing of it overlaps any more, and still it is not made anew.
    desk.do(boss, at('09:02'), standingOrderActs.end, { orderId, lastDay: '2026-10-31' });
    imported();
    expect(desk.tables.all(standingOrder).map(({ to }) => to)).toEqual(['2026-10-31']);
  });
});

describe('orders of a day', () => {
  beforeEach(() => void arrange('ai'));
  const order = (time: string, change = {}) =>
    desk.do(cook, at(time), mealOrderActs.order, {
      ...forTomorrow('bo'),
      mode: 'delivery',
      variantId: null,
      despiteDiet: false,
      ...change,
    });

  it('are taken before and after the cut-off; afterwards they are late', () => {
    order('15:59');
    expect(desk.tables.get(mealOrder, `${tomorrow}:lunch:bo`)?.late).toBe(false);
    order('16:01');
    expect(desk.tables.get(mealOrder, `${tomorrow}:lunch:bo`)?.late).toBe(true);
    order('16:01', { elderId: 'cai', date: '2026-11-25' });
    expect(desk.tables.get(mealOrder, '2026-11-25:lunch:cai')?.late).toBe(false);
  });

  it('are late as soon as the kitchen has been told, however early', () => {
    desk.do(cook, at('10:00'), kitchenCountActs.close, told());
    order('10:05');
    expect(desk.tables.get(mealOrder, `${tomorrow}:lunch:bo`)?.late).toBe(true);
  });

  it('cancelled stay cancelled, and can be ordered again', () => {
    desk.do(cook, at('09:00'), mealOrderActs.cancel, forTomorrow('ai'));
    expect(count().excluded).toEqual([{ elderId: 'ai', reason: 'cancelled', until: null }]);
    expect(desk.do(cook, at('09:00'), mealOrderActs.cancel, forTomorrow('bo'))).toBe('nothing-ordered');
    order('09:30', { elderId: 'ai', mode: 'dineIn' });
    expect(count().counted).toMatchObject([{ elderId: 'ai', mode: 'dineIn', askedBy: '女儿' }]);
  });

  it('change the box for one day, harmful ones only when it is said twice', () => {
    arrange('dan');
    const swap = (despiteDiet: boolean) =>
      desk.do(cook, at('09:00'), mealOrderActs.changeVariant, { ...forTomorrow('dan'), variantId: '甲', despiteDiet });
    expect(swap(false)).toBe('diet-alarm');
    expect(swap(true)).toBeUndefined();
    expect(count('2026-11-25').counted.find(({ elderId }) => elderId === 'dan')?.variantId).toBe('丁');
  });

  it('are refused for yesterday, for somebody away and for somebody paused', () => {
    expect(order('09:00', { date: addDays(today, -1) })).toBe('past');
    const away = { reason: 'family', from: today, to: null, toldBy: null, note: null } as const;
    desk.do(cook, at('09:00'), absenceActs.record, { elderId: 'bo', ...away });
    expect(order('09:01')).toBe('absent');
    desk.given(put(elder, { ...desk.tables.get(elder, 'cai')!, status: 'paused' }));
    expect(order('09:02', { elderId: 'cai' })).toBe('paused');
  });
});

describe('an absence', () => {
  const away = { reason: 'hospital', from: tomorrow, to: '2026-11-26', toldBy: '儿子', note: null } as const;
  const only = () => desk.tables.all(absence)[0]!;
  beforeEach(() => {
    arrange('ai');
    desk.do(cook, at('09:00'), absenceActs.record, { elderId: 'ai', ...away });
  });

  it('leaves the elder out from its first to its last day', () => {
    const days = [today, tomorrow, '2026-11-26', '2026-11-27'];
    expect(days.map((day) => count(day).counted.length)).toEqual([1, 0, 0, 1]);
  });

  it('is recorded once for the same days, with an end not before its beginning', () => {
    expect(
      desk.do(cook, at('09:01'), absenceActs.record, { elderId: 'ai', ...away, from: '2026-11-26', to: null }),
    ).toBe('already-away');
    expect(desk.do(cook, at('09:01'), absenceActs.record, { elderId: 'bo', ...away, to: today })).toBe(
      'ends-before-start',
    );
  });

  it('is extended, and ends with the return', () => {
    desk.do(cook, at('09:01'), absenceActs.extend, { absenceId: only().id, to: null, toldBy: null });
    expect(count('2026-12-24').excluded).toEqual([{ elderId: 'ai', reason: 'hospital', until: null }]);
    desk.do(cook, at('09:02'), absenceActs.endReturn, { absenceId: only().id, backOn: '2026-11-25' });
    expect([tomorrow, '2026-11-25'].map((day) => count(day).counted.length)).toEqual([0, 1]);
  });

  it('from a door changes nothing until it is confirmed', () => {
    desk.given(put(absence, { ...only(), confirmed: false }));
    expect(count().counted).toHaveLength(1);
    desk.do(boss, at('09:01'), absenceActs.confirm, { absenceId: only().id, ...away, to: null });
    expect(count().excluded).toEqual([{ elderId: 'ai', reason: 'hospital', until: null }]);
  });
});

describe('the count the kitchen is told', () => {
  beforeEach(() => {
    for (const id of ['ai', 'bo', 'dan']) arrange(id);
    desk.given(
      put(route, {
        id: 'east',
        name: '梅岭东',
        meal: 'lunch',
        mealPointId: null,
        volunteerId: null,
        deliverBy: null,
        active: true,
      }),
      put(routePlace, { id: 'east:ai', routeId: 'east', elderId: 'ai', order: 1 }),
    );
  });
  const close = () => desk.do(cook, at('16:00'), kitchenCountActs.close, told());

  it('is the very lines of the screen, by route', () => {
    close();
    const [first] = issuesOf(desk.tables, tomorrow, 'lunch');
    expect(first?.lines).toEqual(count().lines);
    expect(first?.lines.map(({ routeId, variantId, elderIds }) => [routeId, variantId, elderIds])).toEqual([
      ['east', '甲', ['ai']],
      [null, '丁', ['dan']],
      [null, '甲', ['bo']],
    ]);
    expect(close()).toBe('already-closed');
  });

  it('stays what it was when orders change, and a new issue says what differs', () => {
    close();
    const again = (issue: number) => desk.do(cook, at('18:00'), kitchenCountActs.reissue, { ...told(), issue });
    expect(again(2)).toBe('nothing-changed');
    const away = { reason: 'hospital', from: tomorrow, to: null, toldBy: null, note: null } as const;
    desk.do(cook, at('17:00'), absenceActs.record, { elderId: 'ai', ...away });
    expect(again(3)).toBe('other-issue');
    expect(again(2)).toBeUndefined();
    expect(again(2)).toBe('other-issue');
    const [first, second] = issuesOf(desk.tables, tomorrow, 'lunch');
    expect(differencesBetween(first!, second!)).toMatchObject([{ elderId: 'ai', after: null, reason: 'hospital' }]);
  });

  it('with somebody in it twice is not taken', () => {
    const right = told();
    const twice = { ...right, excluded: [{ elderId: 'ai', reason: 'cancelled' as const, until: null }] };
    expect(desk.do(cook, at('16:00'), kitchenCountActs.close, twice)).toBe('counted-twice');
  });

  it('is acknowledged by the kitchen once', () => {
    close();
    const countId = `${tomorrow}:lunch:1`;
    desk.do(cook, at('16:05'), kitchenCountActs.kitchenKnows, { countId });
    desk.do(cook, at('16:30'), kitchenCountActs.kitchenKnows, { countId });
    expect(desk.tables.get(kitchenCount, countId)?.kitchenKnowsAt).toBe(at('16:05'));
  });
});

describe('diners', () => {
  const sitting = { kitchenId: '爱心食堂', meal: 'lunch' } as const;
  const people = (date: string) => desk.tables.where(dineInTally, { date }).reduce((sum, one) => sum + one.count, 0);
  const tap = (n: number) => desk.do(cook, at('11:30'), dineInTallyActs.count, { ...sitting, date: today, count: n });

  it('are counted by taps, and a tap is taken back by a correction', () => {
    tap(1);
    tap(2);
    const [tallyId] = desk.tables.all(dineInTally).map(({ id }) => id);
    desk.do(cook, at('11:31'), dineInTallyActs.correct, { tallyId: tallyId!, count: 0 });
    expect([people(today), desk.tables.all(dineInTally).length]).toEqual([2, 3]);
    desk.do(cook, at('11:32'), dineInTallyActs.correct, { tallyId: tallyId!, count: 0 });
    expect([people(today), desk.tables.all(dineInTally).length]).toEqual([2, 3]);
    const correction = desk.tables.all(dineInTally).find((one) => one.corrects !== null)!;
    expect(desk.do(cook, at('11:33'), dineInTallyActs.correct, { tallyId: correction.id, count: 9 })).toBe(
      'corrects-a-correction',
    );
  });

  it('of tomorrow cannot be counted', () => {
    expect(desk.do(cook, at('11:30'), dineInTallyActs.count, { ...sitting, date: tomorrow, count: 1 })).toBe('future');
  });

  it('of a ledger are told once, and corrected when told otherwise', () => {
    const tell = (n: number) =>
      desk.do(boss, at('09:00'), dineInTallyActs.recordLedgerDays, {
        ...sitting,
        days: [{ date: '2026-11-17', people: n }],
      });
    tell(38);
    tell(38);
    expect(desk.tables.all(dineInTally)).toHaveLength(1);
    tell(36);
    tell(36);
    expect([people('2026-11-17'), desk.tables.all(dineInTally).length]).toEqual([36, 2]);
    tell(38);
    expect(people('2026-11-17')).toBe(38);
    expect(count().forecast).toEqual({ people: 38, days: [{ date: '2026-11-17', people: 38 }] });
    expect(count().walkIns).toBe(38);
  });
});

it('has one kitchen', () => {
  expect(desk.tables.all(kitchen)).toMatchObject([{ id: '爱心食堂', seats: 40 }]);
});
