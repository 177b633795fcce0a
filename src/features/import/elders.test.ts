import { beforeAll, describe, expect, test } from 'vitest';
import { count, expected, key, readDemo, type At } from './demo-ledgers.fixture.ts';
import { readDiet } from './diet-words.rules.ts';
import type { EldersLedger, ElderRow } from './ledger.ts';
import { toHalfWidth } from './text.rules.ts';

describe('wenyuan-elders.xlsx', () => {
  const wanted = expected['wenyuan-elders.xlsx'];
  let ledger: EldersLedger;
  let distinct: ElderRow[];
  beforeAll(async () => {
    ledger = await readDemo<EldersLedger>('wenyuan-elders.xlsx');
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
