import type { Registry } from '#engine/registry.ts';
import type { Sql } from './connect.ts';
import { tableShape, type TableShape } from './ddl.ts';

/** Tables of the frame; all others hold records of a declared kind. */
const frameTables = [
  'migration',
  'epoch',
  'station',
  'station_clock',
  'act',
  'review',
  'audit',
  'device_state',
  'device_row',
  'gone',
  'job_run',
  'account',
  'session',
  'join_code',
  'guess',
];

interface FoundTable {
  readonly name: string;
  readonly rls: boolean;
  readonly forced: boolean;
  readonly policies: number;
}

/**
 * Where the database differs from the declarations, one sentence each: tables, columns, types, nullability, keys,
 * indexes, lists of values, and the second lock. Empty when they agree.
 */
export async function compareSchema(sql: Sql, registry: Registry): Promise<readonly string[]> {
  const tables = await sql<FoundTable[]>`
    select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
      (select count(*) from pg_policy p where p.polrelid = c.oid)::int as policies
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`;
  const shapes = registry.kinds.map(tableShape);
  const undeclared = tables
    .filter(({ name }) => !frameTables.includes(name) && !shapes.some(({ table }) => table === name))
    .map(({ name }) => `table ${name} belongs to no kind`);
  const differences = await Promise.all(
    shapes.map(async (shape) => {
      const found = tables.find(({ name }) => name === shape.table);
      return found
        ? [...lockDifferences(found), ...(await tableDifferences(sql, shape))]
        : [`${shape.table} is missing`];
    }),
  );
  return [...undeclared, ...differences.flat()].sort();
}

function lockDifferences({ name, rls, forced, policies }: FoundTable): string[] {
  return rls && forced && policies === 1 ? [] : [`${name}: the second lock (row-level security) is open`];
}

async function tableDifferences(sql: Sql, shape: TableShape): Promise<string[]> {
  const { table } = shape;
  const [columns, constraints, indexes] = await Promise.all([
    sql<{ name: string; type: string; nullable: boolean }[]>`
      select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
      from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`,
    sql<{ name: string; definition: string; type: string }[]>`
      select conname as name, pg_get_constraintdef(oid) as definition, contype as type
      from pg_constraint where conrelid = ${table}::regclass and contype in ('c', 'f', 'u')`,
    sql<{ name: string; columns: string[] }[]>`
      select i.indexrelid::regclass::text as name,
        array(select attname::text from unnest(i.indkey) with ordinality k(number, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number order by place) as columns
      from pg_index i where i.indrelid = ${table}::regclass and not i.indisunique`,
  ]);
  const expected = {
    columns: shape.columns.map(({ name, type, nullable }) => columnText(name, type, nullable)),
    constraints: constraintTexts(shape),
    indexes: shape.indexes.map((index) => `index on ${['station_id', ...index.columns].join(', ')}`),
  };
  const real = {
    columns: columns.map(({ name, type, nullable }) => columnText(name, shortType(type), nullable)),
    constraints: constraints.map(({ type, definition }) => constraintText(type, definition)),
    indexes: indexes.map((index) => `index on ${index.columns.join(', ')}`),
  };
  return (['columns', 'constraints', 'indexes'] as const).flatMap((part) =>
    differing(table, expected[part], real[part]),
  );
}

function differing(table: string, expected: readonly string[], real: readonly string[]): string[] {
  return [
    ...expected.filter((one) => !real.includes(one)).map((one) => `${table}: declared, not in the database: ${one}`),
    ...real.filter((one) => !expected.includes(one)).map((one) => `${table}: in the database, not declared: ${one}`),
  ];
}

function columnText(name: string, type: string, nullable: boolean): string {
  return `${name} ${type}${nullable ? '' : ' not null'}`;
}

function shortType(type: string): string {
  return type === 'timestamp with time zone' ? 'timestamptz' : type.replace(' without time zone', '');
}

function constraintTexts(shape: TableShape): string[] {
  return [
    'foreign key (station_id) references station(id)',
    ...shape.foreignKeys.map(
      ({ column, refers }) =>
        `foreign key (station_id, ${column}) references ${refers}(station_id, id) deferrable initially deferred`,
    ),
    ...shape.uniques.map(
      ({ columns }) => `unique (${['station_id', ...columns].join(', ')}) deferrable initially deferred`,
    ),
    ...shape.checks.map(({ expression }) => listText(expression)),
  ];
}

function constraintText(type: string, definition: string): string {
  return type === 'c' ? listText(definition) : definition.replaceAll('"', '').toLowerCase();
}

/** PostgreSQL writes a list of values in its own way; what counts is the column and the values. */
function listText(definition: string): string {
  const values = [...definition.matchAll(/'((?:[^']|'')*)'/g)].map(([, value]) => value);
  const column = definition.replace(/^check/i, '').match(/[a-z_][a-z0-9_]*/)?.[0];
  return `${column} is one of ${values.join(' | ')}`;
}
