import type { Identity } from '#engine/context.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';

export interface KnownPerson {
  readonly identity: Identity;
  readonly name: string;
}

/** Who this person is here now; null when they are not known or not active any more. */
export async function identityOf(sql: Sql, station: string, person: string): Promise<KnownPerson | null> {
  const [found] = await inStation(
    sql,
    station,
    (tx) => tx<{ name: string; roles: string[]; allCommunities: boolean; communities: string[] }[]>`
      select name, roles, all_communities as "allCommunities", communities from person
      where station_id = ${station} and id = ${person} and active`,
  );
  if (!found) return null;
  const { name, roles, allCommunities, communities } = found;
  return { name, identity: { station, person, roles, communities: allCommunities ? 'all' : communities } };
}
