/** Tells the rows that speak of people from titles, notes, totals and footers, and resolves what 同上 stands for. */
import { communityName } from './address.rules.ts';
import { headerRole, looksLikePersonName } from './column-roles.rules.ts';
import type { Column } from './columns.rules.ts';
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

type RowKind =
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
export function readRows(table: Table, header: Header, columns: Column[], days: Set<number>): RowsRead {
  const read: RowsRead = { people: [], unreadable: [], totals: [], dittoCells: 0 };
  const pending: RowsRead['unreadable'] = [];
  let above = new Map<number, Cell>();
  let section = titleSection(table, header);
  const roles = byRole(columns);
  for (let row = header.bottom + 1; row < table.height; row += 1) {
    const kind = classify(table, header, columns, days, row);
    if (kind.kind === 'total' && kind.shown !== null) read.totals.push({ row, shown: kind.shown });
    if (kind.kind === 'section') section = { ...section, ...withoutNulls(kind.section) };
    if (kind.kind === 'unreadable') pending.push({ row, reason: kind.reason, text: asWritten(table, row, kind.text) });
    if (kind.kind !== 'person') continue;
    const cells = resolveCells(table, columns, row, above);
    read.dittoCells += columns.filter(({ index }) => isDitto(table.text(row, index))).length;
    read.people.push(personCells(roles, cells, row, table.grid.hiddenRows.has(row), section));
    above = cells;
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

function resolveCells(table: Table, columns: Column[], row: number, above: Map<number, Cell>): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  for (const { index, heading } of columns) {
    const text = table.text(row, index);
    const value = table.value(row, index);
    const own: Cell = {
      text,
      value,
      raw: typeof value === 'string' ? value : text,
      heading: heading.split(' / ').at(-1) ?? '',
    };
    cells.set(index, isDitto(text) ? (above.get(index) ?? EMPTY) : own);
  }
  return cells;
}

/** Column numbers by role, prepared once for a sheet. */
function byRole(columns: Column[]): Map<string, number[]> {
  const roles = new Map<string, number[]>();
  for (const { role, index } of columns) roles.set(role, [...(roles.get(role) ?? []), index]);
  return roles;
}

const EMPTY: Cell = { text: '', raw: '', value: null, heading: '' };

function personCells(
  roles: Map<string, number[]>,
  cells: Map<number, Cell>,
  row: number,
  hidden: boolean,
  section: Section,
): PersonCells {
  const of = (role: string): Cell[] => (roles.get(role) ?? []).map((index) => cells.get(index) ?? EMPTY);
  const first = (role: string) => of(role).find((cell) => cell.text !== '');
  return {
    row,
    hidden,
    section,
    cells: of,
    text: (role) => first(role)?.text ?? '',
    written: (role) => writtenText(first(role)?.raw ?? ''),
  };
}

function classify(table: Table, header: Header, columns: Column[], days: Set<number>, row: number): RowKind {
  const own = ownCells(table, row).filter(({ column }) => !days.has(column));
  if (own.length === 0) return { kind: 'nothing' };
  const total = totalOf(own);
  if (total) return total;
  const nameColumn = columns.find((column) => column.role === 'name')?.index ?? -1;
  const name =
    table.area(row, nameColumn) && !own.some(({ column }) => column === nameColumn) ? '' : table.text(row, nameColumn);
  if (isRepeatedHeader(header, own)) return { kind: 'nothing' };
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

function isRepeatedHeader(header: Header, own: { column: number; text: string }[]): boolean {
  const repeats = own.filter(
    ({ column, text }) =>
      (header.paths[column] ?? []).includes(squash(text)) || (header.paths[column] ?? []).includes(text),
  ).length;
  const words = own.filter(({ text }) => headerRole(text) !== null && !/\d/.test(text)).length;
  return repeats >= 3 || (repeats >= 1 && repeats >= own.length * 0.6) || (words >= 4 && words >= own.length * 0.8);
}

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
    .replace(/[(（].*$/, '')
    .replace(/[:：].*$/, '');
  if ([...plain].length > 16 || /[,，。;；]/.test(plain)) return null;
  const grid = /(第?[\d一二三四五六七八九十]{1,3}网格|网格[\d一二三四五六七八九十]{1,3})/.exec(plain)?.[1] ?? null;
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
