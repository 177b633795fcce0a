import { beforeAll, describe, expect, test } from 'vitest';
import { count, expected, key, readDemo } from './demo-ledgers.fixture.ts';
import type {
  EldersLedger,
  KnownPerson,
  MealListLedger,
  MealMarksLedger,
  PlacesLedger,
  VolunteersLedger,
} from './ledger.ts';

describe('wenyuan-volunteers.xlsx', () => {
  const wanted = expected['wenyuan-volunteers.xlsx'];
  let ledger: VolunteersLedger;
  beforeAll(async () => {
    ledger = await readDemo<VolunteersLedger>('wenyuan-volunteers.xlsx');
  });
  const at = (row: number) => ledger.people.find((person) => person.row === row);

  test('counts and finds duplicates', () => {
    expect(ledger).toMatchObject({
      kind: 'volunteers',
      personRows: wanted.personRows,
      distinctPeople: wanted.distinctVolunteers,
    });
    expect(ledger.sheets[0]).toMatchObject({ name: wanted.sheet, headerRow: wanted.headerRow });
    // Of two rows in one team nothing tells which was first: a pair is a pair.
    const pairs = ledger.duplicates.map(({ row, sameAs, exact }) => ({ rows: [row, sameAs.row], exact }));
    expect(pairs).toHaveLength(wanted.duplicateRows.length);
    for (const { row, name, phone, kind } of wanted.duplicateRows) {
      expect(at(row)).toMatchObject({ name, phone });
      expect(pairs.filter(({ rows }) => rows.includes(row))).toMatchObject([{ exact: kind === 'exact' }]);
    }
  });

  test('names unreadable rows, short phones and hours in words', () => {
    expect(ledger.unreadable.map(({ row, reason }) => ({ row, reason }))).toEqual(wanted.unreadable);
    const short = ledger.warnings.filter(({ field, reason }) => field === 'phone' && reason === 'ten-digits');
    expect(short.map(({ row, written }) => ({ row, text: written, reason: 'ten digits' }))).toEqual(
      wanted.phoneProblems,
    );
    const inWords = ledger.people.filter(({ hoursText }) => hoursText !== undefined);
    expect(
      inWords.map(({ row, hoursText, hours, hoursApproximate }) => ({
        row,
        text: hoursText,
        hours,
        approximate: Boolean(hoursApproximate),
      })),
    ).toEqual(wanted.hoursAsText);
  });

  test.each(wanted.spotChecks as { row: number; name: string }[])('reads row $row ($name)', (row) => {
    expect(at(row.row)).toMatchObject(row);
  });

  test('adds up', () => {
    const extra = new Set(ledger.duplicates.map(({ row }) => row));
    const distinct = ledger.people.filter(({ row }) => !extra.has(row));
    expect(count(distinct, ({ team }) => team ?? '')).toEqual(wanted.distinctByTeam);
    expect(distinct.filter(({ fixed }) => fixed === true)).toHaveLength(wanted.fixed);
    expect(distinct.filter(({ fixed }) => fixed === false)).toHaveLength(wanted.floating);
    expect(distinct.filter(({ skills }) => skills.includes('送餐'))).toHaveLength(wanted.withMealSkill);
    expect(distinct.filter(({ availabilityText }) => availabilityText === null)).toHaveLength(
      wanted.withoutAvailability,
    );
    expect(distinct.reduce((sum, { hours }) => sum + (hours ?? 0), 0)).toBe(wanted.sumHoursDistinct);
    expect(distinct.reduce((sum, { points }) => sum + (points ?? 0), 0)).toBe(wanted.sumPointsDistinct);
    // The total row is right, so nobody is warned about it.
    expect(ledger.warnings.filter(({ field }) => field === 'total')).toEqual([]);
    expect(wanted.totalText).toBe(`${ledger.personRows}人`);
  });
});

describe('lists and marks, matched against the elders’ ledger', () => {
  let known: KnownPerson[];
  beforeAll(async () => {
    const elders = await readDemo<EldersLedger>('wenyuan-elders.xlsx');
    const extra = new Set(elders.duplicates.map(key));
    known = elders.people.filter((person) => !extra.has(key(person)));
  });

  describe('tiesiyuan-breakfast.csv', () => {
    const wanted = expected['tiesiyuan-breakfast.csv'];
    let ledger: MealListLedger;
    beforeAll(async () => {
      ledger = await readDemo<MealListLedger>('tiesiyuan-breakfast.csv', { knownPeople: known });
    });

    test('counts records and people', () => {
      expect(ledger).toMatchObject({
        kind: 'meal-list',
        meal: 'B',
        encoding: wanted.encoding,
        distinctPeople: wanted.distinctPeople,
      });
      expect(ledger.personRows + ledger.unreadable.length).toBe(wanted.dataRows);
      expect(ledger.sheets[0]?.headerRow).toBe(wanted.headerRow);
      expect(ledger.unreadable.map(({ row, reason }) => ({ record: row, reason }))).toEqual(wanted.unreadable);
      const duplicates = ledger.duplicates.map(({ row, name, exact, sameAs }) => ({
        record: row,
        name,
        kind: exact ? 'exact' : 'near',
        of: sameAs.row,
      }));
      expect(duplicates).toEqual(wanted.duplicateRows);
    });

    test('matches the people of the station', () => {
      const extra = new Set(ledger.duplicates.map(({ row }) => row));
      const distinct = ledger.people.filter(({ row }) => !extra.has(row));
      const strangers = distinct
        .filter(({ knownAs }) => !knownAs?.found)
        .map(({ row, name }) => ({ record: row, name }));
      expect(strangers).toEqual(wanted.notInElderLedger);
      expect(distinct.length - strangers.length).toBe(wanted.inElderLedger);
      const totals: Record<string, number> = {};
      for (const { items } of distinct)
        for (const [item, number] of Object.entries(items)) totals[item] = (totals[item] ?? 0) + number;
      expect(totals).toEqual(wanted.itemTotalsDistinct);
    });

    test.each(wanted.spotChecks as { record: number; name: string }[])(
      'reads record $record ($name)',
      ({ record, ...row }) => {
        expect(ledger.people.find((person) => person.row === record)).toMatchObject(row);
      },
    );
  });

  describe('wenyuan-orders-2026-10.xlsx', () => {
    const wanted = expected['wenyuan-orders-2026-10.xlsx'];
    let ledger: MealMarksLedger;
    beforeAll(async () => {
      ledger = await readDemo<MealMarksLedger>('wenyuan-orders-2026-10.xlsx', { knownPeople: known });
    });

    test('counts people and marks', () => {
      expect(ledger).toMatchObject({
        kind: 'meal-marks',
        meal: wanted.meal,
        month: wanted.month,
        personRows: wanted.personRows,
      });
      expect(ledger.distinctPeople).toBe(wanted.matchedElders + wanted.notInElderLedger.length);
      expect(ledger.sheets[0]).toMatchObject({ name: wanted.sheet, headerRow: wanted.headerRows.at(-1) });
      expect(ledger.duplicates.map(({ row, name }) => ({ row, name }))).toEqual(
        wanted.duplicateRows.map(({ row, name }: { row: number; name: string }) => ({ row, name })),
      );
      expect(ledger.totals).toEqual(wanted.totals);
      expect(ledger.byDate).toEqual(wanted.byDate);
      expect(ledger.unknownMarks).toEqual(wanted.unknownMarks);
    });

    test('reads absences over several days and doubts totals typed by hand', () => {
      const word = { hospital: '住院', leave: '请假' } as Record<string, string>;
      const absences = ledger.mergedAbsences.map(({ row, name, mark, from, to }) => ({
        row,
        name,
        mark: word[mark],
        from: Number(from.slice(8)),
        to: Number(to.slice(8)),
      }));
      expect(absences).toEqual(wanted.mergedAbsences);
      expect(ledger.wrongTotals.map(({ row, shown, counted }) => ({ row, shown, counted }))).toEqual(
        wanted.wrongTotals,
      );
    });

    test('settles mistyped names by the address', () => {
      const typos = ledger.people
        .filter(({ knownAs }) => knownAs?.typo)
        .map(({ row, name, knownAs }) => ({ row, written: name, elder: knownAs?.name }));
      expect(typos).toEqual(wanted.nameTypos);
      const strangers = ledger.people.filter(({ knownAs }) => !knownAs?.found).map(({ row, name }) => ({ row, name }));
      expect(strangers).toEqual(wanted.notInElderLedger);
    });

    test.each(wanted.spotChecks as { row: number; name: string; id: string }[])(
      'reads row $row ($name)',
      ({ id, ...row }) => {
        const read = ledger.people.find((person) => person.row === row.row);
        expect(read).toMatchObject(row);
        // Where the elders' ledger itself has the number wrong, there is none to take over.
        const wrong = (expected['wenyuan-elders.xlsx'].idProblems as { written: string; id: string | null }[]).some(
          (problem) => problem.id === null && problem.written.slice(0, 17) === id.slice(0, 17),
        );
        expect(read?.id).toBe(wrong ? null : id);
      },
    );
  });
});

describe('wenyuan-places.csv', () => {
  const wanted = expected['wenyuan-places.csv'];

  test('reads buildings, grids, kitchen and meal points', async () => {
    const ledger = await readDemo<PlacesLedger>('wenyuan-places.csv');
    const { rows, buildings, estates, grids, microGrids, mealPoints, byCommunity } = wanted;
    expect(ledger).toMatchObject({ kind: 'places', encoding: 'UTF-8', warnings: [] });
    expect(ledger.counts).toEqual({
      rows,
      buildings,
      estates,
      grids,
      microGrids,
      mealPoints,
      kitchens: 1,
      byCommunity,
    });
    expect(ledger.places[0]).toMatchObject({
      code: 'WY-0101-01',
      kind: 'building',
      building: '1',
      units: 2,
      floors: 5,
      lift: 'no',
      lat: 28.114569,
      lon: 112.992898,
    });
  });
});
