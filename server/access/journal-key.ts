import { createHmac } from 'node:crypto';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';

/**
 * The key with which a device seals its journal (32 bytes as base64). It is kept nowhere: the station's secret and the
 * device's name make it again, so a phone whose store was emptied can still open its journal when it is signed in.
 */
export async function journalKeyOf(sql: Sql, station: string, device: string): Promise<string> {
  const [row] = await sql<{ secret: string }[]>`select journal_secret as secret from station where id = ${station}`;
  if (!row) throw new Error(`There is no station "${station}".`);
  return createHmac('sha256', row.secret).update(`journal:${device}`).digest('base64');
}

/** A device whose journal lies on this phone, and the key that opens it. */
export interface FormerKey {
  readonly device: string;
  readonly journalKey: string;
}

/** Keys of those of the named devices that were this person's own, so that a new device takes their acts along. */
export async function formerKeysOf(
  sql: Sql,
  { station, person }: { readonly station: string; readonly person: string },
  named: readonly string[],
): Promise<readonly FormerKey[]> {
  if (named.length === 0) return [];
  const own = await inStation(
    sql,
    station,
    (tx) => tx<{ device: string }[]>`
      select id as device from device where station_id = ${station} and person = ${person} and id = any(${[...named]})`,
  );
  return Promise.all(own.map(async ({ device }) => ({ device, journalKey: await journalKeyOf(sql, station, device) })));
}
