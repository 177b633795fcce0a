import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, type Viewer } from '#engine/scope.ts';
import type { Difference, LoadedRow, RecordName } from '#server/exchange/store.ts';
import { followsId, type Suspects } from '#server/exchange/suspects.ts';
import type { TransactionSql } from './connect.ts';
import { KindSql } from './kind-sql.ts';
import { literal, quoted, snakeCase } from './naming.ts';
import { suspectsMax } from '#server/limits.ts';
import { loadRows, type KindStatements } from './push-statements.ts';
import { Parameters, partName, scopeSql } from './scope-sql.ts';

/** What reading records of a station needs. */
interface Reading {
  readonly tx: TransactionSql;
  readonly station: string;
  readonly registry: Registry;
  readonly statements: KindStatements;
}

/** What is compared with what; see `StationTransaction.difference`. */
interface Comparison {
  readonly device: string;
  readonly viewer: Viewer;
  readonly kinds: readonly AnyKind[];
  readonly limit: number;
  readonly suspects: Suspects | null;
}

/** One statement compares what the person sees with what the device holds; then the rows are fetched by kind. */
export async function readDifference(reading: Reading, comparison: Comparison): Promise<Difference> {
  const { tx, station, statements } = reading;
  const { limit } = comparison;
  const parameters = new Parameters();
  const suspects = await unlessTooMany(reading, comparison.suspects);
  const text = differenceSql(reading, { ...comparison, suspects }, parameters);
  const found = await tx.unsafe<(RecordName & { removed: boolean })[]>(text, parameters.values as never[], {
    prepare: true,
  });
  const page = found.slice(0, limit);
  const wanted = page.filter(({ removed }) => !removed);
  const rows = await loadRows(tx, station, statements, { rows: wanted, sets: [] });
  const removed = page.filter((one) => one.removed).map(({ kind, id }) => ({ kind, id }));
  return { removed, rows: inOrder(wanted, rows), more: found.length > limit };
}

/**
 * When a whole subdistrict has written since, what a device holds is far less than what could have changed: then the
 * same kinds are compared from end to end.
 */
async function unlessTooMany({ tx, station, registry }: Reading, suspects: Suspects | null): Promise<Suspects | null> {
  if (!suspects) return null;
  const names = [...suspects.kinds.keys()];
  const written = names.filter((name) => suspects.kinds.get(name) === 'written');
  if (written.length === 0) return suspects;
  const parts = written.map(
    (name) => `select from ${KindSql.of(registry.kind(name)).table} where station_id = $1 and version > $2`,
  );
  const text = `select count(*) as count from (${parts.join(' union all ')} limit ${suspectsMax + 1}) n`;
  const [found] = await tx.unsafe<{ count: number }[]>(text, [station, suspects.since], { prepare: true });
  if ((found?.count ?? 0) <= suspectsMax) return suspects;
  return { ...suspects, kinds: new Map(names.map((name) => [name, 'all'])) };
}

function inOrder(wanted: readonly RecordName[], rows: readonly LoadedRow[]): readonly LoadedRow[] {
  const byName = new Map(rows.map((one) => [`${one.kind}\u0000${one.row.id}`, one]));
  return wanted.flatMap(({ kind, id }) => byName.get(`${kind}\u0000${id}`) ?? []);
}

function differenceSql({ registry, station }: Reading, comparison: Comparison, parameters: Parameters): string {
  const { viewer, kinds, limit, suspects } = comparison;
  // Parts of kinds that only others lean on are there too; PostgreSQL leaves out what nobody asks for.
  const { parts, kinds: known } = scopeSql(registry, viewer, station, parameters);
  const seen = kinds
    .filter(({ name }) => known.some((one) => one.name === name))
    .map(
      ({ name }, place) =>
        `select ${literal(name)}, ${place}, id, version from ${partName(name)}${among(name, suspects)}`,
    );
  const all = [
    ...suspectParts(registry, viewer, station, suspects, parameters),
    ...parts,
    `seen(kind, place, id, version) as (${
      seen.length > 0 ? seen.join(' union all ') : `select ''::text, 0, ''::text, 0::bigint where false`
    })`,
    `held as (${heldSql(station, comparison, parameters)})`,
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

/**
 * What the device is noted to hold. Of suspects each is looked up by itself: just after a filling nothing tells
 * PostgreSQL how much there is for one device, and it would read all of it.
 */
function heldSql(station: string, { device, kinds, suspects }: Comparison, parameters: Parameters): string {
  const noted =
    `select h.kind, h.id, h.version, h.removed from device_row h ` +
    `where h.station_id = ${parameters.add(station, 'text')} and h.device_id = ${parameters.add(device, 'text')}`;
  if (!suspects) return noted;
  const ofKind = (name: string): string =>
    suspects.kinds.get(name) === 'written'
      ? `select h.* from ${suspectName(name)} q cross join lateral ` +
        `(${noted} and h.kind = ${literal(name)} and h.id = q.id limit 1) h`
      : `${noted} and h.kind = ${literal(name)}`;
  return kinds.map(({ name }) => ofKind(name)).join(' union all ');
}

/** The condition that keeps to the suspects of a kind; nothing where all are. */
function among(kind: string, suspects: Suspects | null): string {
  return suspects?.kinds.get(kind) === 'written' ? ` where id in (select id from ${suspectName(kind)})` : '';
}

function suspectName(kind: string): string {
  return quoted(`suspect_${snakeCase(kind)}`);
}

/** For each kind that is not looked at from end to end: the ids written since, or tied to such a record by its id. */
function suspectParts(
  registry: Registry,
  viewer: Viewer,
  station: string,
  suspects: Suspects | null,
  parameters: Parameters,
): string[] {
  const kinds = registry.kinds.filter(({ name }) => suspects?.kinds.get(name) === 'written');
  // A place that no part names would have no type.
  if (!suspects || kinds.length === 0) return [];
  const [place, since] = [parameters.add(station, 'text'), parameters.add(suspects.since, 'bigint')];
  return kinds.map((kind) => {
    const own = KindSql.of(kind);
    const tied = rulesFor(kind.sees, viewer)
      .filter(followsId)
      .filter((rule) => suspects.kinds.get(rule.kind) === 'written')
      .map(
        (rule) =>
          `select t.id from ${own.table} t where t.station_id = ${place} ` +
          `and t.${own.column(rule.own).name} in (select id from ${suspectName(rule.kind)})`,
      );
    const written = [
      `select id from ${own.table} where station_id = ${place} and version > ${since}`,
      `select id from gone where station_id = ${place} and kind = ${literal(kind.name)} and version > ${since}`,
    ];
    return `${suspectName(kind.name)}(id) as (${[...new Set([...written, ...tied])].join(' union ')})`;
  });
}
