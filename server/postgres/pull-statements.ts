import { entryHash } from '#engine/checksum.ts';
import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import type { Viewer } from '#engine/scope.ts';
import type { DeviceState, Difference, Glance, LoadedRow, NewDeviceState, RecordName } from '#server/exchange/store.ts';
import type { Sql, TransactionSql } from './connect.ts';
import { literal } from './naming.ts';
import { loadRows, type KindStatements } from './push-statements.ts';
import { Parameters, partName, scopeSql } from './scope-sql.ts';

interface DeviceRow extends NewDeviceState {
  readonly at: number | null;
  readonly unsent: number;
  readonly oldestAt: number | null;
  readonly refused: number;
}

/** Reads and locks what is known of the device; makes the row when the device is new. */
export async function readDevice(tx: TransactionSql, station: string, device: string): Promise<DeviceState> {
  const read = () => tx<DeviceRow[]>`
    select last_pull as "lastPull", reset_pull as "resetPull", complete, checksum, contact_at as at, unsent,
      oldest_at as "oldestAt", refused
    from device_state where station_id = ${station} and device_id = ${device} for update`;
  let [found] = await read();
  if (!found) {
    await tx`insert into device_state (station_id, device_id) values (${station}, ${device})`;
    [found] = await read();
  }
  return stateOf(found as DeviceRow);
}

function stateOf({ lastPull, resetPull, complete, checksum, at, unsent, oldestAt, refused }: DeviceRow): DeviceState {
  const contact = at === null ? null : { at, unsent, oldestAt, refused };
  return { lastPull, resetPull, complete, checksum, contact };
}

/** The counter and the device in one statement, so that an exchange without news costs no more. */
export async function readGlance(sql: Sql, station: string, device: string): Promise<Glance> {
  const [found] = await sql<(Omit<DeviceRow, 'lastPull'> & Glance['clock'] & { lastPull: number | null })[]>`
    select c.version, c.kinds, c.sums, e.id as epoch, d.last_pull as "lastPull", d.reset_pull as "resetPull",
      d.complete, d.checksum, d.contact_at as at, d.unsent, d.oldest_at as "oldestAt", d.refused
    from station_clock c cross join epoch e
    left join device_state d on d.station_id = c.station_id and d.device_id = ${device}
    where c.station_id = ${station}`;
  if (!found) throw new Error('The station is not in the database.');
  const { version, kinds, sums, epoch, lastPull, ...row } = found;
  return { clock: { version, kinds, sums, epoch }, device: lastPull === null ? null : stateOf({ ...row, lastPull }) };
}

export async function saveDevice(
  tx: TransactionSql,
  station: string,
  device: string,
  { lastPull, resetPull, complete, checksum }: NewDeviceState,
): Promise<void> {
  await tx`update device_state set last_pull = ${lastPull}, reset_pull = ${resetPull}, complete = ${complete},
    checksum = ${checksum} where station_id = ${station} and device_id = ${device}`;
}

export async function confirmPull(tx: TransactionSql, station: string, device: string, pull: number): Promise<void> {
  await Promise.all([
    tx`delete from device_row where station_id = ${station} and device_id = ${device} and removed
      and pull_no <= ${pull}`,
    tx`update device_row set version = 0, removed = false, hash = 0, pull_no = ${pull}
      where station_id = ${station} and device_id = ${device} and pull_no > ${pull}`,
  ]);
}

export async function forgetDevice(tx: TransactionSql, station: string, device: string): Promise<void> {
  await tx`delete from device_row where station_id = ${station} and device_id = ${device}`;
}

/** What reading records of a station needs. */
export interface Reading {
  readonly tx: TransactionSql;
  readonly station: string;
  readonly registry: Registry;
  readonly statements: KindStatements;
}

/** One statement compares what the person sees with what the device holds; then the rows are fetched by kind. */
export async function readDifference(
  { tx, station, registry, statements }: Reading,
  device: string,
  viewer: Viewer,
  kinds: readonly AnyKind[],
  limit: number,
): Promise<Difference> {
  const parameters = new Parameters();
  const text = differenceSql(registry, viewer, kinds, { station, device }, limit, parameters);
  const found = await tx.unsafe<(RecordName & { removed: boolean })[]>(text, parameters.values as never[], {
    prepare: true,
  });
  const page = found.slice(0, limit);
  const wanted = page.filter(({ removed }) => !removed);
  const rows = await loadRows(tx, station, statements, { rows: wanted, sets: [] });
  const removed = page.filter((one) => one.removed).map(({ kind, id }) => ({ kind, id }));
  return { removed, rows: inOrder(wanted, rows), more: found.length > limit };
}

function inOrder(wanted: readonly RecordName[], rows: readonly LoadedRow[]): readonly LoadedRow[] {
  const byName = new Map(rows.map((one) => [`${one.kind}\u0000${one.row.id}`, one]));
  return wanted.flatMap(({ kind, id }) => byName.get(`${kind}\u0000${id}`) ?? []);
}

function differenceSql(
  registry: Registry,
  viewer: Viewer,
  kinds: readonly AnyKind[],
  { station, device }: { readonly station: string; readonly device: string },
  limit: number,
  parameters: Parameters,
): string {
  // Parts of kinds that only others lean on are there too; PostgreSQL leaves out what nobody asks for.
  const { parts, kinds: known } = scopeSql(registry, viewer, station, parameters);
  const seen = kinds
    .filter(({ name }) => known.some((one) => one.name === name))
    .map(({ name }, place) => `select ${literal(name)}, ${place}, id, version from ${partName(name)}`);
  const all = [
    ...parts,
    `seen(kind, place, id, version) as (${
      seen.length > 0 ? seen.join(' union all ') : `select ''::text, 0, ''::text, 0::bigint where false`
    })`,
    `held as (select kind, id, version, removed from device_row where station_id = ${parameters.add(station, 'text')} ` +
      `and device_id = ${parameters.add(device, 'text')})`,
  ];
  // A full join is always made by hashing or merging, so a first fill stays linear even before statistics exist.
  return (
    `with ${all.join(', ')} select coalesce(s.kind, h.kind) as kind, coalesce(s.id, h.id) as id, ` +
    `s.id is null as removed from seen s full join held h on h.kind = s.kind and h.id = s.id ` +
    `where case when s.id is null then not h.removed ` +
    `else h.id is null or h.removed or h.version <> s.version end ` +
    `order by coalesce(s.place, -1), id limit ${limit + 1}`
  );
}

export async function rememberPull(
  tx: TransactionSql,
  station: string,
  device: string,
  pull: number,
  difference: Difference,
): Promise<void> {
  const rows = [
    ...difference.removed.map(({ kind, id }) => ({ kind, id, version: 0, removed: true, hash: 0 })),
    ...difference.rows.map(({ kind, version, row: { id } }) => ({
      kind,
      id,
      version,
      removed: false,
      hash: entryHash(kind, id, version),
    })),
  ];
  await tx`insert into device_row (station_id, device_id, kind, id, version, pull_no, removed, hash)
    select ${station}, ${device}, kind, id, version, ${pull}::bigint, removed, hash
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as r(kind text, id text, version bigint, removed boolean, hash bigint)
    on conflict (station_id, device_id, kind, id) do update
    set version = excluded.version, pull_no = excluded.pull_no, removed = excluded.removed, hash = excluded.hash`;
}

export async function sumOfDevice(tx: TransactionSql, station: string, device: string): Promise<number> {
  const [found] = await tx<{ sum: number }[]>`
    select (coalesce(sum(hash), 0) % ${2 ** 48}::bigint)::bigint as sum from device_row
    where station_id = ${station} and device_id = ${device} and not removed and version > 0`;
  return found?.sum ?? 0;
}
