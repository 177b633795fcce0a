/** Month tables of marks: who ate, was served, was away, day by day. */
import { communityName } from './address.rules.ts';
import { completeEstates, readRowAddress } from './elders.ts';
import { readMealMode } from './elder-words.rules.ts';
import { matcherOf } from './known-people.rules.ts';
import type { DayMark, KnownPerson, Mark, MealMarksLedger, MealMarksRow, Warning } from './ledger.ts';
import { mealOf } from './meal-list.ts';
import { monthOf, portionsOf, readLegend, readMark, type DayColumn, type Legend } from './marks.rules.ts';
import { readPeople, type PersonContext } from './person.rules.ts';
import type { PersonCells } from './rows.rules.ts';
import type { Sheet } from './sheets.rules.ts';
import { squash } from './text.rules.ts';

export type MarksRead = Pick<
  MealMarksLedger,
  'people' | 'meal' | 'month' | 'totals' | 'byDate' | 'mergedAbsences' | 'wrongTotals' | 'unknownMarks'
>;

interface Reading extends MarksRead {
  warnings: Warning[];
}

export function readMealMarks(
  sheets: Sheet[],
  context: Omit<PersonContext, 'sheet'>,
  known: KnownPerson[],
  fileName: string,
): MarksRead {
  const reading: Reading = {
    people: [],
    meal: mealOf(sheets, fileName),
    month: null,
    totals: { delivered: 0, 'dine-in': 0, 'not-taken': 0, leave: 0, hospital: 0 },
    byDate: {},
    mergedAbsences: [],
    wrongTotals: [],
    unknownMarks: [],
    warnings: context.warnings,
  };
  for (const sheet of sheets) readSheetMarks(sheet, { ...context, sheet: sheet.name }, reading, fileName);
  completeEstates(reading.people);
  const match = known.length > 0 ? matcherOf(known) : null;
  for (const person of match ? reading.people : []) {
    person.knownAs = match?.(person);
    if (!person.knownAs?.found) continue;
    person.id ??= person.knownAs.id ?? null;
    if (person.knownAs.typo)
      context.warnings.push({
        sheet: person.sheet,
        row: person.row,
        field: 'name',
        reason: 'name-typo',
        written: person.name,
        readAs: person.knownAs.name ?? null,
      });
  }
  return withoutWarnings(reading);
}

function withoutWarnings({ warnings: _warnings, ...read }: Reading): MarksRead {
  return read;
}

function readSheetMarks(sheet: Sheet, context: PersonContext, reading: Reading, fileName: string): void {
  const month =
    monthOf(sheet.days, sheet.table, sheet.header, [sheet.name, fileName]) ?? context.ledgerDate?.slice(0, 7) ?? null;
  reading.month ??= month;
  const legend = readLegend([...sheet.titles, ...footLines(sheet)]);
  const community = communityName(sheet.name) ?? communityName(sheet.titles.join(' '));
  for (const row of sheet.rows.people) {
    for (const { person: own } of readPeople(row, context)) {
      const mealMode = readMealMode(row.text('mealMode'));
      const marks = readMarks(sheet, row, { legend, month, mode: mealMode, name: own.name }, reading);
      const counts = countMarks(marks);
      for (const { date, mark } of marks) addTo(reading, date, mark);
      reading.people.push({
        ...own,
        ...readRowAddress(row, community),
        mealMode,
        marks,
        delivered: counts.delivered,
        dineIn: counts['dine-in'],
        notTaken: counts['not-taken'],
        leave: counts.leave,
        hospital: counts.hospital,
        note: row.written('note'),
      });
      checkTotal(sheet, row, counts, reading);
    }
  }
}

function footLines(sheet: Sheet): string[] {
  const last = sheet.rows.people.at(-1)?.row ?? sheet.table.height;
  const lines: string[] = [];
  for (let row = last + 1; row < Math.min(sheet.table.height, last + 6); row += 1)
    lines.push(sheet.table.text(row, 0), sheet.table.text(row, 1));
  return lines;
}

interface MarkContext {
  legend: Legend;
  month: string | null;
  mode: MealMarksRow['mealMode'];
  name: string;
}

function readMarks(sheet: Sheet, row: PersonCells, context: MarkContext, reading: Reading): DayMark[] {
  const marks: DayMark[] = [];
  const seen = new Set<string>();
  for (const day of sheet.days) {
    const date = dateOf(day, context.month);
    if (!date) continue;
    const text = sheet.table.text(row.row, day.index);
    const mark = readMark(text, context.legend, context.mode);
    if (mark === null) reading.unknownMarks.push({ sheet: sheet.name, row: row.row + 1, date, text });
    if (mark === null || mark === 'none') continue;
    marks.push({ date, meal: day.meal ?? reading.meal, mark });
    noteMerged(sheet, row, day, { ...context, mark }, seen, reading);
  }
  return marks;
}

/** A day that the month does not have is a left-over column. */
function dateOf(day: DayColumn, month: string | null): string | null {
  const of = day.month ?? month;
  if (!of) return null;
  const [year = 0, number = 0] = of.split('-').map(Number);
  const date = new Date(Date.UTC(year, number - 1, day.day));
  return date.getUTCMonth() === number - 1 ? `${of}-${String(day.day).padStart(2, '0')}` : null;
}

/** One word over several days: an absence from the first to the last of them. */
function noteMerged(
  sheet: Sheet,
  row: PersonCells,
  day: DayColumn,
  context: MarkContext & { mark: Mark },
  seen: Set<string>,
  reading: Reading,
): void {
  const area = sheet.table.area(row.row, day.index);
  if (!area || area.right === area.left || seen.has(`${area.left}`)) return;
  seen.add(`${area.left}`);
  const covered = sheet.days.filter(({ index }) => index >= area.left && index <= area.right);
  const [from, to] = [covered[0], covered.at(-1)].map((each) => (each ? dateOf(each, context.month) : null));
  if (from && to)
    reading.mergedAbsences.push({
      sheet: sheet.name,
      row: row.row + 1,
      name: context.name,
      mark: context.mark,
      from,
      to,
    });
}

function countMarks(marks: DayMark[]): Record<Mark, number> {
  const counts: Record<Mark, number> = { delivered: 0, 'dine-in': 0, 'not-taken': 0, leave: 0, hospital: 0 };
  for (const { mark } of marks) counts[mark] += 1;
  return counts;
}

function addTo(reading: Reading, date: string, mark: Mark): void {
  reading.totals[mark] += 1;
  const day = (reading.byDate[date] ??= {});
  day[mark] = (day[mark] ?? 0) + 1;
}

/** Where numbers are entered instead of ticks, people add up portions. */
function portionsIn(sheet: Sheet, row: PersonCells): number | null {
  const texts = sheet.days.map(({ index }) => squash(sheet.table.text(row.row, index))).filter((text) => text !== '');
  const numbers = texts.filter((text) => /^\d(\.5)?份?$/.test(text));
  return numbers.length === 0
    ? null
    : texts.reduce((sum, text) => (/^[√✓✔○〇\d]/.test(text) ? sum + portionsOf(text) : sum), 0);
}

/** A total typed by hand is checked; one that a formula made only shows what the formula counts. */
function checkTotal(sheet: Sheet, row: PersonCells, counts: Record<Mark, number>, reading: Reading): void {
  const column = sheet.columns.find(({ role }) => role === 'total')?.index;
  if (column === undefined || sheet.table.grid.formulas.has(`${row.row},${column}`)) return;
  const text = sheet.table.text(row.row, column);
  const counted = counts.delivered + counts['dine-in'];
  if (!/^\d{1,3}$/.test(text) || Number(text) === counted || Number(text) === portionsIn(sheet, row)) return;
  reading.wrongTotals.push({ sheet: sheet.name, row: row.row + 1, shown: Number(text), counted });
  reading.warnings.push({
    sheet: sheet.name,
    row: row.row + 1,
    field: 'total',
    reason: 'total-differs',
    written: text,
    readAs: String(counted),
  });
}
