/**
 * Reads a community's own ledger as a careful person would. Pure: bytes in, a plain description out; nothing is stored
 * and nobody is merged here. Works in the browser and in Node.
 */
import { findDuplicates, type Comparable } from './duplicates.rules.ts';
import { readElders } from './elders.ts';
import {
  elderFacts,
  elderPlace,
  markOutOfPlace,
  mealListFacts,
  mealMarksFacts,
  volunteerFacts,
} from './facts.rules.ts';
import type {
  ElderRow,
  KnownPerson,
  Ledger,
  LedgerKind,
  ReadLedger,
  Refusal,
  UnreadableRow,
  Warning,
} from './ledger.ts';
import { mealOf, readMealList } from './meal-list.ts';
import { readMealMarks } from './meal-marks.ts';
import { countPlaces, readPlaces } from './places.ts';
import { layoutsOf } from './column-view.rules.ts';
import { readSheet, statedDate, type GivenLayouts, type Sheet } from './sheets.rules.ts';
import { readVolunteers } from './volunteers.ts';
import { openWorkbook, type Workbook } from './workbook.ts';

export type { GivenLayouts } from './sheets.rules.ts';

/** How far the reading of a long file is. */
export interface ReadProgress {
  readonly step: 'open' | 'rows' | 'people' | 'weigh';
  readonly done?: number;
  readonly all?: number;
}

export interface ReadOptions {
  /** The day the ledger speaks for (`YYYY-MM-DD`); where it is absent the file's own titles and footers tell. */
  ledgerDate?: string;
  /** The day to fall back to when neither tells; ages are counted on it. */
  today?: string;
  /** Whom the station knows already: lists and marks are matched against them. */
  knownPeople?: KnownPerson[];
  /** Called between the steps of reading: a long ledger leaves much behind that a small machine may want back. */
  rest?: () => void;
  /** What a person has said about columns, by the signature of the sheet's headings. */
  layouts?: GivenLayouts;
  /** Says what each column was taken for and gives unreadable rows whole, for a page that shows them. */
  withLayouts?: boolean;
  told?: (progress: ReadProgress) => void;
}

/** A file that is open and may be read as often as somebody says something else about its columns. */
export type OpenedLedger = Workbook & { readonly fileName: string };

/** Reads one file. Never throws: a file that cannot be read comes back as `refused` with its reason. */
export async function readLedger(bytes: Uint8Array, fileName: string, options: ReadOptions = {}): Promise<Ledger> {
  const book = await openLedger(bytes, fileName, options.rest);
  if (book.outcome === 'refused') return book;
  options.rest?.();
  return readOpened(book, options);
}

/** Opens a file. Never throws either. */
export async function openLedger(
  bytes: Uint8Array,
  fileName: string,
  rest?: () => void,
): Promise<OpenedLedger | Refusal> {
  const book = await openWorkbook(bytes, fileName, rest);
  return book.outcome === 'refused' ? book : { ...book, fileName };
}

/** Reads what is open. */
export function readOpened({ grids, encoding, fileName }: OpenedLedger, options: ReadOptions = {}): Ledger {
  try {
    const told = (done: number, all: number) => options.told?.({ step: 'rows', done, all });
    const sheets = grids.map((grid) => readSheet(grid, { layouts: options.layouts, told }));
    options.rest?.();
    const kind = kindOfFile(sheets);
    if (kind) return compose(kind, sheets, { fileName, encoding, options });
    const layouts = options.withLayouts ? layoutsOf(sheets).filter(({ columns }) => columns.length > 0) : [];
    return { outcome: 'refused', reason: 'no-rows', ...(layouts.length > 0 ? { layouts } : {}) };
  } catch {
    return { outcome: 'refused', reason: 'damaged' };
  }
}

/** The kind with most rows; sheets of another kind are named in the summary and left alone. */
function kindOfFile(sheets: Sheet[]): LedgerKind | null {
  const rows = new Map<LedgerKind, number>();
  for (const sheet of sheets) {
    const count = sheet.kind === 'places' ? sheet.table.height - sheet.header.bottom - 1 : sheet.rows.people.length;
    if (sheet.kind && count > 0) rows.set(sheet.kind, (rows.get(sheet.kind) ?? 0) + count);
  }
  return [...rows].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

interface FileFacts {
  fileName: string;
  encoding: string;
  options: ReadOptions;
}

function compose(kind: LedgerKind, all: Sheet[], { fileName, encoding, options }: FileFacts): ReadLedger {
  const sheets = all.filter((sheet) => sheet.kind === kind);
  for (const sheet of all) {
    if (sheet.kind !== kind) sheet.summary.skipped = sheet.kind === null ? 'no-people' : 'other-kind';
  }
  const ledgerDate = options.ledgerDate ?? statedDate(sheets) ?? options.today ?? null;
  const warnings: Warning[] = sheets.flatMap(sheetWarnings);
  const base = {
    outcome: 'read' as const,
    fileName,
    ledgerDate,
    encoding,
    sheets: all.map((sheet) => sheet.summary),
    personRows: sheets.reduce((sum, sheet) => sum + sheet.rows.people.length, 0),
    unreadable: sheets.flatMap((sheet) => unreadableOf(sheet, options.withLayouts ?? false)),
    warnings,
    ...(options.withLayouts ? { layouts: layoutsOf(sheets) } : {}),
  };
  const context = { ledgerDate, warnings };
  const known = options.knownPeople ?? [];
  switch (kind) {
    case 'elders': {
      const told = (done: number) => options.told?.({ step: 'people', done, all: base.personRows });
      const people = readElders(sheets, context, told);
      options.rest?.();
      return {
        ...base,
        kind,
        people,
        ...distinct(people.map(elderFacts), (index) => elderPlace(people[index] as ElderRow)),
      };
    }
    case 'volunteers': {
      const people = readVolunteers(sheets, context);
      return {
        ...base,
        kind,
        people,
        ...distinct(people.map(volunteerFacts), (index) => ({ block: people[index]?.team ?? null, order: null })),
      };
    }
    case 'meal-list': {
      const people = readMealList(sheets, context, known);
      return { ...base, kind, meal: mealOf(sheets, fileName), people, ...distinct(people.map(mealListFacts)) };
    }
    case 'meal-marks': {
      const read = readMealMarks(sheets, context, known, fileName);
      return { ...base, kind, ...read, ...distinct(read.people.map(mealMarksFacts)) };
    }
    case 'places': {
      const places = readPlaces(sheets, warnings);
      return { ...base, kind, places, counts: countPlaces(places), duplicates: [], distinctPeople: 0 };
    }
  }
}

function distinct(people: Comparable[], placeOf?: Parameters<typeof markOutOfPlace>[1]) {
  if (placeOf) markOutOfPlace(people, placeOf);
  const duplicates = findDuplicates(people);
  return { duplicates, distinctPeople: people.length - duplicates.length };
}

function unreadableOf(sheet: Sheet, withCells: boolean): UnreadableRow[] {
  // A volunteers' list keeps no numbers free for later: a row without a name is simply that.
  const reasonOf = (reason: UnreadableRow['reason']) =>
    sheet.kind === 'volunteers' && reason === 'serial-only' ? 'no-name' : reason;
  return sheet.rows.unreadable.map(({ row, reason, text }) => ({
    sheet: sheet.name,
    row: row + 1,
    reason: reasonOf(reason),
    text,
    ...(withCells ? { cells: cellsOf(sheet, row) } : {}),
  }));
}

function cellsOf({ table }: Sheet, row: number): string[] {
  return Array.from({ length: table.width }, (_none, column) => table.text(row, column));
}

/** What is odd about a whole sheet: hidden with people in it, or a total that is not the number of rows. */
function sheetWarnings(sheet: Sheet): Warning[] {
  const warnings: Warning[] = [];
  const { people, totals } = sheet.rows;
  if (sheet.summary.hidden) warnings.push({ sheet: sheet.name, row: 0, field: 'sheet', reason: 'hidden-sheet' });
  let counted = 0;
  let from = -1;
  for (const total of totals) {
    const since = people.filter(({ row }) => row > from && row < total.row).length;
    const all = people.filter(({ row }) => row < total.row).length;
    if (total.shown !== since && total.shown !== all) {
      warnings.push({
        sheet: sheet.name,
        row: total.row + 1,
        field: 'total',
        reason: 'total-differs',
        written: String(total.shown),
        readAs: String(all),
      });
    }
    counted += since;
    from = counted > 0 ? total.row : from;
  }
  return warnings;
}
