import { uuidv7 } from 'uuidv7';
import { joinCodeLivesMs } from '#server/limits.ts';
import { appendAudit } from '#server/postgres/audit.ts';
import type { Sql, TransactionSql } from '#server/postgres/connect.ts';
import type { PostgresStore } from '#server/postgres/postgres-store.ts';
import { asStation } from '#server/postgres/in-station.ts';
import { enrolDevice } from './devices.ts';
import { hashOf, newCode, newToken, normalCode } from './secrets.ts';
import type { Session } from './sessions.ts';

const tokenBytes = 16;

export interface JoinCode {
  /** Eight signs to read out and type. */
  readonly code: string;
  /** For the QR: stands behind '#', so that no server and no log sees it on the way. */
  readonly token: string;
  /** When it stops working (ms). */
  readonly expiresAt: number;
}

/** Makes a way onto a phone for this person, once, for a few minutes. Codes made for them before stop working. */
export async function makeJoinCode(sql: Sql, by: Session, person: string, now: number): Promise<JoinCode> {
  const code = newCode();
  const token = newToken(tokenBytes);
  const expiresAt = now + joinCodeLivesMs;
  const { station } = by;
  await sql.begin(async (plain) => {
    const tx = plain as TransactionSql;
    await tx`delete from join_code where station_id = ${station} and person_id = ${person} and used_at is null`;
    await tx`insert into join_code (station_id, id, person_id, code_hash, token_hash, made_by, made_at, expires_at)
      values (${station}, ${uuidv7()}, ${person}, ${hashOf(code)}, ${hashOf(token)}, ${by.person}, ${now}, ${expiresAt})`;
    await asStation(tx, station);
    await appendAudit(tx, station, [
      {
        at: now,
        what: 'joinCode.make',
        person: by.person,
        device: by.device,
        about: [`person:${person}`],
        details: {},
      },
    ]);
  });
  return { code, token, expiresAt };
}

export interface Joined extends Session {
  /** Secret of the new session. */
  readonly token: string;
}

/**
 * Uses a code or the token of its QR: exactly once, whoever is first. `former` is the device this browser was, kept
 * when it belongs to the same person. Null when the code is unknown, used or too old.
 */
export async function useJoinCode(
  sql: Sql,
  store: PostgresStore,
  typed: string,
  device: { readonly name: string; readonly former: Session | null },
  now: number,
): Promise<Joined | null> {
  const code = normalCode(typed);
  return sql.begin(async (plain) => {
    const tx = plain as TransactionSql;
    const [found] = await tx<{ station: string; id: string; person: string }[]>`
      update join_code set used_at = ${now}
      where (token_hash = ${hashOf(typed.trim())} or code_hash = ${code === null ? '' : hashOf(code)})
        and used_at is null and expires_at > ${now}
      returning station_id as station, id, person_id as person`;
    if (!found) return null;
    const { station, person } = found;
    const { former } = device;
    const again = former?.station === station && former.person === person ? former.device : null;
    const enrolled = await enrolDevice(
      tx,
      store,
      { station, person, former: again, name: device.name, way: 'join' },
      now,
    );
    return { station, person, ...enrolled };
  }) as Promise<Joined | null>;
}
