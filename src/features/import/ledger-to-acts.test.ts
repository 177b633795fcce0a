import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startOf } from '#engine/calendar.ts';
import { kitchenCount, dineInTally } from '#features/meals/count.record.ts';
import { absenceActs } from '#features/meals/absence.desk.record.ts';
import { mealVariantActs } from '#features/meals/kitchen.desk.record.ts';
import { kitchen, mealPoint } from '#features/meals/kitchen.record.ts';
import { absence, standingOrder } from '#features/meals/order.record.ts';
import { countOfDay } from '#features/meals/public.ts';
import { elderActs } from '#features/people/elder.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, community } from '#features/people/place.record.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { elderLineOf } from './ledger-lines.ts';
import type { ElderRow, Ledger, ReadLedger } from './ledger.ts';
import {
  callsOf,
  knownPeople,
  ledgerToActs,
  passesMax,
  stationKnown,
  type ImportCall,
  type LedgerActs,
} from './ledger-to-acts.ts';
import { absencesIn, arrangementsOf } from './month-marks.rules.ts';
import { readLedger } from './read-ledger.ts';

const demo = new URL('../../../demo/', import.meta.url);
const boss = { person: 'liang', roles: ['coordinator'] };
const today = '2026-11-02';
const now = startOf(today) + 8 * 3_600_000;

const known = (desk: Desk) => stationKnown(desk.tables);
async function read(desk: Desk, file: string): Promise<ReadLedger> {
  const bytes = fs.readFileSync(new URL(file, demo));
  const ledger: Ledger = await readLedger(bytes, file, { today, knownPeople: knownPeople(known(desk)) });
  if (ledger.outcome !== 'read') throw new Error(`${file} was refused.`);
  return ledger;
}

const doCall = (desk: Desk, { name, args }: ImportCall) =>
  desk.do(boss, now, desk.registry.mutations.get(name)!, args as never);

/** Does what a file amounts to, pass after pass; gives what the first pass said. */
function take(desk: Desk, ledger: ReadLedger): LedgerActs {
  const first = ledgerToActs(ledger, known(desk), { today });
  let next = first;
  for (let pass = 0; next.calls.length > 0; pass += 1) {
    expect(pass).toBeLessThan(passesMax);
    for (const call of next.calls) expect(doCall(desk, call)).toBeUndefined();
    next = ledgerToActs(ledger, known(desk), { today });
  }
  return first;
}
const everything = (desk: Desk) =>
  JSON.stringify(desk.registry.kinds.map((kind) => [kind.name, desk.tables.all(kind)]));

const files = [
  'wenyuan-places.csv',
  'wenyuan-elders.xlsx',
  'wenyuan-volunteers.xlsx',
  'wenyuan-orders-2026-10.xlsx',
  'tiesiyuan-breakfast.csv',
];

describe('the ledgers of the demo station', () => {
  const desk = new Desk();
  const said = new Map<string, LedgerActs>();
  const ledgers = new Map<string, ReadLedger>();
  beforeAll(async () => {
    desk.do(boss, now, mealVariantActs.setUp, {
      variants: [
        { name: '普食', sign: '甲', alarm: false, matches: [] },
        { name: '软食', sign: '乙', alarm: false, matches: ['texture:soft'] },
        { name: '糖尿病餐', sign: '丁', alarm: true, matches: ['diabetic'] },
      ],
    });
    for (const file of files) {
      const ledger = await read(desk, file);
      ledgers.set(file, ledger);
      said.set(file, take(desk, ledger));
    }
  }, 120_000);

  it('bring every place, once', () => {
    expect(desk.tables.all(building)).toHaveLength(169);
    expect(desk.tables.all(community)).toHaveLength(6);
    expect(desk.tables.all(kitchen)).toHaveLength(1);
    expect(desk.tables.all(mealPoint)).toHaveLength(6);
  });

  it('bring every elder once, at their doors, and leave look-alikes as questions', () => {
    const all = desk.tables.all(elder);
    expect(all).toHaveLength(1060);
    expect(all.filter(({ buildingId }) => buildingId !== null).length).toBeGreaterThan(1040);
    expect(new Set(all.map(({ communityId }) => communityId)).size).toBe(6);
    const ended = all.filter(({ status }) => status === 'ended').map(({ endReason }) => endReason);
    expect([ended.length, ended.filter((reason) => reason === 'died').length]).toEqual([18, 7]);
    const near = said.get('wenyuan-elders.xlsx')!.questions.filter(({ kind }) => kind === 'near-duplicate');
    expect(near).toHaveLength(15);
  });

  it('open a draft for those whom a remark says to be in hospital', () => {
    const drafts = desk.tables.all(absence).filter(({ confirmed }) => !confirmed);
    expect(drafts.map(({ reason, from, to }) => [reason, from, to])).toEqual(
      Array.from({ length: 4 }, () => ['hospital', '2026-09-30', null]),
    );
  });

  it('bring every volunteer once, without a role', () => {
    expect(desk.tables.all(volunteer)).toHaveLength(320);
  });

  it('turn a month of marks into standing orders, absences and diners', () => {
    const lunches = desk.tables.where(standingOrder, { meal: 'lunch' });
    expect(new Set(lunches.map(({ elderId }) => elderId)).size).toBeGreaterThan(230);
    const marks = ledgers.get('wenyuan-orders-2026-10.xlsx')!;
    if (marks.kind !== 'meal-marks') throw new Error('The register was read as something else.');
    const seated = desk.tables.all(dineInTally).reduce((sum, one) => sum + one.count, 0);
    expect(seated).toBe(marks.totals['dine-in']);
    const unknown = said.get('wenyuan-orders-2026-10.xlsx')!.questions.filter(({ kind }) => kind === 'not-found');
    expect(unknown).toHaveLength(3);
    const { counted, forecast } = countOfDay(desk.tables, '2026-11-03', 'lunch');
    expect(counted.length).toBeGreaterThan(150);
    expect(forecast.days.length).toBe(4);
  });

  it('say the same count as the register itself on an ordinary day', () => {
    const marks = ledgers.get('wenyuan-orders-2026-10.xlsx')!;
    if (marks.kind !== 'meal-marks') throw new Error('The register was read as something else.');
    const day = '2026-10-20';
    const written = marks.byDate[day]!;
    const eaten = (written.delivered ?? 0) + (written['dine-in'] ?? 0) + (written['not-taken'] ?? 0);
    const { counted } = countOfDay(desk.tables, day, 'lunch');
    expect(Math.abs(counted.length - eaten) / eaten).toBeLessThan(0.1);
  });

  it.each(files)('%s a second time asks for nothing and, if done all the same, changes nothing', (file) => {
    const again = ledgers.get(file)!;
    expect(ledgerToActs(again, known(desk), { today }).calls).toEqual([]);
    const before = everything(desk);
    for (const call of callsOf(again, desk.tables, { pinyin: () => null })) expect(doCall(desk, call)).toBeUndefined();
    for (const call of said.get(file)!.calls) expect(doCall(desk, call)).toBeUndefined();
    expect(everything(desk)).toBe(before);
  });

  it('bring back nothing that the office has changed since', () => {
    const draft = desk.tables.all(absence).find(({ confirmed }) => !confirmed)!;
    desk.do(boss, now, absenceActs.endReturn, { absenceId: draft.id, backOn: '2026-10-02' });
    const one = desk.tables.all(elder).find(({ accessCode }) => accessCode !== null)!;
    desk.do(boss, now, elderActs.setAccess, { elderId: one.id, accessNote: null, accessCode: null });
    const before = everything(desk);
    take(desk, ledgers.get('wenyuan-elders.xlsx')!);
    expect(everything(desk)).toBe(before);
  });

  it('never touch what the kitchen was told', () => {
    expect(desk.tables.all(kitchenCount)).toEqual([]);
  });
});

describe('a row of an elders’ ledger', () => {
  const row = (change: Partial<ElderRow>): ElderRow => ({
    sheet: 's',
    row: 1,
    name: '刘桂珍',
    sex: 'F',
    id: null,
    birth: null,
    age: 85,
    phones: [],
    address: '',
    community: '梅岭社区',
    grid: null,
    microGrid: null,
    estate: '铁四院小区',
    building: '3',
    unit: 2,
    room: '602',
    floor: 6,
    living: null,
    categories: [],
    health: null,
    diet: { types: [], allergens: [], texture: null, dislikes: [] },
    dietText: null,
    mealMode: null,
    meals: [],
    contact: null,
    contacts: [],
    volunteer: null,
    status: 'active',
    accessNote: null,
    note: null,
    ...change,
  });
  const line = (change: Partial<ElderRow>) => elderLineOf(row(change), '2026-09-30', () => null);

  it.each([
    ['门禁4262#，耳背', '4262#', '耳背', false],
    ['门禁：3391', '3391', null, false],
    ['敲门等5分钟，走路慢', null, '敲门等5分钟，走路慢', false],
    ['饭放门口凳子上（已签同意）', null, '饭放门口凳子上（已签同意）', true],
    ['不同意放门口', null, '不同意放门口', false],
  ])('%s: the code apart from the note', (accessNote, accessCode, rest, mayLeaveAtDoor) => {
    expect(line({ accessNote })).toMatchObject({ accessCode, accessNote: rest, mayLeaveAtDoor });
  });

  it('keeps in words what has no field of its own', () => {
    const diet = { types: [], allergens: [], texture: null, dislikes: [], drugAllergies: ['penicillin'] };
    expect(line({ diet, health: '高血压' }).health).toBe('高血压；药物过敏：青霉素');
    expect(line({ volunteer: '戴杰', idFlag: 'wrong-check-digit', idWritten: '123' })).toMatchObject({
      note: '结对志愿者：戴杰；名册上写的身份证号：123',
      idFlag: 'wrong',
    });
  });

  it('is called as one speaks to somebody of that age', () => {
    expect([line({}).callName, line({ sex: 'M', age: 66 }).callName, line({ sex: null }).callName]).toEqual([
      '刘奶奶',
      '刘叔叔',
      null,
    ]);
  });
});

describe('a month of marks', () => {
  const mark = (date: string, what: 'delivered' | 'dine-in' | 'leave' | 'hospital' | 'not-taken') =>
    ({ date, meal: 'L', mark: what }) as const;
  /** Four Mondays and Tuesdays. */
  const open = ['05', '06', '12', '13', '19', '20', '26', '27'].map((day) => `2026-10-${day}`);

  it('is a habit on weekdays with at least half of the meals, where most were eaten', () => {
    const marks = [
      mark('2026-10-05', 'delivered'),
      mark('2026-10-12', 'not-taken'),
      mark('2026-10-06', 'dine-in'),
      mark('2026-10-13', 'dine-in'),
      mark('2026-10-20', 'delivered'),
    ];
    expect(arrangementsOf({ marks, mealMode: 'delivery' }, open)).toEqual([
      { mode: 'delivery', weekdays: ['1'] },
      { mode: 'dineIn', weekdays: ['2'] },
    ]);
    expect(arrangementsOf({ marks: marks.slice(0, 1), mealMode: null }, open)).toEqual([]);
  });

  it('does not take days away for days not wanted', () => {
    const marks = [
      mark('2026-10-05', 'delivered'),
      mark('2026-10-12', 'hospital'),
      mark('2026-10-19', 'leave'),
      mark('2026-10-26', 'leave'),
    ];
    expect(arrangementsOf({ marks, mealMode: null }, open)).toEqual([{ mode: 'delivery', weekdays: ['1'] }]);
  });

  it('holds absences from first to last day, over a weekend, and ends them where somebody ate', () => {
    const marks = [
      mark('2026-10-08', 'hospital'),
      mark('2026-10-09', 'hospital'),
      mark('2026-10-12', 'hospital'),
      mark('2026-10-13', 'delivered'),
      mark('2026-10-14', 'hospital'),
      mark('2026-10-15', 'leave'),
    ];
    expect(absencesIn(marks)).toEqual([
      { reason: 'hospital', from: '2026-10-08', to: '2026-10-12' },
      { reason: 'hospital', from: '2026-10-14', to: '2026-10-14' },
      { reason: 'other', from: '2026-10-15', to: '2026-10-15' },
    ]);
  });
});
