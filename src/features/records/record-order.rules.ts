import { dayOf } from '#engine/calendar.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Fields } from '#engine/field.ts';

/** A kind's records as a list shows them: what is today or still to come, soonest first, and what is over, latest first. */
export interface Ordered {
  readonly coming: readonly Row[];
  readonly earlier: readonly Row[];
}

/** The field that says when a record takes place: the first day or moment of the index, else of all fields, that is never empty. */
export function dayField(kind: AnyKind): string | undefined {
  const fields = kind.fields as Fields;
  return [...kind.index, ...Object.keys(fields)].find((name) => {
    const { input, optional } = fields[name] ?? {};
    return (input === 'date' || input === 'instant') && !optional;
  });
}

/** Puts records into the order in which they are asked about; those without a day by what they are called. */
export function inOrder(kind: AnyKind, rows: readonly Row[], today: string, titleOf: (row: Row) => string): Ordered {
  const titles = new Map(rows.map((row) => [row.id, titleOf(row)]));
  const byTitle = [...rows].sort((one, other) =>
    (titles.get(one.id) as string).localeCompare(titles.get(other.id) as string, 'zh-CN'),
  );
  const field = dayField(kind);
  if (field === undefined) return { coming: byTitle, earlier: [] };
  const when = (row: Row): string | number => row[field] as string | number;
  const rising = byTitle.sort((one, other) => (when(one) < when(other) ? -1 : when(one) > when(other) ? 1 : 0));
  const isOver = (row: Row): boolean => {
    const value = when(row);
    return (typeof value === 'number' ? dayOf(value) : value) < today;
  };
  return { coming: rising.filter((row) => !isOver(row)), earlier: rising.filter(isOver).reverse() };
}

/** Whether every word that was typed is found. */
export function found(words: string, query: string): boolean {
  const held = plain(words);
  return plain(query)
    .split(/\s+/)
    .every((word) => held.includes(word));
}

/** Full-width signs made plain, capitals small. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
