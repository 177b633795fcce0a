/**
 * Lays a ledger out as another community would have kept it: titles, one or two header rows, totals, and the file in
 * one of the usual formats. Its columns come from `rewrite-columns.fixture.ts`. Only tests use it.
 */
import { writeXlsx } from 'hucre/xlsx';
import { toGb18030, toUtf16 } from './encodings.fixture.ts';

export type Random = () => number;

/** A small repeatable generator (mulberry32): a failing style can be written again from its seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

export type Value = string | number | Date | null;

export interface WrittenColumn<T> {
  field: string;
  heading: string;
  group?: string;
  value(person: T, index: number, random: Random): Value;
}

export interface WrittenTable {
  titles: Value[][];
  header: Value[][];
  rows: Value[][];
  footer: Value[][];
  merges: { startRow: number; startCol: number; endRow: number; endCol: number }[];
}

/** Lays columns out as a sheet: titles, one or two header rows, the people, sometimes totals and a footer. */
export function layOut<T>(people: T[], columns: WrittenColumn<T>[], random: Random): WrittenTable {
  const titles: Value[][] = pick(random, [
    [],
    [['社区老人信息登记表']],
    [['××街道某社区居民服务情况'], ['单位（盖章）：', null, null, '填报日期：2026年9月30日']],
    [['Community service register'], [null], ['Note: keep confidential'], [null]],
    Array.from({ length: 11 }, (_, line) => [line % 3 === 0 ? `说明${line + 1}：请如实填写` : null]),
  ]);
  const grouped = columns.some((column) => column.group) && random() < 0.7;
  const own = columns.map((column) => column.heading);
  const groups = columns.map((column, index) =>
    column.group && columns[index - 1]?.group === column.group ? null : (column.group ?? column.heading),
  );
  const header: Value[][] = grouped ? [groups, columns.map((column) => (column.group ? column.heading : null))] : [own];
  const merges = grouped ? groupMerges(columns, titles.length) : [];
  const rows = people.map((person, index) => columns.map((column) => column.value(person, index, random)));
  const footer: Value[][] =
    random() < 0.6
      ? [
          [pick(random, ['合计', '总计：', 'Total']), null, `${people.length}人`],
          ['制表人：', null, '审核人：'],
        ]
      : [];
  return { titles, header, rows, footer, merges };
}

function groupMerges<T>(columns: WrittenColumn<T>[], top: number): WrittenTable['merges'] {
  const merges: WrittenTable['merges'] = [];
  columns.forEach((column, index) => {
    if (!column.group) merges.push({ startRow: top, startCol: index, endRow: top + 1, endCol: index });
    else if (columns[index - 1]?.group !== column.group) {
      let last = index;
      while (columns[last + 1]?.group === column.group) last += 1;
      if (last > index) merges.push({ startRow: top, startCol: index, endRow: top, endCol: last });
    }
  });
  return merges;
}

export const allRows = (table: WrittenTable): Value[][] => [
  ...table.titles,
  ...table.header,
  ...table.rows,
  ...table.footer,
];

export async function asXlsx(tables: { name: string; table: WrittenTable }[]): Promise<Uint8Array> {
  const sheets = tables.map(({ name, table }) => ({ name, rows: allRows(table), merges: table.merges }));
  return new Uint8Array(await writeXlsx({ sheets }));
}

/** As text with commas or tabs, in the encoding of Chinese offices or in UTF-8 with a mark. */
export function asText(
  table: WrittenTable,
  encoding: 'gb18030' | 'utf-8' | 'utf-8-bom' | 'utf-16le',
  delimiter: string,
): Uint8Array {
  const cell = (value: Value) => {
    const text = value === null ? '' : value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
    return /["\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = allRows(table)
    .map((row) => row.map(cell).join(delimiter))
    .join('\r\n');
  if (encoding === 'gb18030') return toGb18030(text);
  if (encoding === 'utf-16le') return toUtf16(text, 'le');
  const bytes = new TextEncoder().encode(text);
  return encoding === 'utf-8' ? bytes : Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]);
}
