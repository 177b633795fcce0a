/**
 * A sheet as the eye sees it: every cell of a merged area shows the area's value, text is mended, and title, notes and
 * header stand apart from the rows that speak of people.
 */
import { headerRole, looksLikePersonName, NAME_HEADINGS } from './column-roles.rules.ts';
import { looksLikeId } from './id-number.rules.ts';
import { looksLikePhone } from './phones.rules.ts';
import { cellText, squash, type CellValue } from './text.rules.ts';
import type { Area, Grid } from './workbook.ts';

export interface Table {
  grid: Grid;
  width: number;
  height: number;
  /** Mended text, merged areas filled. */
  text(row: number, column: number): string;
  /** The value behind the text, merged areas filled. */
  value(row: number, column: number): CellValue;
  /** The merged area that covers a cell, if any. */
  area(row: number, column: number): Area | undefined;
}

export interface Header {
  /** First and last row of the header, zero-based; both -1 when the sheet has none. */
  top: number;
  bottom: number;
  /** Per column: the words of its header from top to bottom, without repeats. */
  paths: string[][];
}

const HEADER_WITHIN = 20;
const CACHED_ROWS = 1000;

export function layTable(grid: Grid): Table {
  const covered = new Map<string, Area>();
  for (const area of grid.merges) {
    for (let row = area.top; row <= area.bottom; row += 1) {
      for (let column = area.left; column <= area.right; column += 1) covered.set(`${row},${column}`, area);
    }
  }
  const area = (row: number, column: number) => covered.get(`${row},${column}`);
  const value = (row: number, column: number): CellValue => {
    const merged = covered.size > 0 ? area(row, column) : undefined;
    return (merged ? grid.rows[merged.top]?.[merged.left] : grid.rows[row]?.[column]) ?? null;
  };
  // Rows are gone through one after the other, so only the latest are kept in mended form.
  let cache = new Map<number, string[]>();
  const width = grid.rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const text = (row: number, column: number): string => {
    let texts = cache.get(row);
    if (texts === undefined) {
      if (cache.size >= CACHED_ROWS) cache = new Map();
      cache.set(row, (texts = []));
    }
    return (texts[column] ??= cellText(value(row, column)));
  };
  return { grid, width, height: grid.rows.length, text, value, area };
}

/** The cells of a row that carry a value of their own: no blanks, nothing that only a merged area repeats. */
export function ownCells(table: Table, row: number): { column: number; text: string }[] {
  const cells: { column: number; text: string }[] = [];
  for (let column = 0; column < table.width; column += 1) {
    const area = table.area(row, column);
    if (area && (area.top !== row || area.left !== column)) continue;
    const text = table.text(row, column);
    if (text !== '') cells.push({ column, text });
  }
  return cells;
}

/** Finds the header among the first rows: the row with most header words, and the group or sub-header beside it. */
export function findHeader(table: Table): Header {
  const within = Math.min(HEADER_WITHIN, table.height);
  let best = { row: -1, words: 0 };
  for (let row = 0; row < within; row += 1) {
    const words = headerWords(table, row);
    if (words > best.words) best = { row, words };
  }
  if (best.row < 0 || best.words < 2) return headerByShape(table, within);
  let { row: top } = best;
  let bottom = best.row;
  if (bottom + 1 < table.height && isSubHeader(table, bottom + 1)) bottom += 1;
  if (top > 0 && isGroupRow(table, top - 1)) top -= 1;
  return { top, bottom, paths: headerPaths(table, top, bottom) };
}

/**
 * No heading is known: the header is the row of short words right above the first row with somebody's number. Where
 * there is no such row, the people begin there, and single lines before them are titles.
 */
function headerByShape(table: Table, within: number): Header {
  let first = 0;
  while (first < within && !hasNumber(table, first)) first += 1;
  if (first >= within) return { top: -1, bottom: -1, paths: emptyPaths(table.width) };
  const above = first - 1;
  if (above >= 0 && isRowOfWords(table, above, ownCells(table, first).length)) {
    return { top: above, bottom: above, paths: headerPaths(table, above, above) };
  }
  let last = above;
  while (last >= 0 && ownCells(table, last).length > 1) last -= 1;
  return { top: last < 0 ? -1 : last + 1, bottom: last, paths: emptyPaths(table.width) };
}

function hasNumber(table: Table, row: number): boolean {
  return ownCells(table, row).some(({ text }) => looksLikeId(text) || looksLikePhone(text) || /^1\d{9,10}$/.test(text));
}

function isRowOfWords(table: Table, row: number, filledBelow: number): boolean {
  const cells = ownCells(table, row);
  const words = new Set(cells.map(({ text }) => squash(text)));
  const isWord = ({ text }: { text: string }) =>
    [...text].length <= 12 && !/\d{3,}/.test(text) && !looksLikePersonName(text);
  return cells.length >= 2 && cells.length >= filledBelow * 0.6 && words.size === cells.length && cells.every(isWord);
}

function emptyPaths(width: number): string[][] {
  return Array.from({ length: width }, () => []);
}

/** How many columns of a row hold a header word; none when the row holds somebody's number. */
function headerWords(table: Table, row: number): number {
  const cells = ownCells(table, row);
  if (cells.some(({ text }) => looksLikeId(text) || looksLikePhone(text))) return 0;
  return cells.filter(({ text }) => [...squash(text)].length <= 20 && headerRole(text) !== null).length;
}

const DAY_OR_WEEKDAY =
  /^(\d{1,2}|\d{1,2}[日号]|\d{1,2}月\d{1,2}[日号]?|周?星?期?[一二三四五六日天]|早|中|晚|午|早餐|午餐|晚餐|mon|tue|wed|thu|fri|sat|sun)$/i;

/** Below the header: weekdays under dates, or the words that belong to a group above. */
function isSubHeader(table: Table, row: number): boolean {
  const cells = ownCells(table, row);
  if (cells.length < 2) return false;
  const marksDays = cells.filter(({ text }) => /\D/.test(text) && DAY_OR_WEEKDAY.test(squash(text))).length;
  if (marksDays >= 5 && marksDays >= cells.length * 0.8) return true;
  if (isRowOfDays(cells)) return true;
  const words = headerWords(table, row);
  return words >= 2 && words >= cells.length * 0.7;
}

/** 1 2 3 … 31 under the month's name, and hardly anything beside them. */
function isRowOfDays(cells: { column: number; text: string }[]): boolean {
  const follows = cells.filter(
    ({ column, text }, at) =>
      /^\d{1,2}$/.test(text) &&
      cells[at + 1]?.column === column + 1 &&
      Number(cells[at + 1]?.text) === Number(text) + 1,
  ).length;
  return follows >= 4 && follows + 1 >= cells.length * 0.8;
}

/** Above the header: a row with several short texts of which at least one heads more than one column. */
function isGroupRow(table: Table, row: number): boolean {
  const cells = ownCells(table, row);
  if (cells.length < 2 || cells.some(({ text }) => [...text].length > 16 || /[:：]|\d{4}/.test(text))) return false;
  const heads = cells.some(({ column }) => {
    const area = table.area(row, column);
    return area
      ? area.right > area.left && area.right - area.left + 1 < table.width
      : table.text(row, column + 1) === '';
  });
  return (
    heads &&
    cells.some(
      ({ text }) =>
        headerRole(text) !== null ||
        /信息|情况|联系|家属|紧急|基本|地址|住址|用餐|服务|info|contact|address/i.test(text),
    )
  );
}

function headerPaths(table: Table, top: number, bottom: number): string[][] {
  return Array.from({ length: table.width }, (_, column) => {
    const path: string[] = [];
    for (let row = top; row <= bottom; row += 1) {
      const text = squashKeepWords(
        table.text(row, column) || (row < bottom ? groupLeftOf(table, row, column, bottom) : ''),
      );
      if (text !== '' && !path.includes(text)) path.push(text);
    }
    return path;
  });
}

/** In a text file a group's word stands over its first column only; it reaches to the right while the header goes on. */
function groupLeftOf(table: Table, row: number, column: number, bottom: number): string {
  if (table.area(row, column) || table.text(bottom, column) === '') return '';
  for (let left = column - 1; left >= 0; left -= 1) {
    const text = table.text(row, left);
    if (text === '') continue;
    // 家属联系人 over 姓名, 关系, 电话 heads all of them, although the word could head a column of its own.
    const isColumn = headerRole(text) !== null && !NAME_HEADINGS.contact.test(text);
    return table.area(row, left) || table.text(bottom, left) === '' || isColumn ? '' : text;
  }
  return '';
}

/** Chinese headers are often spaced out or broken over lines; English words keep one blank. */
function squashKeepWords(text: string): string {
  return /[A-Za-z]{2}/.test(text) ? text.replace(/\s+/g, ' ').trim() : squash(text);
}
