/** Reads every sheet as far as all kinds of ledger have in common, and tells which kind each sheet is. */
import { signatureOf } from './column-view.rules.ts';
import { columnsOf, assignColumns, type Column, type GivenRoles } from './columns.rules.ts';
import { datesInText } from './dates.rules.ts';
import type { LedgerKind, SheetSummary } from './ledger.ts';
import { findDayColumns, type DayColumn } from './marks.rules.ts';
import { readRows, type RowsRead } from './rows.rules.ts';
import { findHeader, layTable, ownCells, type Header, type Table } from './table.rules.ts';
import { squash } from './text.rules.ts';
import type { Grid } from './workbook.ts';

export interface Sheet {
  name: string;
  table: Table;
  header: Header;
  columns: Column[];
  days: DayColumn[];
  kind: LedgerKind | null;
  rows: RowsRead;
  /** Everything above the header, line by line. */
  titles: string[];
  summary: SheetSummary;
  /** Tells sheets of the same form; null for a sheet without headings. */
  signature: string | null;
}

/** What is known about the columns of a form, by its signature. */
export type GivenLayouts = Readonly<Record<string, GivenRoles>>;

export interface SheetOptions {
  readonly layouts?: GivenLayouts | undefined;
  /** Called now and then with how many rows were looked at. */
  readonly told?: ((done: number, all: number) => void) | undefined;
}

const NO_ROWS: RowsRead = { people: [], unreadable: [], totals: [], dittoCells: 0 };

export function readSheet(grid: Grid, { layouts = {}, told }: SheetOptions = {}): Sheet {
  const table = layTable(grid);
  const header = findHeader(table);
  const days = findDayColumns(table, header);
  const taken = new Set(days.map((day) => day.index));
  const signature = signatureOf(header, taken);
  const columns = assignColumns(table, header, taken, layouts[signature ?? `sheet:${grid.name}`]);
  const titles = titleLines(table, header);
  const kind = kindOf(columns, days, titles.join(' '));
  const rows = kind === null || kind === 'places' ? NO_ROWS : readRows(table, header, columns, taken, told);
  const readKind = kind === 'places' || rows.people.length > 0 ? kind : null;
  return {
    name: grid.name,
    table,
    header,
    columns,
    days,
    kind: readKind,
    rows,
    titles,
    summary: summarize(grid, header, columns, rows),
    signature,
  };
}

function titleLines(table: Table, header: Header): string[] {
  const lines: string[] = [];
  for (let row = 0; row < Math.max(0, header.top); row += 1) {
    lines.push(
      ownCells(table, row)
        .map(({ text }) => text)
        .join(' '),
    );
  }
  return lines.filter((line) => line !== '');
}

const VOLUNTEER_ROLES = ['skills', 'availability', 'team', 'vehicle', 'training', 'fixed', 'hours', 'points'];
const ELDER_ROLES = [
  'id',
  'birth',
  'living',
  'diet',
  'health',
  'categories',
  'contactName',
  'contactRelation',
  'meals',
  'mealMode',
];

/** The kind a sheet's columns speak of; null when nobody is in it. */
function kindOf(columns: Column[], days: DayColumn[], title: string): LedgerKind | null {
  const has = (role: string) => columnsOf(columns, role).length > 0;
  const count = (roles: string[]) => roles.filter(has).length;
  if ((has('lat') && has('lon')) || has('lonLat')) return 'places';
  if (!has('name')) return null;
  if (days.length > 0) return 'meal-marks';
  const volunteers = count(VOLUNTEER_ROLES) + (/志愿|义工|volunteer/i.test(title) ? 1 : 0);
  const elders = count(ELDER_ROLES) + (/老人|老年|长者|台账|elder/i.test(title) ? 1 : 0);
  const orders = count(['items', 'item', 'quantity', 'time']);
  if (has('items') || has('item') || (has('quantity') && orders > elders))
    return volunteers > 2 ? 'volunteers' : 'meal-list';
  return volunteers > elders ? 'volunteers' : 'elders';
}

function summarize(grid: Grid, header: Header, columns: Column[], rows: RowsRead): SheetSummary {
  return {
    name: grid.name,
    hidden: grid.hidden,
    headerRow: header.bottom + 1,
    headers: header.paths.map((path) => path.join(' / ')),
    hiddenColumns: [...grid.hiddenColumns].map((column) => (header.paths[column] ?? []).join(' / ')),
    personRows: rows.people.length,
    dittoCells: rows.dittoCells,
    columns: columns.map(({ heading, role, confidence }) => ({
      heading,
      role,
      confidence: Math.round(confidence * 100) / 100,
    })),
  };
}

/** The day a ledger speaks for: what its titles and footers name, the latest one. */
export function statedDate(sheets: Sheet[]): string | null {
  const days: string[] = [];
  for (const { table, header, rows } of sheets) {
    const last = rows.people.at(-1)?.row ?? header.bottom;
    const edges = [...range(0, header.top), ...range(last + 1, Math.min(table.height, last + 12))];
    for (const row of edges) for (const { text } of ownCells(table, row)) days.push(...datesInText(squash(text)));
  }
  return days.sort().at(-1) ?? null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
