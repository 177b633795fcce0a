import { createHmac } from 'node:crypto';
import type { Sql } from '#server/postgres/connect.ts';

/**
 * The key with which a device seals its journal (32 bytes as base64). It is kept nowhere: the station's secret and the
 * device's name make it again, so a phone whose store was emptied can still open its journal when it is signed in.
 */
export async function journalKeyOf(sql: Sql, station: string, device: string): Promise<string> {
  const [row] = await sql<{ secret: string }[]>`select journal_secret as secret from station where id = ${station}`;
  if (!row) throw new Error(`There is no station "${station}".`);
  return createHmac('sha256', row.secret).update(`journal:${device}`).digest('base64');
}
