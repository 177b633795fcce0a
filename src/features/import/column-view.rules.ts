/** What a person is shown of the columns of a ledger: what each was taken for, how sure that is, and three cells of it. */
import { headerRole } from './column-roles.rules.ts';
import type { Column } from './columns.rules.ts';
import type { ColumnSure, ColumnView, LedgerLayoutView } from './ledger.ts';
import type { Sheet } from './sheets.rules.ts';
import { textSum } from './sum.rules.ts';
import type { Header, Table } from './table.rules.ts';

/** What is read only in order to leave it out. */
const unused = new Set(['other', 'serial', 'code', 'household', 'householdRelation', 'recorded', 'ethnicity', 'total']);
const samplesShown = 3;
/** Rows in which samples are looked for. */
const rowsLooked = 200;
const sampleSigns = 24;

/** Sum over the headings of a sheet as they were written, days of a month left out: it tells the same form again. */
export function signatureOf(header: Header, taken: ReadonlySet<number>): string | null {
  const headings = header.paths.map((path, index) => (taken.has(index) ? '' : path.join('/')));
  while (headings.at(-1) === '') headings.pop();
  // A sheet without headings cannot be told from any other.
  return headings.every((heading) => heading === '') ? null : textSum(JSON.stringify(headings));
}

/** The layouts of these sheets, each once. */
export function layoutsOf(sheets: readonly Sheet[]): LedgerLayoutView[] {
  const layouts = new Map<string, LedgerLayoutView>();
  for (const sheet of sheets) {
    const key = sheet.signature ?? `sheet:${sheet.name}`;
    const rows = sheet.rows.people.length;
    const same = layouts.get(key);
    if (same) layouts.set(key, { ...same, sheets: [...same.sheets, sheet.name], rows: same.rows + rows });
    else {
      const headings = sheet.header.paths.map((path) => path.join(' / '));
      const of = { key, remembers: sheet.signature !== null, sheets: [sheet.name], rows };
      layouts.set(key, { ...of, days: sheet.days.length, headings, columns: viewsOf(sheet) });
    }
  }
  return [...layouts.values()];
}

function viewsOf({ columns, table, header }: Sheet): ColumnView[] {
  return columns.flatMap((column): ColumnView[] => {
    const samples = samplesOf(table, header, column.index);
    const isBlank = samples.length === 0 && (header.paths[column.index] ?? []).length === 0;
    const { index, heading, role } = column;
    return isBlank ? [] : [{ index, heading, role, sure: sureOf(column, samples), samples }];
  });
}

/** Heading and cells agree, the cells look like it, or neither is clear. */
export function sureOf({ given, role, heading, confidence }: Column, samples: readonly string[]): ColumnSure {
  if (given) return 'given';
  if (unused.has(role)) return 'left';
  const isNamed = headerRole(heading.split(' / ').at(-1) ?? '') === role;
  if (isNamed && (confidence >= 0.5 || samples.length === 0)) return 'exact';
  return confidence >= 0.6 ? 'like' : 'unsure';
}

function samplesOf(table: Table, header: Header, column: number): string[] {
  const samples = new Set<string>();
  const last = Math.min(table.height, header.bottom + 1 + rowsLooked);
  for (let row = header.bottom + 1; row < last && samples.size < samplesShown; row += 1) {
    const text = table.text(row, column);
    if (text !== '')
      samples.add([...text].length > sampleSigns ? `${[...text].slice(0, sampleSigns).join('')}…` : text);
  }
  return [...samples];
}
