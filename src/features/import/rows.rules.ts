/** Tells the rows that speak of people from titles, notes, totals and footers, and resolves what 同上 stands for. */
import { communityName } from './address.rules.ts';
import { headerRole, looksLikePersonName } from './column-roles.rules.ts';
import type { Column } from './columns.rules.ts';
import { rowsGoingOn } from './going-on.rules.ts';
import { looksLikeId } from './id-number.rules.ts';
import type { UnreadableReason } from './ledger.ts';
import { isNoName, isPlaceholderName } from './names.rules.ts';
import { ownCells, type Header, type Table } from './table.rules.ts';
import { isDitto, isNothing, squash, writtenText, type CellValue } from './text.rules.ts';

export interface Cell {
  text: string;
  /** Before full-width signs were mended. */
  raw: string;
  value: CellValue;
  /** Innermost words over the column. */
  heading: string;
}

export interface PersonCells {
  /** Zero-based. */
  row: number;
  /** The row and those below that go on about the same person. */
  rows: number[];
  hidden: boolean;
  /** The cells of a role, left to right, with 同上 resolved. */
  cells(role: string): Cell[];
  /** Text of the first cell of a role that says something. */
  text(role: string): string;
  /** The same for people to read: as it was written, null when it says nothing. */
  written(role: string): string | null;
  section: Section;
}

export interface Section {
  community: string | null;
  grid: string | null;
  estate: string | null;
}

export interface RowsRead {
  people: PersonCells[];
  unreadable: { row: number; reason: UnreadableReason; text: string | null }[];
  totals: { row: number; shown: number }[];
  dittoCells: number;
}

const toldEvery = 500;

/** What a row is when it is looked at by itself. */
export type RowKind =
  | { kind: 'nothing' }
  | { kind: 'person' }
  | { kind: 'total'; shown: number | null }
  | { kind: 'section'; section: Section }
  | { kind: 'unreadable'; reason: UnreadableReason; text: string | null };

const NOBODY: Section = { community: null, grid: null, estate: null };
const TOTAL = /^(合计|小计|总计|共计|总数|累计|汇总|总人数|人数合计|subtotal|total|sum|in all)[:：]?/i;
const TOTAL_OF_PEOPLE = /(?:合计|小计|总计|共计?|总人数|total)[:：]?\s*(\d{1,6})\s*(?:人|名|位|户|people|persons)?$/i;
const FOOTER =
  /填表人|填报人|审核人|制表|经办人|负责人[:：]|联系人[:：]|打印(时间|日期)|(日期|时间)[:：]|签字|签名|盖章|第\s*\d+\s*页|以上|以下空白|prepared by|checked by|approved by|page \d/i;

/** Reads the rows under the header. `days` are columns with marks, which say nothing about who somebody is. */
export function readRows(
  table: Table,
  header: Header,
  columns: Column[],
  days: Set<number>,
  told: (done: number, all: number) => void = () => undefined,
): RowsRead {
  const read: RowsRead = { people: [], unreadable: [], totals: [], dittoCells: 0 };
  const pending: RowsRead['unreadable'] = [];
  let sources: Sources = null;
  let lastPerson = -1;
  let section = titleSection(table, header);
  const roles = byRole(columns);
  const isHeading = headingTest(header);
  const kinds = new Map<number, RowKind>();
  for (let row = header.bottom + 1; row < table.height; row += 1) {
    kinds.set(row, classify({ table, columns, days, isHeading }, row));
    if (row % toldEvery === 0) told(row, table.height);
  }
  const goingOn = rowsGoingOn(table, columns, kinds);
  for (const [row, kind] of kinds) {
    if (goingOn.has(row)) {
      read.people.at(-1)?.rows.push(row);
      continue;
    }
    if (kind.kind === 'total' && kind.shown !== null) read.totals.push({ row, shown: kind.shown });
    if (kind.kind === 'section') section = { ...section, ...withoutNulls(kind.section) };
    if (kind.kind === 'unreadable') pending.push({ row, reason: kind.reason, text: asWritten(table, row, kind.text) });
    if (kind.kind !== 'person') continue;
    const dittos = columns.filter(({ index }) => isDitto(table.text(row, index)));
    sources = sourcesOf(dittos, lastPerson, sources);
    read.dittoCells += dittos.length;
    read.people.push(personCells({ table, roles, rows: [row], sources, section }));
    lastPerson = row;
  }
  // Remarks under the last person are the sheet's own, not a lost row.
  const last = read.people.at(-1)?.row ?? -1;
  read.unreadable = pending.filter(({ row, reason }) => reason !== 'note-row' || row < last);
  return read;
}

/** The remark as it stands in the cell, full-width signs and all. */
function asWritten(table: Table, row: number, text: string | null): string | null {
  if (text === null) return null;
  for (let column = 0; column < table.width; column += 1) {
    const value = table.value(row, column);
    if (table.text(row, column) === text && typeof value === 'string') return value.trim();
  }
  return text;
}

function withoutNulls(section: Section): Partial<Section> {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== null)) as Partial<Section>;
}

/** Row from which a column of a row takes its cell, where that is not the row itself; -1 for none. */
type Sources = ReadonlyMap<number, number> | null;

/** 同上 takes the cell of the person above, which may itself have said 同上. Most rows say it nowhere. */
function sourcesOf(dittos: Column[], lastPerson: number, above: Sources): Sources {
  if (dittos.length === 0) return null;
  return new Map(dittos.map(({ index }) => [index, above?.get(index) ?? lastPerson]));
}

/** Columns by role, prepared once for a sheet. */
function byRole(columns: Column[]): Map<string, Column[]> {
  const roles = new Map<string, Column[]>();
  for (const column of columns) roles.set(column.role, [...(roles.get(column.role) ?? []), column]);
  return roles;
}

const EMPTY: Cell = { text: '', raw: '', value: null, heading: '' };

interface PersonSource {
  table: Table;
  roles: Map<string, Column[]>;
  rows: number[];
  sources: Sources;
  section: Section;
}

/** The cells are looked up when they are asked for: twenty thousand rows of ready-made cells would not fit. */
function personCells({ table, roles, rows, sources, section }: PersonSource): PersonCells {
  const [row = -1] = rows;
  const cellOf = ({ index, heading }: Column, of: number): Cell => {
    const repeats = of !== row && ((table.area(of, index)?.top ?? of) < of || isDitto(table.text(of, index)));
    const from = repeats ? -1 : of === row ? (sources?.get(index) ?? row) : of;
    if (from < 0) return EMPTY;
    const text = table.text(from, index);
    const value = table.value(from, index);
    return { text, value, raw: typeof value === 'string' ? value : text, heading: heading.split(' / ').at(-1) ?? '' };
  };
  const of = (role: string): Cell[] => {
    const columns = roles.get(role) ?? NO_COLUMNS;
    return columns.length === 0 ? [] : rows.flatMap((each) => columns.map((column) => cellOf(column, each)));
  };
  const first = (role: string) => {
    const columns = roles.get(role) ?? NO_COLUMNS;
    for (const each of rows) {
      for (const column of columns) {
        const cell = cellOf(column, each);
        if (cell.text !== '') return cell;
      }
    }
    return EMPTY;
  };
  return {
    row,
    rows,
    hidden: table.grid.hiddenRows.has(row),
    section,
    cells: of,
    text: (role) => first(role).text,
    written: (role) => writtenText(first(role).raw),
  };
}

const NO_COLUMNS: Column[] = [];

/** What telling one row from another needs, prepared once for a sheet. */
interface Sorting {
  table: Table;
  columns: Column[];
  days: Set<number>;
  /** Whether the row repeats the header. */
  isHeading: (own: { column: number; text: string }[]) => boolean;
}

function classify({ table, columns, days, isHeading }: Sorting, row: number): RowKind {
  const own = ownCells(table, row).filter(({ column }) => !days.has(column));
  if (own.length === 0) return { kind: 'nothing' };
  const total = totalOf(own);
  if (total) return total;
  const nameColumn = columns.find((column) => column.role === 'name')?.index ?? -1;
  const name =
    table.area(row, nameColumn) && !own.some(({ column }) => column === nameColumn) ? '' : table.text(row, nameColumn);
  if (isHeading(own)) return { kind: 'nothing' };
  if (own.length === 1 && own[0]) return loneCell(table, row, own[0], nameColumn, columns);
  if (!looksLikePersonName(name) && own.length <= 3 && own.some(({ text }) => FOOTER.test(text)))
    return { kind: 'nothing' };
  return nameKind(name, own, columns);
}

/** 合计 136人, 小计 | 43人, Total: 20. Only where no person's name could stand. */
function totalOf(own: { text: string }[]): RowKind | null {
  const lead = own.slice(0, 3).find(({ text }) => TOTAL.test(squash(text)));
  const inOne =
    own.length <= 3 ? own.map(({ text }) => TOTAL_OF_PEOPLE.exec(text.trim())).find((match) => match) : null;
  if (!lead && !inOne) return null;
  if (inOne) return { kind: 'total', shown: Number(inOne[1]) };
  const people = own
    .map(({ text }) => /^(?:合计|小计|总计|共计)?[:：]?\s*(\d{1,6})\s*(?:人|名|位)$/.exec(squash(text)))
    .find((match) => match);
  return { kind: 'total', shown: people ? Number(people[1]) : null };
}

/** A header that is repeated on every printed page is nobody's row. */
function headingTest(header: Header): Sorting['isHeading'] {
  const words = new Map<string, boolean>();
  const isWord = (text: string) => {
    // The same few words fill the columns of a long ledger: each is looked at once.
    const known = words.get(text);
    if (known !== undefined) return known;
    const found = !/\d/.test(text) && headerRole(text) !== null;
    if (words.size < MANY_WORDS) words.set(text, found);
    return found;
  };
  return (own) => {
    const repeats = own.filter(({ column, text }) => {
      const path = header.paths[column] ?? [];
      return path.includes(text) || path.includes(squash(text));
    }).length;
    if (repeats >= 3 || (repeats >= 1 && repeats >= own.length * 0.6)) return true;
    let left = own.length;
    let count = 0;
    for (const { text } of own) {
      if (isWord(text)) count += 1;
      left -= 1;
      if (count + left < Math.max(4, own.length * 0.8)) return false;
    }
    return true;
  };
}

const MANY_WORDS = 5000;

/** One filled cell: a heading for the rows below, a note, a footer, a kept number, or somebody of whom only the name is known. */
function loneCell(
  table: Table,
  row: number,
  cell: { column: number; text: string },
  nameColumn: number,
  columns: Column[],
): RowKind {
  const { column, text } = cell;
  const area = table.area(row, column);
  const isWide = area !== undefined && area.right - area.left + 1 >= Math.min(4, table.width * 0.5);
  if (/^\d{1,6}$/.test(text) && column !== nameColumn)
    return isSerialColumn(columns, column)
      ? { kind: 'unreadable', reason: 'serial-only', text: null }
      : { kind: 'nothing' };
  const section = sectionOf(text);
  if (section && !looksLikePersonName(text) && (isWide || column <= 2)) return { kind: 'section', section };
  if (column === nameColumn && !isWide) return nameKind(text, [cell], columns);
  if (FOOTER.test(text)) return { kind: 'nothing' };
  if (looksLikeId(text)) return { kind: 'unreadable', reason: 'no-name-but-id', text: null };
  return isWide ? { kind: 'nothing' } : { kind: 'unreadable', reason: 'note-row', text };
}

function isSerialColumn(columns: Column[], index: number): boolean {
  const role = columns.find((column) => column.index === index)?.role;
  return role === 'serial' || role === 'other' || role === 'code' || role === 'household';
}

/** A heading inside the table: 第3网格, 文源社区, 书香里. */
function sectionOf(text: string): Section | null {
  const plain = squash(text)
    .replace(/^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．:：]+/, '')
    .replace(/[(（].*$/, '')
    .replace(/[:：].*$/, '');
  if ([...plain].length > 16 || /[,，。;；]/.test(plain)) return null;
  const grid =
    /(第?[\d一二三四五六七八九十]{1,3}网格|网格[\d一二三四五六七八九十]{1,3})/.exec(plain)?.[1] ??
    /^\p{Script=Han}{1,10}网格$/u.exec(plain)?.[0] ??
    null;
  const community = communityName(plain);
  const rest = plain.replace(grid ?? '', '').replace(/^.*社区/, '');
  const estate = /(小区|花园|家园|新村|佳苑|苑|公寓|宿舍|家属院|大院|里|园|村|城|府|台|居)$/.test(rest) ? rest : null;
  return grid || community || estate ? { grid, community, estate } : null;
}

/** 第一网格 above the header holds for the first rows under it. */
function titleSection(table: Table, header: Header): Section {
  const line = header.top > 0 ? ownCells(table, header.top - 1) : [];
  const section = line.length === 1 && line[0] ? sectionOf(line[0].text) : null;
  return section?.grid ? section : NOBODY;
}

function nameKind(name: string, own: { column: number; text: string }[], columns: Column[]): RowKind {
  const roleOf = (column: number) => columns.find((each) => each.index === column)?.role ?? 'other';
  const telling = own.filter(
    ({ column, text }) =>
      !['serial', 'household', 'grid', 'community', 'recorded', 'code', 'name'].includes(roleOf(column)) &&
      !isNothing(text),
  );
  if (isDitto(name)) return { kind: 'unreadable', reason: 'ditto-name', text: name };
  if (isNoName(name)) return namelessKind(telling, roleOf);
  if (isPlaceholderName(name)) return { kind: 'unreadable', reason: 'placeholder-name', text: name };
  if (looksLikePersonName(name)) return { kind: 'person' };
  const isNote = [...name].length > 8 && telling.length <= 1;
  if (isNote) return { kind: 'unreadable', reason: 'note-row', text: name };
  // Rare surnames and foreign names exist: a row that says more about somebody is that somebody's row.
  const couldBe = /\p{L}/u.test(name) && [...name].length <= 24;
  if (couldBe && telling.length >= 1) return { kind: 'person' };
  return couldBe
    ? { kind: 'unreadable', reason: 'note-row', text: name }
    : { kind: 'unreadable', reason: 'placeholder-name', text: name };
}

function namelessKind(telling: { column: number; text: string }[], roleOf: (column: number) => string): RowKind {
  if (telling.length === 0) return { kind: 'unreadable', reason: 'serial-only', text: null };
  if (telling.some(({ text }) => looksLikeId(text)))
    return { kind: 'unreadable', reason: 'no-name-but-id', text: null };
  const [only] = telling;
  const isNote =
    telling.length === 1 &&
    only &&
    [...only.text].length >= 8 &&
    !['address', 'phone', 'diet'].includes(roleOf(only.column));
  return isNote
    ? { kind: 'unreadable', reason: 'note-row', text: only.text }
    : { kind: 'unreadable', reason: 'no-name', text: null };
}
