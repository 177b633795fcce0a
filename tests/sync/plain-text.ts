import type { PlainRow, PlainRows, PlainTaken } from './history.ts';

const texts = new WeakMap<object, string>();

/** The same text for the same values, whatever the order of the fields; a field that is null is as good as absent. */
export function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const made = Array.isArray(value) ? `[${value.map(text).join(',')}]` : objectText(value);
  texts.set(value, made);
  return made;
}

function objectText(value: object): string {
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([field, inner]) => `${field}:${text(inner)}`).join(',')}}`;
}

/** Records by 'kind/id'. */
export function keyed(rows: PlainRows): Map<string, PlainRow> {
  const all = new Map<string, PlainRow>();
  for (const [kind, list] of Object.entries(rows)) for (const row of list) all.set(`${kind}/${row.id}`, row);
  return all;
}

/** The records without the fields that an older version of the app does not know. */
export function without(rows: ReadonlyMap<string, PlainRow>, lacks: readonly string[]): ReadonlyMap<string, PlainRow> {
  if (lacks.length === 0) return rows;
  const unknown = new Set(lacks);
  return new Map(
    [...rows].map(([key, row]) => {
      const kind = key.slice(0, key.indexOf('/'));
      const fields = Object.entries(row).filter(([field]) => !unknown.has(`${kind}.${field}`));
      return [key, Object.fromEntries(fields) as PlainRow];
    }),
  );
}

/** Which tally an act adds to and how much, in the words of either version of the app. */
export function addition({ person, args }: Pick<PlainTaken, 'person' | 'args'>): { tally: string; amount: number } {
  const { topic, about, amount } = args as { topic?: string; about?: string; amount: number };
  return { tally: `${person}:${topic ?? about}`, amount };
}

/** Whether an addition is said in the words of the older app. */
export function isInOlderWords(args: unknown): boolean {
  return (args as { about?: string }).about !== undefined;
}
