import type { AnyKind } from '#engine/kind.ts';
import type { Fields } from '#engine/field.ts';
import { dayOf } from '#engine/calendar.ts';
import type { Identity } from '#engine/context.ts';
import type { Registry } from '#engine/registry.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { KindSql } from '#server/postgres/kind-sql.ts';
import { Parameters, partName, scopeSql } from '#server/postgres/scope-sql.ts';

/** Whether this person may see, now, a record of their station that carries this photo in a field not kept from them. */
export async function mayReadPhoto(
  sql: Sql,
  registry: Registry,
  identity: Identity,
  hash: string,
  now: number,
): Promise<boolean> {
  const statement = photoStatement(registry, identity, hash, now);
  if (!statement) return false;
  const found = await inStation(sql, identity.station, (tx) =>
    tx.unsafe(statement.text, statement.parameters.values as never[]),
  );
  return found.length > 0;
}

/** Asks the scope of each kind with photos; undefined when this person sees none of them. */
function photoStatement(registry: Registry, identity: Identity, hash: string, now: number) {
  const parameters = new Parameters();
  const { parts, kinds } = scopeSql(registry, { ...identity, today: dayOf(now) }, identity.station, parameters);
  const asked = kinds.flatMap((kind) => {
    const carries = carriesPhoto(kind, identity.roles, parameters.add(hash, 'text'));
    if (carries.length === 0) return [];
    const station = parameters.add(identity.station, 'text');
    const seen = `t.id in (select s.id from ${partName(kind.name)} s)`;
    const { table } = new KindSql(kind);
    return `select 1 from ${table} t where t.station_id = ${station} and (${carries.join(' or ')}) and ${seen}`;
  });
  if (asked.length === 0) return undefined;
  return { text: `with ${parts.join(', ')} ${asked.join(' union all ')} limit 1`, parameters };
}

function carriesPhoto(kind: AnyKind, roles: readonly string[], hash: string): string[] {
  const own = new KindSql(kind);
  return Object.entries(kind.fields as Fields)
    .filter(([, { only }]) => only === undefined || only.some((role) => roles.includes(role)))
    .flatMap(([name, { input }]) => {
      if (input !== 'photo' && input !== 'photos') return [];
      const column = `t.${own.column(name).name}`;
      return input === 'photo' ? `${column} = ${hash}` : `${column} @> array[${hash}]`;
    });
}
