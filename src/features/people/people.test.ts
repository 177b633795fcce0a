import { beforeEach, describe, expect, it } from 'vitest';
import { put } from '#engine/change.ts';
import { person } from '#features/access/person.record.ts';
import { personActs } from '#features/access/person.desk.record.ts';
import { mealVariantActs } from '#features/meals/kitchen.desk.record.ts';
import { mealOrder, standingOrder } from '#features/meals/order.record.ts';
import { mealOrderActs } from '#features/meals/day-order.desk.record.ts';
import { standingOrderActs } from '#features/meals/standing-order.desk.record.ts';
import { startOf } from '#engine/calendar.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { elderFileActs } from './elder-file.desk.record.ts';
import type { ElderLine } from './elder-line.ts';
import { elderActs, elderRegistration } from './elder.desk.record.ts';
import { dietProfile, elder } from './elder.record.ts';
import { placeActs, type PlaceLine } from './place.desk.record.ts';
import { building, community, contact, grid, microGrid } from './place.record.ts';
import { volunteerActs, type VolunteerLine } from './volunteer.desk.record.ts';
import { volunteer } from './volunteer.record.ts';

const today = '2026-11-23';
const now = startOf(today) + 9 * 3_600_000;
const boss = { person: 'liang', roles: ['coordinator'] };
const meiling = { ...boss, communities: ['梅岭社区'] };

const noPlace = { entrances: null, floors: null, lift: null, latitude: null, longitude: null };
const place = (change: Partial<PlaceLine> = {}): PlaceLine => ({
  community: '梅岭社区',
  grid: '第1网格',
  microGrid: '梅岭-1-01',
  estate: '铁四院小区',
  building: '3栋',
  ...noPlace,
  ...change,
});

const plainDiet = { types: [], allergens: [], texture: null, dislikes: [], note: null };
const line = (change: Partial<ElderLine> = {}): ElderLine => ({
  name: '刘桂珍',
  callName: '刘奶奶',
  pinyin: 'liu gui zhen lgz',
  sex: 'F',
  birthDate: '1941-03-05',
  idNumber: '430199194103052887',
  idFlag: null,
  phones: ['19900001234'],
  community: '梅岭社区',
  grid: '第1网格',
  estate: '铁四院小区',
  building: '3栋',
  address: '铁四院小区3栋2单元602',
  entrance: '2',
  floor: 6,
  door: '602',
  accessNote: '耳背',
  accessCode: '4262#',
  mayLeaveAtDoor: false,
  living: '独居',
  categories: ['高龄'],
  health: null,
  note: null,
  diet: plainDiet,
  contacts: [{ name: '刘萍', relation: '女儿', phone: '19900004321', hasKey: false }],
  status: 'active',
  endReason: null,
  endedOn: null,
  ...change,
});

let desk: Desk;
const elders = () => desk.tables.all(elder);
const one = () => elders()[0]!;
beforeEach(() => {
  desk = new Desk();
});
function register(...rows: ElderLine[]): string | undefined {
  return desk.do(boss, now, elderRegistration.registerMany, { rows });
}
/** Everything a test does not want changed, as one value. */
const everything = () =>
  JSON.stringify(
    [elder, dietProfile, contact, building, grid, microGrid, community].map((kind) => desk.tables.all(kind)),
  );

describe('places', () => {
  it('are registered once, whoever names them in whichever form', () => {
    desk.do(boss, now, placeActs.registerPlaces, {
      rows: [place(), place({ building: '３ 栋' }), place({ building: '4栋' })],
    });
    desk.do(boss, now, placeActs.registerPlaces, { rows: [place()] });
    expect(desk.tables.all(building).map(({ name }) => name)).toEqual(['3栋', '4栋']);
    expect([community, grid, microGrid].map((kind) => desk.tables.all(kind).length)).toEqual([1, 1, 1]);
  });

  it('are completed by a later list and never overwritten', () => {
    desk.do(boss, now, placeActs.registerPlaces, { rows: [place({ floors: 6 })] });
    desk.do(boss, now, placeActs.registerPlaces, { rows: [place({ floors: 7, latitude: 28.1, longitude: 112.9 })] });
    expect(desk.tables.all(building)[0]).toMatchObject({ floors: 6, latitude: 28.1, longitude: 112.9 });
  });

  it('of long names that begin alike stay apart', () => {
    const long = '文源街道文源社区第一国营机械厂家属区宿舍大院';
    desk.do(boss, now, placeActs.registerPlaces, {
      rows: [place({ estate: `${long}东区` }), place({ estate: `${long}西区` })],
    });
    expect(desk.tables.all(building)).toHaveLength(2);
  });

  it('of another community are not for a coordinator of one', () => {
    desk.do(boss, now, placeActs.registerPlaces, { rows: [place(), place({ community: '金汇社区' })] });
    expect(desk.do(meiling, now, placeActs.registerPlaces, { rows: [place({ building: '9栋' })] })).toBeUndefined();
    expect(desk.do(meiling, now, placeActs.registerPlaces, { rows: [place({ community: '金汇社区' })] })).toBe(
      'other-community',
    );
  });
});

describe('registering elders', () => {
  it('writes file, place, diet and contacts', () => {
    register(line());
    expect(one()).toMatchObject({ name: '刘桂珍', communityId: '梅岭社区', door: '602', status: 'active' });
    expect(desk.tables.get(building, one().buildingId!)?.name).toBe('3栋');
    expect(desk.tables.get(dietProfile, one().id)).toMatchObject({ elderId: one().id, variantId: null });
    expect(desk.tables.where(contact, { elderId: one().id })).toMatchObject([{ name: '刘萍', order: 1 }]);
  });

  it('twice changes nothing, whatever the office has changed in between', () => {
    register(line(), line({ name: '陈立', idNumber: null, idFlag: 'missing', birthDate: null }));
    desk.do(boss, now, elderActs.setAccess, { elderId: one().id, accessNote: '敲响一点', accessCode: null });
    desk.do(boss, now, elderActs.setContacts, { elderId: one().id, contacts: [] });
    const before = everything();
    register(line(), line({ name: '陈立', idNumber: null, idFlag: 'missing', birthDate: null }));
    expect(everything()).toBe(before);
    expect(elders()).toHaveLength(2);
  });

  it.each([
    ['the same ID number under another address', line({ door: '101', phones: [] }), 1],
    ['another ID number with the same name and door', line({ idNumber: '430199194103052888' }), 2],
    ['no ID number, same name, birth date and door', line({ idNumber: null, phones: [] }), 1],
    ['no ID number, same name, birth date and telephone', line({ idNumber: null, door: '101' }), 1],
    ['no ID number, another birth date', line({ idNumber: null, birthDate: '1941-03-06' }), 2],
    ['no ID number, neither door nor telephone alike', line({ idNumber: null, door: '101', phones: [] }), 2],
    ['another name at the same door', line({ name: '刘桂贞', idNumber: null }), 2],
  ])('%s', (_what, second, expected) => {
    register(line(), second);
    expect(elders()).toHaveLength(expected);
    register(second);
    expect(elders()).toHaveLength(expected);
  });

  it('by hand says that somebody is here already', () => {
    register(line());
    expect(desk.do(boss, now, elderRegistration.register, { row: line() })).toBe('already-here');
    expect(
      desk.do(boss, now, elderRegistration.register, { row: line({ idNumber: '430199194103052999' }) }),
    ).toBeUndefined();
  });

  it('is the coordinator’s, within their communities', () => {
    register(line());
    expect(desk.do({ person: 'x', roles: ['canteen'] }, now, elderRegistration.register, { row: line() })).toBe(
      'not-allowed',
    );
    expect(desk.do(meiling, now, elderRegistration.register, { row: line({ community: '金汇社区' }) })).toBe(
      'other-community',
    );
    expect(desk.do({ ...boss, communities: ['金汇社区'] }, now, elderFileActs.pause, { elderId: one().id })).toBe(
      'not-allowed',
    );
  });
});

describe('an elder’s file', () => {
  beforeEach(() => {
    desk.do(boss, now, mealVariantActs.setUp, {
      variants: [
        { name: '普食', sign: '甲', alarm: false, matches: [] },
        { name: '糖尿病餐', sign: '丁', alarm: true, matches: ['diabetic'] },
      ],
    });
    register(line());
  });
  const arrange = () =>
    desk.do(boss, now, standingOrderActs.arrange, {
      elderId: one().id,
      meal: 'lunch',
      weekdays: ['1', '2', '3', '4', '5'],
      mode: 'delivery',
      variantId: null,
      from: today,
      despiteDiet: false,
    });

  it('carries a new diet into every box still to be packed, and leaves eaten ones alone', () => {
    arrange();
    const order = { elderId: one().id, meal: 'lunch', mode: 'delivery', askedBy: null, note: null } as const;
    desk.do(boss, now, mealOrderActs.order, { ...order, date: '2026-11-25', variantId: null, despiteDiet: false });
    const past = {
      ...order,
      variantId: '甲',
      state: 'ordered',
      late: false,
      changedAt: 0,
      id: 'p',
      date: '2026-11-20',
    } as const;
    desk.given(put(mealOrder, past));
    desk.do(boss, now, elderActs.changeDiet, { elderId: one().id, diet: { ...plainDiet, types: ['diabetic'] } });
    expect(desk.tables.get(dietProfile, one().id)?.variantId).toBe('丁');
    expect(desk.tables.all(standingOrder).map(({ variantId }) => variantId)).toEqual(['丁']);
    expect(desk.tables.all(mealOrder).map(({ date, variantId }) => [date, variantId])).toEqual([
      ['2026-11-25', '丁'],
      ['2026-11-20', '甲'],
    ]);
  });

  it('forgets the code of the old house when its elder moves, and keeps it within the house', () => {
    desk.do(boss, now, placeActs.registerPlaces, { rows: [place({ building: '9栋' })] });
    const to = { elderId: one().id, communityId: '梅岭社区', address: 'x', entrance: '1', floor: 1, door: '101' };
    desk.do(boss, now, elderActs.move, { ...to, buildingId: one().buildingId });
    expect(one()).toMatchObject({ accessCode: '4262#', door: '101' });
    desk.do(boss, now, elderActs.move, { ...to, buildingId: '梅岭社区:铁四院小区:9栋' });
    expect(one()).toMatchObject({ accessCode: null, buildingId: '梅岭社区:铁四院小区:9栋' });
  });

  it('keeps the identity of a contact who moves up, and writes into no other file', () => {
    const [first] = desk.tables.where(contact, { elderId: one().id });
    const son = { id: null, name: '刘强', relation: '儿子', phone: null, hasKey: true };
    const daughter = { id: first!.id, name: '刘萍', relation: '女儿', phone: null, hasKey: false };
    desk.do(boss, now, elderActs.setContacts, { elderId: one().id, contacts: [son, daughter] });
    const after = desk.tables.where(contact, { elderId: one().id });
    expect(after.find(({ name }) => name === '刘萍')).toMatchObject({ id: first!.id, order: 2 });
    register(line({ name: '别人', idNumber: null, door: '1' }));
    const other = elders().find(({ name }) => name === '别人')!;
    desk.do(boss, now, elderActs.setContacts, { elderId: other.id, contacts: [daughter] });
    expect(desk.tables.get(contact, first!.id)?.elderId).toBe(one().id);
  });

  it('ends with a reason, lets the kitchen name them for a week, and can be reopened', () => {
    arrange();
    desk.do(boss, now, elderFileActs.endFile, { elderId: one().id, reason: 'died', on: '2026-11-24' });
    expect(one()).toMatchObject({ status: 'ended', endReason: 'died', endedOn: '2026-11-24' });
    expect(desk.tables.all(standingOrder)[0]?.to).toBe('2026-11-30');
    expect(desk.do(boss, now, elderFileActs.pause, { elderId: one().id })).toBe('file-ended');
    desk.do(boss, now, elderFileActs.reopen, { elderId: one().id });
    expect(one()).toMatchObject({ status: 'active', endReason: null, endedOn: null });
  });
});

describe('volunteers and persons', () => {
  const helper = (change: Partial<VolunteerLine> = {}): VolunteerLine => ({
    name: '蒋莲',
    phone: '19900006580',
    number: null,
    sex: null,
    community: null,
    team: '送餐队',
    skills: ['理发'],
    days: ['1', '2'],
    parts: ['evening'],
    irregular: false,
    transport: '电动车',
    training: [],
    fixed: true,
    hoursBefore: 55,
    pointsBefore: 74,
    note: null,
    ...change,
  });
  const none = { roles: [], allCommunities: false, communities: [] } as const;

  it('come once, as persons without any role', () => {
    const rows = [helper(), helper(), helper({ phone: '19900006581' })];
    desk.do(boss, now, volunteerActs.registerMany, { rows });
    desk.do(boss, now, volunteerActs.registerMany, { rows });
    expect(desk.tables.all(person).map(({ roles }) => roles)).toEqual([[], []]);
    expect(desk.tables.all(volunteer).map(({ id }) => id)).toEqual(desk.tables.all(person).map(({ id }) => id));
  });

  it('get roles from a coordinator, who gives away no more than is their own', () => {
    desk.do(boss, now, volunteerActs.registerMany, { rows: [helper()] });
    const personId = desk.tables.all(person)[0]!.id;
    const inMeiling = { roles: ['deliverer'], allCommunities: false, communities: ['梅岭社区'] } as const;
    expect(desk.do(meiling, now, personActs.grant, { personId, ...inMeiling })).toBeUndefined();
    expect(desk.tables.get(person, personId)).toMatchObject(inMeiling);
    for (const beyond of [
      { ...inMeiling, allCommunities: true },
      { ...inMeiling, communities: ['金汇社区'] },
    ])
      expect(desk.do(meiling, now, personActs.grant, { personId, ...beyond })).toBe('beyond-own-reach');
    expect(desk.do({ person: 'x', roles: ['subdistrict'] }, now, personActs.grant, { personId, ...none })).toBe(
      'not-allowed',
    );
  });

  it('cannot lock the coordinator out', () => {
    desk.given(put(person, { id: 'liang', name: '梁', phone: null, active: true, ...none, roles: ['coordinator'] }));
    expect(desk.do(boss, now, personActs.grant, { personId: 'liang', ...none })).toBe('own-role');
    expect(desk.do(boss, now, personActs.setActive, { personId: 'liang', active: false })).toBe('own-role');
  });
});
