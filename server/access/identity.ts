import type { Identity } from '#engine/context.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { hashOf } from './secrets.ts';
import type { Session } from './sessions.ts';

export interface KnownPerson {
  readonly identity: Identity;
  readonly name: string;
}

/** A device with the person it belongs to. */
export interface KnownDevice extends KnownPerson {
  readonly session: Session;
}

/** Whose session this is and who they are here now; null when the session is over or the person is not active. */
export async function deviceOf(sql: Sql, token: string, now: number): Promise<KnownDevice | null> {
  const [found] = await sql<(PersonRow & Session)[]>`
    select station, person, device, name, roles, all_communities as "allCommunities", communities
    from known_device(${hashOf(token)}, ${now})`;
  if (!found) return null;
  const { station, person, device } = found;
  return { session: { station, person, device }, ...knownPerson(station, person, found) };
}

interface PersonRow {
  readonly name: string;
  readonly roles: readonly string[];
  readonly allCommunities: boolean;
  readonly communities: readonly string[];
}

function knownPerson(station: string, person: string, { name, roles, allCommunities, communities }: PersonRow) {
  return { name, identity: { station, person, roles, communities: allCommunities ? ('all' as const) : communities } };
}

/** Who this person is here now; null when they are not known or not active any more. */
export async function identityOf(sql: Sql, station: string, person: string): Promise<KnownPerson | null> {
  const [found] = await inStation(
    sql,
    station,
    (tx) => tx<PersonRow[]>`
      select name, roles, all_communities as "allCommunities", communities from person
      where station_id = ${station} and id = ${person} and active`,
  );
  return found ? knownPerson(station, person, found) : null;
}
