import { entryHash } from '#engine/checksum.ts';
import type { DeviceState, Difference, Glance, NewDeviceState } from '#server/exchange/store.ts';
import type { Sql, TransactionSql } from './connect.ts';

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

/** Notes what an answer carries; gives the sum over what these records were noted with before. */
export async function rememberPull(
  tx: TransactionSql,
  station: string,
  device: string,
  pull: number,
  difference: Difference,
): Promise<number> {
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
  // All parts of one statement see the notes as they stood before it. Each is looked up by itself: just after a filling
  // nothing tells PostgreSQL how much is noted for one device, and it would read all of it.
  const [found] = await tx<{ sum: number }[]>`
    with said as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as r(kind text, id text, version bigint, removed boolean, hash bigint)
    ), noted as (
      insert into device_row (station_id, device_id, kind, id, version, pull_no, removed, hash)
      select ${station}, ${device}, kind, id, version, ${pull}::bigint, removed, hash from said
      on conflict (station_id, device_id, kind, id) do update
      set version = excluded.version, pull_no = excluded.pull_no, removed = excluded.removed, hash = excluded.hash
    )
    select (coalesce(sum(d.hash), 0) % ${2 ** 48}::bigint)::bigint as sum
    from said cross join lateral (
      select hash from device_row where station_id = ${station} and device_id = ${device}
        and kind = said.kind and id = said.id limit 1
    ) d`;
  return found?.sum ?? 0;
}

export async function sumOfDevice(tx: TransactionSql, station: string, device: string): Promise<number> {
  const [found] = await tx<{ sum: number }[]>`
    select (coalesce(sum(hash), 0) % ${2 ** 48}::bigint)::bigint as sum from device_row
    where station_id = ${station} and device_id = ${device} and not removed and version > 0`;
  return found?.sum ?? 0;
}
