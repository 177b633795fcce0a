import * as v from 'valibot';
import type { Field, Fields } from '#engine/field.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { LoadedRow } from '#server/exchange/store.ts';
import { instantText } from './connect.ts';
import { quoted, snakeCase } from './naming.ts';

interface KindColumn {
  readonly field: string;
  readonly column: string;
  readonly type: Field['column'];
  readonly schema: Field['schema'];
}

const made = new WeakMap<AnyKind, KindSql>();

/** The statements for one kind's table and the way between its rows and records. */
export class KindSql {
  readonly table: string;
  readonly select: string;
  readonly upsert: string;
  readonly #columns: readonly KindColumn[];

  /** The statements of a kind, put together once: every pull asks for those of all kinds. */
  static of(kind: AnyKind): KindSql {
    const known = made.get(kind);
    if (known) return known;
    const own = new KindSql(kind);
    made.set(kind, own);
    return own;
  }

  constructor(readonly kind: AnyKind) {
    this.table = quoted(snakeCase(kind.name));
    this.#columns = Object.entries(kind.fields as Fields).map(([field, { column, schema }]) => ({
      field,
      column: snakeCase(field),
      type: column,
      schema,
    }));
    const names = this.#columns.map(({ column }) => quoted(column));
    this.select = ['id', 'version', ...names].map((name) => `t.${name}`).join(', ');
    const typed = ['id text', ...this.#columns.map(({ column, type }) => `${quoted(column)} ${type}`)].join(', ');
    const sets = ['version', ...names].map((name) => `${name} = excluded.${name}`).join(', ');
    this.upsert =
      `insert into ${this.table} (station_id, version, ${['id', ...names].join(', ')}) ` +
      `select $1, $2::bigint, r.* from jsonb_to_recordset($3::text::jsonb) as r(${typed}) ` +
      `on conflict (station_id, id) do update set ${sets}`;
  }

  /** Column and type of a field; 'id' has both too. Throws for a name that is not declared. */
  column(field: string): { readonly name: string; readonly type: Field['column'] } {
    if (field === 'id') return { name: 'id', type: 'text' };
    const found = this.#columns.find((one) => one.field === field);
    if (!found) throw new Error(`${this.kind.name} has no field "${field}".`);
    return { name: quoted(found.column), type: found.type };
  }

  /** The record as `upsert` takes it, one object of its JSON list. */
  toJson(row: Row): Record<string, unknown> {
    const json: Record<string, unknown> = { id: row.id };
    for (const { field, column, type } of this.#columns) json[column] = valueOut(type, row[field]);
    return json;
  }

  fromRow(found: Readonly<Record<string, unknown>>): LoadedRow {
    const row: Record<string, unknown> = { id: found.id };
    for (const { field, column, type, schema } of this.#columns) {
      const value = found[column] ?? null;
      row[field] = type === 'jsonb' ? inDeclaredOrder(schema, value) : value;
    }
    return { kind: this.kind.name, version: found.version as number, row: row as Row };
  }
}

function valueOut(type: Field['column'], value: unknown): unknown {
  return type === 'timestamptz' && typeof value === 'number' ? instantText(value) : (value ?? null);
}

/** jsonb sorts keys its own way; records compare by their text, so keys stand again as declared. */
function inDeclaredOrder(schema: Field['schema'], value: unknown): unknown {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : value;
}
