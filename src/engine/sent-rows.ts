import { encodeRows, type VersionedRow } from './patch.ts';
import { readColumn, UnreadableColumn, writeColumn } from './packing.ts';
import type { KindPatch, SentColumn, WireColumn, WireMutation } from './protocol.ts';

/**
 * Most of what an answer to a push carries the phone has just said itself: its new records are named after its acts, and
 * most of their values are arguments. For a phone that asked for a brief answer these travel as references to the
 * request. Values are compared one by one before, so nothing depends on what became of the acts.
 */

type Sent = Pick<WireMutation, 'id' | 'args'>;

/** One kind's rows for a phone that sent these acts: its own records apart from all others. */
export function encodeRowsBriefly(
  kind: string,
  fields: readonly string[],
  rows: readonly VersionedRow[],
  removed: readonly string[],
  acts: readonly Sent[],
): KindPatch[] {
  const places = new Map(acts.map(({ id }, at) => [id, at]));
  const isOwn = ({ row }: VersionedRow): boolean => places.has(row.id);
  const own = rows.filter(isOwn);
  if (own.length === 0) return [encodeRows(kind, fields, rows, removed, true)];
  const others = rows.filter((one) => !isOwn(one));
  const patch = ownRows(kind, fields, own, places, acts);
  return others.length + removed.length > 0 ? [encodeRows(kind, fields, others, removed, true), patch] : [patch];
}

function ownRows(
  kind: string,
  fields: readonly string[],
  rows: readonly VersionedRow[],
  places: ReadonlyMap<string, number>,
  acts: readonly Sent[],
): KindPatch {
  const sent = rows.map(({ row }) => places.get(row.id) as number);
  const said = (field: string, at: number): unknown => argumentOf(acts[sent[at] as number] as Sent, field);
  const isSaid = (field: string): boolean =>
    rows.every(({ row }, at) => row[field] !== undefined && isSame(row[field], said(field, at)));
  const others = fields.filter((field) => !isSaid(field));
  const { columns, versions } = encodeRows(kind, others, rows, [], true);
  const referring = fields.filter(isSaid).map((field): [string, SentColumn] => [field, { argument: field }]);
  return {
    ...{ kind, ids: [], sent: { count: sent.length, places: writeColumn(sent, true) }, versions, removed: [] },
    columns: { ...columns, ...Object.fromEntries(referring) },
  };
}

/** The patch without references to these acts; throws `UnreadableColumn` when it refers to what they do not say. */
export function plainPatch({ sent, ...patch }: KindPatch, acts: readonly Sent[]): KindPatch {
  if (sent === undefined) return patch;
  const named = readColumn(sent.places, sent.count).map((place) => acts[place as number] ?? unreadable());
  const plain = (column: WireColumn | SentColumn): WireColumn =>
    'argument' in column ? { each: named.map((act) => argumentOf(act, column.argument) ?? null) } : column;
  const columns = Object.entries(patch.columns).map(([field, column]) => [field, plain(column)] as const);
  return { ...patch, ids: named.map(({ id }) => id), columns: Object.fromEntries(columns) };
}

function argumentOf({ args }: Sent, name: string): unknown {
  return Object.hasOwn(Object(args), name) ? (args as Readonly<Record<string, unknown>>)[name] : undefined;
}

function isSame(value: unknown, said: unknown): boolean {
  return (
    value === said || (typeof value === 'object' && value !== null && JSON.stringify(value) === JSON.stringify(said))
  );
}

function unreadable(): never {
  throw new UnreadableColumn();
}
