import fs from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDiet } from './diet-words.rules.ts';
import type {
  EldersLedger,
  ElderRow,
  KnownPerson,
  Ledger,
  MealListLedger,
  MealMarksLedger,
  PlacesLedger,
  VolunteersLedger,
} from './ledger.ts';
import { readLedger, type ReadOptions } from './read-ledger.ts';
import { toHalfWidth } from './text.rules.ts';

const demo = new URL('../../../demo/', import.meta.url);
// The expectations were written down together with the invented ledgers, by a program that shares no code with this one.
const expected = JSON.parse(fs.readFileSync(new URL('rosters-expected.json', demo), 'utf8')).files;

async function read<T extends Ledger>(file: string, options?: ReadOptions): Promise<T> {
  return (await readLedger(fs.readFileSync(new URL(file, demo)), file, options)) as T;
}

interface At {
  sheet: string;
  row: number;
}
const key = ({ sheet, row }: At) => `${sheet}!${row}`;
const count = <T>(items: T[], of: (item: T) => string | string[]) => {
  const tally: Record<string, number> = {};
  for (const item of items) for (const word of [of(item)].flat()) tally[word] = (tally[word] ?? 0) + 1;
  return tally;
};

describe('wenyuan-elders.xlsx', () => {
  const wanted = expected['wenyuan-elders.xlsx'];
  let ledger: EldersLedger;
  let distinct: ElderRow[];
  beforeAll(async () => {
    ledger = await read<EldersLedger>('wenyuan-elders.xlsx');
    const extra = new Set(ledger.duplicates.map(key));
    distinct = ledger.people.filter((person) => !extra.has(key(person)));
  });
  const at = ({ sheet, row }: At) => ledger.people.filter((person) => person.sheet === sheet && person.row === row);
  const warned = (field: string, ...reasons: string[]) =>
    ledger.warnings.filter(
      (warning) => warning.field === field && (reasons.length === 0 || reasons.includes(warning.reason)),
    );

  test('counts rows, people and distinct people', () => {
    expect(ledger).toMatchObject({ outcome: 'read', kind: 'elders', ledgerDate: '2026-09-30' });
    expect(ledger.personRows).toBe(wanted.personRows);
    expect(ledger.people).toHaveLength(wanted.peopleMentioned);
    expect(ledger.distinctPeople).toBe(wanted.distinctElders);
    expect(distinct).toHaveLength(wanted.distinctElders);
  });

  test('reads every sheet as it is laid out', () => {
    for (const sheet of wanted.sheets) {
      const summary = ledger.sheets.find(({ name }) => name === sheet.name);
      expect(summary).toMatchObject({
        headerRow: sheet.headerRow,
        personRows: sheet.personRows,
        hiddenColumns: sheet.hiddenColumns,
      });
      expect(summary?.headers).toEqual(sheet.headers.map((text: string) => toHalfWidth(text).replace(/\s/g, '')));
      expect(distinct.filter(({ community }) => community === sheet.name)).toHaveLength(sheet.firstSeenElders);
      const wrongTotal = warned('total').some(
        (warning) => warning.sheet === sheet.name && warning.row === sheet.totalRow,
      );
      expect(wrongTotal).toBe(!sheet.totalIsRight);
    }
    expect(ledger.sheets.filter(({ skipped }) => skipped).map(({ name }) => name)).toEqual(['汇总', '下拉选项']);
    expect(ledger.sheets.reduce((sum, { dittoCells }) => sum + dittoCells, 0)).toBe(wanted.dittoCells);
  });

  test('takes couples in one cell apart', () => {
    for (const couple of wanted.coupleRows) expect(at(couple)).toMatchObject(couple.people);
    expect(ledger.people.filter(({ partner }) => partner)).toHaveLength(wanted.coupleRows.length * 2);
  });

  test('finds the duplicates, certain and proposed, and leaves look-alikes apart', () => {
    const found = ledger.duplicates.map((duplicate) => ({
      row: key(duplicate),
      of: key(duplicate.sameAs),
      exact: duplicate.exact,
    }));
    const wantedRows = wanted.duplicateRows.map((duplicate: At & { of: At; kind: string }) => ({
      row: key(duplicate),
      of: key(duplicate.of),
      exact: duplicate.kind === 'exact',
    }));
    expect(found).toEqual(wantedRows);
    for (const { a, b } of wanted.lookalikes) {
      const pair = [key(a), key(b)];
      expect(found.filter(({ row, of }) => pair.includes(row) && pair.includes(of))).toEqual([]);
    }
    for (const { sheet, row, newAddress, writtenName } of wanted.duplicateRows) {
      const [person] = at({ sheet, row });
      if (newAddress)
        expect(newAddress).toContain(`${person?.estate}${person?.building}栋${person?.unit}单元${person?.room}`);
      if (writtenName) expect(person?.name).toBe(writtenName);
    }
  });

  test('names the rows nobody can be read from', () => {
    expect(ledger.unreadable).toEqual(wanted.unreadable);
  });

  test('checks ID numbers', () => {
    for (const problem of wanted.idProblems) {
      const [person] = at(problem);
      expect(person?.id).toBe(problem.id);
      expect(warned('id', problem.kind).filter((warning) => key(warning) === key(problem))).toMatchObject([
        { written: problem.written },
      ]);
    }
    const wrong = distinct.filter(({ idFlag }) => idFlag === 'wrong-check-digit');
    expect(wrong).toHaveLength(wanted.counts.idWrongCheckDigit);
    expect(warned('id', 'wrong-check-digit')).toHaveLength(wanted.counts.idWrongCheckDigit + 2);
    expect(warned('id', 'full-width')).toHaveLength(wanted.counts.idFullWidth);
    expect(warned('id', 'spaces')).toHaveLength(wanted.counts.idWithSpaces);
    expect(distinct.filter(({ idFlag }) => idFlag === 'missing')).toHaveLength(wanted.counts.idMissing);
  });

  test('shows both sides where the birth date differs from the ID', () => {
    const found = warned('birth', 'differs-from-id').map(({ sheet, row, written, readAs }) => ({
      sheet,
      row,
      written,
      fromId: readAs,
    }));
    expect(found).toEqual(wanted.birthConflicts);
    for (const conflict of wanted.birthConflicts)
      expect(at(conflict)[0]).toMatchObject({ birth: conflict.fromId, birthWritten: conflict.written });
  });

  test('reads telephones in every form', () => {
    const found = warned('phone').map(({ sheet, row, reason, written, readAs }) => ({
      sheet,
      row,
      kind: reason,
      written,
      readAs,
    }));
    expect(found).toEqual(wanted.phoneProblems);
  });

  test('reads who died, moved, lives in a home or is in hospital', () => {
    const found = ledger.people
      .filter(({ status }) => status !== 'active')
      .map(({ sheet, row, name, status }) => ({ sheet, row, name, status }));
    expect(found).toEqual(wanted.statusRows.map(({ text: _text, ...row }: { text: string }) => row));
    expect(found).toHaveLength(wanted.counts.statusNotActive);
  });

  test('keeps hidden rows, coloured names, formula errors and mismatches', () => {
    expect(ledger.people.filter(({ hiddenRow }) => hiddenRow).map(key)).toEqual(wanted.hiddenRows.map(key));
    for (const row of wanted.richTextRows) expect(at(row)[0]?.name).toMatch(/^\p{Script=Han}{2,4}$/u);
    expect(warned('age', 'formula-error').map(key)).toEqual(wanted.ageErrors.map(key));
    // The remark of one of the three was overwritten in the file itself; nothing is left there to be read.
    const marked = wanted.gridMismatch.filter((row: At) => at(row)[0]?.note === '人户分离');
    expect(warned('grid').map(key)).toEqual(marked.map(key));
    expect(marked).toHaveLength(wanted.gridMismatch.length - 1);
  });

  test.each(wanted.spotChecks as (At & { name: string })[])('reads $sheet row $row ($name)', (row) => {
    expect(at(row)).toHaveLength(1);
    expect(at(row)[0]).toMatchObject(row);
    if (!('idFlag' in row)) expect(at(row)[0]).not.toHaveProperty('idFlag');
  });

  test('adds up to the tallies', () => {
    const { tallies } = wanted;
    const mode = { delivery: '送餐', 'dine-in': '堂食' };
    expect(count(distinct, ({ community }) => community ?? '')).toEqual(tallies.byCommunity);
    expect(count(distinct, ({ living }) => living ?? '')).toEqual(tallies.byLiving);
    expect(count(distinct, ({ sex }) => sex ?? '')).toEqual(tallies.bySex);
    expect(count(distinct, ({ mealMode }) => (mealMode ? mode[mealMode] : 'none'))).toEqual(tallies.byMealMode);
    expect(count(distinct, ({ categories }) => categories)).toEqual(tallies.byCategory);
    expect(count(distinct, ({ diet }) => diet.types)).toEqual(tallies.byDietType);
    expect(count(distinct, ({ diet }) => diet.allergens)).toEqual(tallies.byAllergen);
    expect(count(distinct, ({ diet }) => diet.drugAllergies ?? [])).toEqual(tallies.byDrugAllergy);
    expect(count(distinct, ({ diet }) => diet.texture ?? [])).toEqual(tallies.byTexture);
    const old = distinct.filter(({ age }) => (age ?? 0) >= 80);
    expect(old).toHaveLength(tallies.age80plus);
    expect(old.filter(({ living }) => living === '独居')).toHaveLength(tallies.livingAlone80plus);
    const shared = Object.values(count(distinct, ({ name }) => name)).filter((times) => times > 1);
    expect(shared).toHaveLength(tallies.sameFullNameSharedByDifferentPeople);
  });

  test.each(wanted.dietPhrases as { text: string; drugAllergy?: string[] }[])(
    'reads the diet “$text”',
    ({ text, drugAllergy, ...diet }) => {
      const read = readDiet(text);
      expect(read).toMatchObject(diet);
      expect(read.drugAllergies).toEqual(drugAllergy);
    },
  );

  test('reads one diet for each of a couple', () => {
    const split = ledger.people.filter(
      ({ partner, diet }) => partner && (diet.types.includes('diabetic') || diet.types.includes('low-salt')),
    );
    expect(split.length).toBeGreaterThan(0);
    expect(readDiet('男：糖尿病餐；女：低盐').types).toEqual(['diabetic', 'low-salt']);
  });
});

describe('wenyuan-volunteers.xlsx', () => {
  const wanted = expected['wenyuan-volunteers.xlsx'];
  let ledger: VolunteersLedger;
  beforeAll(async () => {
    ledger = await read<VolunteersLedger>('wenyuan-volunteers.xlsx');
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
    const elders = await read<EldersLedger>('wenyuan-elders.xlsx');
    const extra = new Set(elders.duplicates.map(key));
    known = elders.people.filter((person) => !extra.has(key(person)));
  });

  describe('tiesiyuan-breakfast.csv', () => {
    const wanted = expected['tiesiyuan-breakfast.csv'];
    let ledger: MealListLedger;
    beforeAll(async () => {
      ledger = await read<MealListLedger>('tiesiyuan-breakfast.csv', { knownPeople: known });
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
      ledger = await read<MealMarksLedger>('wenyuan-orders-2026-10.xlsx', { knownPeople: known });
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
    const ledger = await read<PlacesLedger>('wenyuan-places.csv');
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
