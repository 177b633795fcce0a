import { staffSessionMs } from '#server/limits.ts';
import type { Sql, TransactionSql } from '#server/postgres/connect.ts';
import { hashOf, newToken } from './secrets.ts';

export interface Session {
  readonly station: string;
  readonly person: string;
  readonly device: string;
}

export type Way = 'password' | 'join';

/** Starts a session and gives its secret, which is kept nowhere but in the browser. */
export async function startSession(
  sql: Sql | TransactionSql,
  { station, person, device }: Session,
  way: Way,
  now: number,
): Promise<string> {
  const token = newToken();
  const expiresAt = way === 'password' ? now + staffSessionMs : null;
  await sql`insert into session (token_hash, station_id, person_id, device_id, way, made_at, expires_at)
    values (${hashOf(token)}, ${station}, ${person}, ${device}, ${way}, ${now}, ${expiresAt})`;
  return token;
}

/**
 * The device a browser was before, also when its session has run out: somebody who signs in again keeps their device,
 * and with it the order of what is unsent there. Null after sign-out or revocation.
 */
export async function formerSession(sql: Sql, token: string): Promise<Session | null> {
  const [found] = await sql<Session[]>`
    select station_id as station, person_id as person, device_id as device from session
    where token_hash = ${hashOf(token)} and ended_at is null`;
  return found ?? null;
}

export async function endSession(sql: Sql, token: string, now: number): Promise<void> {
  await sql`update session set ended_at = ${now} where token_hash = ${hashOf(token)} and ended_at is null`;
}

/** Ends every session of a device. */
export async function endDeviceSessions(
  sql: Sql | TransactionSql,
  station: string,
  device: string,
  now: number,
): Promise<void> {
  await sql`update session set ended_at = ${now}
    where station_id = ${station} and device_id = ${device} and ended_at is null`;
}
