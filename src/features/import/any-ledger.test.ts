import { beforeAll, describe, expect, test } from 'vitest';
import { readDemo } from './demo-ledgers.fixture.ts';
import type {
  EldersLedger,
  ElderRow,
  Ledger,
  MealListLedger,
  MealListRow,
  VolunteersLedger,
  VolunteerRow,
} from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import { elderColumns, mealListColumns, volunteerColumns } from './rewrite-columns.fixture.ts';
import { asText, asXlsx, layOut, pick, seeded, type WrittenColumn, type WrittenTable } from './rewrite.fixture.ts';

/** Writes the table in one of the formats and reads it back; the styles take turns with the seed. */
async function throughFile(table: WrittenTable, seed: number): Promise<Ledger> {
  switch (seed % 5) {
    case 0:
      return readLedger(asText(table, 'gb18030', ','), 'ledger.csv');
    case 1:
      return readLedger(asText(table, 'utf-8-bom', '\t'), 'ledger.txt');
    case 2:
      return readLedger(asText(table, seed % 2 === 0 ? 'utf-16le' : 'utf-8', ','), 'ledger.csv');
    default:
      return readLedger(await asXlsx([{ name: 'Sheet1', table }]), 'ledger.xlsx');
  }
}

describe('elders’ ledgers of other communities', () => {
  let people: ElderRow[];
  beforeAll(async () => {
    const ledger = await readDemo<EldersLedger>('wenyuan-elders.xlsx');
    const odd = new Set(
      [...ledger.duplicates, ...ledger.duplicates.map(({ sameAs }) => sameAs)].map(
        ({ sheet, row }) => `${sheet}!${row}`,
      ),
    );
    people = ledger.people.filter(
      (person) => !person.partner && !person.birthWritten && !odd.has(`${person.sheet}!${person.row}`),
    );
  });

  /** What the written columns allow to be read back. */
  function facts(person: ElderRow, columns: WrittenColumn<ElderRow>[]): Record<string, unknown> {
    const has = (field: string) => columns.some((column) => column.field === field);
    const { name, id, birth, building, unit, room, estate } = person;
    return {
      name,
      id,
      birth,
      ...(has('phones') ? { phones: person.phones.slice(0, 1) } : {}),
      ...(has('living') ? { living: person.living } : {}),
      ...(has('diet') ? { diet: person.diet } : {}),
      ...(has('mealMode') ? { mealMode: person.mealMode } : {}),
      ...(has('meals') ? { meals: person.meals } : {}),
      ...(has('note') ? { status: person.status } : {}),
      ...(has('contactName') ? { contact: person.contact } : {}),
      ...(has('address') || has('estate') ? { building, unit, room, estate } : {}),
    };
  }

  test.each(Array.from({ length: 36 }, (_, seed) => seed))('style %i: the same people come out', async (seed) => {
    const random = seeded(seed * 7919 + 17);
    const start = Math.floor(random() * (people.length - 90));
    const chosen = people.slice(start, start + 20 + Math.floor(random() * 60));
    const columns = elderColumns(random, seed % 4 === 3);
    const table = layOut(chosen, columns, random);
    const ledger = (await throughFile(table, seed)) as EldersLedger;
    expect(ledger).toMatchObject({ outcome: 'read', kind: 'elders' });
    expect(ledger.unreadable).toEqual([]);
    expect(ledger.people.map((person) => facts(person, columns))).toEqual(
      chosen.map((person) => facts(person, columns)),
    );
    expect(ledger.duplicates).toEqual([]);
  });

  test.each(Array.from({ length: 12 }, (_, seed) => seed))('style %i with headings nobody knows', async (seed) => {
    const random = seeded(seed * 6700417 + 29);
    const start = Math.floor(random() * (people.length - 90));
    const chosen = people.slice(start, start + 40);
    const strange = elderColumns(random, false)
      .filter(({ field }) => !['extra', 'serial'].includes(field))
      .map(({ group: _group, ...column }, index) => ({
        ...column,
        heading: `栏目${'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳'[index]}`,
      }));
    const ledger = (await throughFile(layOut(chosen, strange, random), seed)) as EldersLedger;
    expect(ledger.people.map((person) => facts(person, strange))).toEqual(
      chosen.map((person) => facts(person, strange)),
    );
  });
});

describe('volunteers’ lists of other stations', () => {
  let ledger: VolunteersLedger;
  beforeAll(async () => {
    ledger = await readDemo<VolunteersLedger>('wenyuan-volunteers.xlsx');
  });

  test.each(Array.from({ length: 20 }, (_, seed) => seed))('style %i', async (seed) => {
    const random = seeded(seed * 104729 + 3);
    const chosen = ledger.people.filter((person) => person.phone).slice(seed * 3, seed * 3 + 30);
    const columns = volunteerColumns(random, seed % 3 === 2).map((column) => ({ ...column }));
    const read = (await throughFile(layOut(chosen, columns, random), seed)) as VolunteersLedger;
    expect(read).toMatchObject({
      outcome: 'read',
      kind: 'volunteers',
    });
    const has = (field: string) => columns.some((column) => column.field === field);
    const facts = ({ name, phone, team, skills, availability, vehicle, hours }: VolunteerRow) => ({
      name,
      phone,
      ...(has('team') ? { team } : {}),
      ...(has('skills') ? { skills } : {}),
      ...(has('availability') ? { availability } : {}),
      ...(has('vehicle') ? { vehicle } : {}),
      ...(has('hours') ? { hours } : {}),
    });
    expect(read.people.map(facts)).toEqual(chosen.map(facts));
  });
});

describe('lists of orders of other canteens', () => {
  let ledger: MealListLedger;
  beforeAll(async () => {
    ledger = await readDemo<MealListLedger>('tiesiyuan-breakfast.csv');
  });

  test.each(Array.from({ length: 16 }, (_, seed) => seed))('style %i', async (seed) => {
    const random = seeded(seed * 15485863 + 5);
    const chosen = ledger.people.filter((person) => person.phone).slice(0, 40);
    const items = [...new Set(chosen.flatMap((person) => Object.keys(person.items)))];
    const columns = mealListColumns(random, items);
    const table = layOut(chosen, columns, random);
    const read = (await throughFile(table, seed)) as MealListLedger;
    expect(read).toMatchObject({ outcome: 'read', kind: 'meal-list' });
    const facts = ({ name, building, unit, room, items: own }: MealListRow) => ({
      name,
      building,
      unit,
      room,
      items: Object.fromEntries(Object.entries(own).sort()),
    });
    expect(read.people.map(facts)).toEqual(chosen.map(facts));
  });
});

describe('registers of marks of other canteens', () => {
  const signs = [
    { legend: '●=送餐 △=堂食 ×=未取', delivered: '●', dineIn: '△', notTaken: '×' },
    { legend: '√:送餐  ○:堂食  ×:退餐', delivered: '✔', dineIn: 'O', notTaken: 'x' },
    { legend: null, delivered: '送', dineIn: '堂', notTaken: '退' },
  ];
  const names = ['张建国', '李秀英', '欧阳美玲', '王德福', '陈玉兰', '买买提·艾力', '周小红'];

  test.each(Array.from({ length: 18 }, (_, seed) => seed))('style %i', async (seed) => {
    const random = seeded(seed * 32452843 + 11);
    const { legend, delivered, dineIn, notTaken } = signs[seed % 3] as (typeof signs)[number];
    const heading = pick(random, [
      (day: number) => day,
      (day: number) => `${day}日`,
      (day: number) => `11月${day}日`,
      (day: number) => new Date(Date.UTC(2026, 10, day)),
    ]);
    const week = [...'日一二三四五六'];
    const days = Array.from({ length: 30 }, (_, index) => index + 1);
    const marks = names.map(() =>
      days.map(() => pick(random, [delivered, delivered, dineIn, notTaken, '请假', '住院', null])),
    );
    const table: WrittenTable = {
      titles: [['2026年11月老年食堂晚餐用餐情况'], ...(legend ? [[legend]] : [])],
      header: [
        ['序号', '老人', '住址', ...days.map((day) => heading(day)), '合计'],
        ...(seed % 2 === 0 ? [[null, null, null, ...days.map((day) => week[day % 7] ?? null), null]] : []),
      ],
      rows: marks.map((row, index) => [
        index + 1,
        names[index] ?? '',
        `某某小区${index + 1}栋1单元${index + 1}01`,
        ...row,
        row.filter((mark) => mark === delivered || mark === dineIn).length,
      ]),
      footer: [['合计', `${names.length}人`]],
      merges: [],
    };
    const ledger = await readLedger(
      seed % 4 === 1 ? asText(table, 'gb18030', ',') : await asXlsx([{ name: '11月', table }]),
      'marks.xlsx',
    );
    expect(ledger).toMatchObject({
      outcome: 'read',
      kind: 'meal-marks',
      meal: 'D',
      month: '2026-11',
      personRows: names.length,
      unknownMarks: [],
      wrongTotals: [],
    });
    if (ledger.outcome !== 'read' || ledger.kind !== 'meal-marks') return;
    const counted = ledger.people.map((person) => [
      person.name,
      person.delivered,
      person.dineIn,
      person.notTaken,
      person.leave,
      person.hospital,
    ]);
    const times = (row: (string | null)[], sign: string) => row.filter((mark) => mark === sign).length;
    expect(counted).toEqual(
      marks.map((row, index) => [
        names[index],
        times(row, delivered),
        times(row, dineIn),
        times(row, notTaken),
        times(row, '请假'),
        times(row, '住院'),
      ]),
    );
  });
});
