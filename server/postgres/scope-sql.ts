import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, wholeRule, type SeeRule, type Viewer } from '#engine/scope.ts';
import { KindSql } from './kind-sql.ts';
import { quoted, snakeCase } from './naming.ts';

/** Numbered parameters of a statement that is put together piece by piece. */
export class Parameters {
  readonly values: unknown[] = [];
  readonly #places = new Map<string, number>();

  /** The place of a value, e.g. '$3::text'; equal values of one type share one. */
  add(value: unknown, type: string): string {
    const key = `${type} ${JSON.stringify(value)}`;
    const place = this.#places.get(key) ?? this.values.push(value);
    this.#places.set(key, place);
    return `$${place}::${type}`;
  }
}

export interface ScopeSql {
  /** `with …` parts, one per kind the person sees anything of: seen_<table> (id, version, …). */
  readonly parts: readonly string[];
  /** The kinds with a part, in the order of the registry. */
  readonly kinds: readonly AnyKind[];
}

/**
 * The scope rules as SQL: for each kind the records this person sees now. Rules are joined by `union`, so that each
 * can use the index it needs; a kind seen through another one asks that one's part.
 */
export function scopeSql(registry: Registry, viewer: Viewer, station: string, parameters: Parameters): ScopeSql {
  const kinds: AnyKind[] = [];
  const parts: string[] = [];
  for (const kind of registry.kinds) {
    const whole = wholeRule(kind, viewer);
    const rules = whole ? [whole] : rulesFor(kind.sees, viewer).filter((rule) => isKnown(rule, kinds));
    if (rules.length === 0) continue;
    const own = KindSql.of(kind);
    const columns = ['id', 'version', ...fieldsAskedFor(registry, kind).map((field) => own.column(field).name)];
    const selects = rules.map(
      (rule) =>
        `select ${columns.map((column) => `t.${column}`).join(', ')} from ${own.table} t where ` +
        conditionsOf(registry, own, rule, viewer, station, parameters).join(' and '),
    );
    // What is seen whole is the table itself: asked for by id it is looked up, not read from end to end first.
    const how = whole ? 'as not materialized' : 'as';
    parts.push(`${partName(kind.name)} ${how} (${[...new Set(selects)].join(' union ')})`);
    kinds.push(kind);
  }
  return { parts, kinds };
}

function isKnown(rule: SeeRule, kinds: readonly AnyKind[]): boolean {
  return rule.by !== 'joined' || kinds.some(({ name }) => name === rule.kind);
}

/** Name of a kind's part. */
export function partName(kind: string): string {
  return quoted(`seen_${snakeCase(kind)}`);
}

/** By registry and kind, since every pull asks. */
const asked = new WeakMap<Registry, Map<AnyKind, readonly string[]>>();

/** Fields of a kind through which other kinds are seen. */
function fieldsAskedFor(registry: Registry, kind: AnyKind): readonly string[] {
  const known = asked.get(registry) ?? new Map<AnyKind, readonly string[]>();
  asked.set(registry, known);
  const fields = known.get(kind) ?? findFieldsAskedFor(registry, kind);
  known.set(kind, fields);
  return fields;
}

function findFieldsAskedFor(registry: Registry, kind: AnyKind): string[] {
  const others = registry.kinds.flatMap(({ sees }) =>
    sees.flatMap((rule) => (rule.by === 'joined' && rule.kind === kind.name && rule.other !== 'id' ? rule.other : [])),
  );
  return [...new Set(others)].sort();
}

function conditionsOf(
  registry: Registry,
  own: KindSql,
  rule: SeeRule,
  viewer: Viewer,
  station: string,
  parameters: Parameters,
): string[] {
  const conditions = ownConditions(own, rule, viewer, station, parameters);
  if (rule.by !== 'joined') return conditions;
  const other = KindSql.of(registry.kind(rule.kind)).column(rule.other).name;
  return [...conditions, `t.${own.column(rule.own).name} in (select s.${other} from ${partName(rule.kind)} s)`];
}

/** What a rule asks of the record itself, as conditions on `t`. */
export function ownConditions(
  own: KindSql,
  rule: SeeRule,
  viewer: Viewer,
  station: string,
  parameters: Parameters,
): string[] {
  const conditions = [`t.station_id = ${parameters.add(station, 'text')}`];
  if (rule.by === 'mine')
    conditions.push(`t.${own.column(rule.field).name} = ${parameters.add(viewer.person, 'text')}`);
  if (rule.by === 'station' && rule.within !== undefined && viewer.communities !== 'all')
    conditions.push(`t.${own.column(rule.within).name} = any(${parameters.add([...viewer.communities], 'text[]')})`);
  return [...conditions, ...baseConditions(own, rule, viewer, parameters)];
}

function baseConditions(own: KindSql, { days, having }: SeeRule, viewer: Viewer, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (days) {
    const today = parameters.add(viewer.today, 'date');
    const [from, to] = [days.from, days.to].map((count) => `${today} + ${Math.trunc(count)}`);
    conditions.push(`t.${own.column(days.field).name} between ${from} and ${to}`);
  }
  if (having) {
    const { name, type } = own.column(having.field);
    conditions.push(`t.${name} = any(${parameters.add([...having.values].map(String), 'text[]')}::${type}[])`);
  }
  return conditions;
}
