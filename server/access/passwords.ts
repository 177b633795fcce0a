import { hash, verify } from '@node-rs/argon2';
import { appendAudit } from '#server/postgres/audit.ts';
import type { Sql, TransactionSql } from '#server/postgres/connect.ts';
import { asStation } from '#server/postgres/in-station.ts';
import type { Session } from './sessions.ts';

/** OWASP's smallest advised setting of argon2id; about 10 ms here. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Shortest password that may be set. */
export const passwordLengthMin = 8;

/** Gives a person a name and password to sign in with, or new ones. The name is unique on this server. */
export async function setPassword(
  sql: Sql | TransactionSql,
  station: string,
  person: string,
  name: string,
  password: string,
): Promise<void> {
  await writePassword(sql, { station, person, name }, await hash(password, cost));
}

async function writePassword(
  sql: Sql | TransactionSql,
  { station, person, name }: { readonly station: string; readonly person: string; readonly name: string },
  passwordHash: string,
): Promise<void> {
  await sql`insert into account (station_id, person_id, name, password_hash)
    values (${station}, ${person}, ${name}, ${passwordHash})
    on conflict (station_id, person_id) do update set name = excluded.name, password_hash = excluded.password_hash`;
}

/**
 * As `setPassword`, by a coordinator for somebody of their station, noted in the audit. Browsers that are signed in stay
 * so. Returns false when another person on this server has the name.
 */
export async function giveSignIn(
  sql: Sql,
  by: Session,
  given: { readonly person: string; readonly name: string; readonly password: string },
  now: number,
): Promise<boolean> {
  const { station } = by;
  const { person, name, password } = given;
  const [taken] = await sql`select from account
    where lower(name) = lower(${name}) and not (station_id = ${station} and person_id = ${person})`;
  if (taken) return false;
  // Before the transaction: one that waits for anything but the database is not told of a lost line in time.
  const passwordHash = await hash(password, cost);
  await sql.begin(async (plain) => {
    const tx = plain as TransactionSql;
    await writePassword(tx, { station, person, name }, passwordHash);
    await asStation(tx, station);
    const about = [`person:${person}`];
    await appendAudit(tx, station, [
      { at: now, what: 'account.set', person: by.person, device: by.device, about, details: {} },
    ]);
  });
  return true;
}

/** Whose name and password these are; null when they do not fit. Takes as long for an unknown name. */
export async function personByPassword(
  sql: Sql,
  name: string,
  password: string,
): Promise<{ station: string; person: string } | null> {
  const [found] = await sql<{ station: string; person: string; hash: string }[]>`
    select station_id as station, person_id as person, password_hash as hash from account
    where lower(name) = lower(${name})`;
  const right = await verify(found?.hash ?? (await unknownHash()), password);
  return found && right ? { station: found.station, person: found.person } : null;
}

let hashForUnknown: Promise<string> | undefined;

function unknownHash(): Promise<string> {
  hashForUnknown ??= hash('nobody has this password', cost);
  return hashForUnknown;
}
