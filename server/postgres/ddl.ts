import type { Field, Fields } from '#engine/field.ts';
import type { AnyKind } from '#engine/kind.ts';
import { literal, quoted, snakeCase } from './naming.ts';

/** Columns every table of records has besides those of its fields. */
const ownColumns = ['id', 'version', 'stationId'];

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly refers: string;
}

/** What the database must have for a kind; the migration script writes it and the drift test asks for it. */
export interface TableShape {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly checks: readonly { readonly name: string; readonly expression: string }[];
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** The table of a kind, derived from its declaration. Throws for a field whose name is taken. */
export function tableShape(kind: AnyKind): TableShape {
  const table = snakeCase(kind.name);
  const fields = Object.entries(kind.fields as Fields);
  const taken = fields.find(([name]) => ownColumns.includes(name));
  if (taken) throw new Error(`${kind.name}.${taken[0]}: every table has a column of that name already.`);
  const named = (columns: readonly string[], what: string) => shortName([table, ...columns, what].join('_'));
  return {
    table,
    columns: [
      { name: 'station_id', type: 'text', nullable: false },
      { name: 'id', type: 'text', nullable: false },
      { name: 'version', type: 'bigint', nullable: false },
      ...fields.map(([name, { column, optional }]) => ({ name: snakeCase(name), type: column, nullable: optional })),
    ],
    checks: fields.flatMap(([name, field]) => {
      const expression = checkOf(snakeCase(name), field);
      return expression === null ? [] : [{ name: named([snakeCase(name)], 'list'), expression }];
    }),
    uniques: (kind.unique as string[][]).map((set) => {
      const columns = set.map(snakeCase);
      return { name: named(columns, 'once'), columns };
    }),
    indexes: [['version'], ...(kind.index as string[]).map((field) => [field])].map((set) => {
      const columns = set.map(snakeCase);
      return { name: named(columns, 'index'), columns };
    }),
    foreignKeys: fields.flatMap(([name, { refers }]) => {
      if (refers === undefined) return [];
      const column = snakeCase(name);
      return [{ name: named([column], 'fkey'), table, column, refers: snakeCase(refers) }];
    }),
  };
}

function checkOf(column: string, { column: type, values }: Field): string | null {
  if (values === undefined) return null;
  const list = values.map(literal).join(', ');
  return type === 'text[]' ? `${quoted(column)} <@ array[${list}]::text[]` : `${quoted(column)} in (${list})`;
}

/** PostgreSQL cuts names at 63 bytes; a cut name keeps its end, which tells what it is. */
function shortName(name: string): string {
  return name.length <= 63 ? name : `${name.slice(0, 40)}_${name.slice(-22)}`;
}

/** The statement that makes the table of a kind with its checks and indexes; keys to other tables come apart. */
export function createTable(kind: AnyKind): string {
  const shape = tableShape(kind);
  const table = quoted(shape.table);
  const lines = [
    ...shape.columns.map(({ name, type, nullable }) => `${quoted(name)} ${type}${nullable ? '' : ' not null'}`),
    'primary key (station_id, id)',
    'foreign key (station_id) references station (id)',
    ...shape.checks.map(({ name, expression }) => `constraint ${quoted(name)} check (${expression})`),
    ...shape.uniques.map(({ name, columns }) => {
      const list = ['station_id', ...columns.map(quoted)].join(', ');
      return `constraint ${quoted(name)} unique (${list}) deferrable initially deferred`;
    }),
  ];
  const indexes = shape.indexes.map(
    ({ name, columns }) =>
      `create index ${quoted(name)} on ${table} (${['station_id', ...columns.map(quoted)].join(', ')});`,
  );
  const station = "station_id = current_setting('nuanlin.station', true)";
  return [
    `create table ${table} (\n  ${lines.join(',\n  ')}\n);`,
    ...indexes,
    `alter table ${table} enable row level security;`,
    `alter table ${table} force row level security;`,
    `create policy own_station on ${table} using (${station}) with check (${station});`,
    `grant select, insert, update, delete on ${table} to nuanlin_app;`,
  ].join('\n');
}

/** The statement that adds a key; checked when the transaction ends, so that a batch may come in any order. */
export function addForeignKey({ name, table, column, refers }: ForeignKey): string {
  return (
    `alter table ${quoted(table)} add constraint ${quoted(name)} foreign key (station_id, ${quoted(column)}) ` +
    `references ${quoted(refers)} (station_id, id) deferrable initially deferred;`
  );
}
