import { addHash, entryHash, takeHash } from '#engine/checksum.ts';
import type { ChangePlace, WholeChange, WriteBatch } from '#server/exchange/store.ts';
import type { TransactionSql } from './connect.ts';
import type { KindSql } from './kind-sql.ts';
import { literal } from './naming.ts';

/** Changes of one kind behind a place, in the order of versions and ids. */
export async function readChanges(
  tx: TransactionSql,
  station: string,
  own: KindSql,
  after: ChangePlace,
  goneAfter: number,
  limit: number,
): Promise<readonly WholeChange[]> {
  const behind = (table: string): string =>
    `${table}.station_id = $1 and ${table}.version >= $2 and (${table}.version > $2 or ${table}.id collate "C" > $3)`;
  // Each half comes in order by its index on versions and stops at the limit, so a page costs by what is on it, however
  // much there is behind it.
  const text =
    `select * from ((select ${own.select}, t.id as own_id, t.version as own_version, false as gone from ${own.table} t ` +
    `where ${behind('t')} order by t.version, t.id collate "C" limit $6) union all ` +
    `(select ${own.select}, g.id, g.version, true from gone g left join ${own.table} t on false ` +
    `where ${behind('g')} and g.kind = $4 and g.version > $5 ` +
    `and not exists (select from ${own.table} x where x.station_id = $1 and x.id = g.id) ` +
    `order by g.version, g.id collate "C" limit $6)) n ` +
    `order by own_version, own_id collate "C" limit $6`;
  const { name: kind } = own.kind;
  const given = [station, after.version, after.id, kind, goneAfter, limit];
  const found = await tx.unsafe(text, given, { prepare: true });
  return found.map((row) => ({
    kind,
    id: row.own_id as string,
    version: row.own_version as number,
    row: row.gone ? null : own.fromRow(row).row,
  }));
}

/** Sums of kinds after a batch was written, from those before it and the versions of what it replaces. */
export async function sumsAfter(
  tx: TransactionSql,
  station: string,
  statements: (kind: string) => KindSql,
  batch: Pick<WriteBatch, 'version' | 'rows'>,
  before: { readonly kinds: Readonly<Record<string, number>>; readonly sums: Readonly<Record<string, number>> },
): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  if (batch.rows.length === 0) return sums;
  const kinds = [...new Set(batch.rows.map(({ kind }) => kind))];
  // A station from before there were sums: made once, from everything.
  const unmade = kinds.filter((kind) => before.sums[kind] === undefined && before.kinds[kind] !== undefined);
  for (const kind of kinds) sums[kind] = before.sums[kind] ?? 0;
  const replaced = new Map<string, number>();
  for (const { kind, id, version } of await versionsOf(tx, station, statements, batch, kinds, unmade)) {
    replaced.set(`${kind}\u0000${id}`, version);
    if (unmade.includes(kind)) sums[kind] = addHash(sums[kind] as number, entryHash(kind, id, version));
  }
  for (const { kind, id, row } of batch.rows) {
    const version = replaced.get(`${kind}\u0000${id}`);
    if (version !== undefined) sums[kind] = takeHash(sums[kind] as number, entryHash(kind, id, version));
    if (row !== null) sums[kind] = addHash(sums[kind] as number, entryHash(kind, id, batch.version));
  }
  return sums;
}

/** The records a batch is about as they stand, in one statement over all its kinds; of `unmade` kinds all there are. */
async function versionsOf(
  tx: TransactionSql,
  station: string,
  statements: (kind: string) => KindSql,
  batch: Pick<WriteBatch, 'rows'>,
  kinds: readonly string[],
  unmade: readonly string[],
): Promise<readonly { kind: string; id: string; version: number }[]> {
  const values: unknown[] = [station];
  const parts = kinds.map((kind) => {
    const all = `select ${literal(kind)} as kind, id, version from ${statements(kind).table} where station_id = $1`;
    if (unmade.includes(kind)) return all;
    values.push(batch.rows.filter((one) => one.kind === kind).map(({ id }) => id));
    return `${all} and id = any($${values.length}::text[])`;
  });
  return tx.unsafe(parts.join(' union all '), values as never[], { prepare: true });
}

/** Notes what was taken away, for devices that hold the kind whole. */
export async function noteGone(tx: TransactionSql, station: string, batch: WriteBatch): Promise<void> {
  const gone = batch.rows.flatMap(({ kind, id, row }) => (row === null ? [{ kind, id }] : []));
  await tx`insert into gone (station_id, kind, id, version)
    select ${station}, kind, id, ${batch.version}::bigint
    from jsonb_to_recordset(${JSON.stringify(gone)}::text::jsonb) as r(kind text, id text)
    on conflict (station_id, kind, id) do update set version = excluded.version`;
}
