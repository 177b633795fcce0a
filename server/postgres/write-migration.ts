import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { addForeignKey, createTable, tableShape } from './ddl.ts';
import { snakeCase } from './naming.ts';

export interface WrittenMigration {
  readonly sql: string;
  /** Keys that could not be written because the table they point to is not made before this migration. */
  readonly missing: readonly string[];
}

/** Text of the migrations that stand: those that run before the new one, and those that run after it. */
export interface ExistingMigrations {
  readonly before: string;
  readonly after: string;
}

/**
 * The text of a migration that makes the tables of `kinds`. Keys between tables made before and the new ones are added
 * here too, whichever of the two was declared first.
 */
export function writeMigration(
  registry: Registry,
  kinds: readonly AnyKind[],
  { before, after }: ExistingMigrations,
): WrittenMigration {
  const tables = tablesIn(before);
  const keys = namesIn(`${before}\n${after}`, /add constraint "?([a-z0-9_]+)"?/g);
  const made = new Set(kinds.map(({ name }) => snakeCase(name)));
  const has = (table: string): boolean => tables.has(table) || made.has(table);
  const wanted = registry.kinds
    .flatMap((kind) => tableShape(kind).foreignKeys)
    .filter(({ name, table }) => has(table) && !keys.has(name));
  const ready = wanted.filter(({ refers }) => has(refers));
  const missing = wanted.filter(({ refers }) => !has(refers)).map(({ table, column }) => `${table}.${column}`);
  return { sql: `${[...kinds.map(createTable), ready.map(addForeignKey).join('\n')].join('\n\n').trim()}\n`, missing };
}

/** Kinds for which no migration makes a table. */
export function kindsWithoutTable(registry: Registry, { before, after }: ExistingMigrations): readonly AnyKind[] {
  const tables = tablesIn(`${before}\n${after}`);
  return [...registry.kinds]
    .filter(({ name }) => !tables.has(snakeCase(name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function tablesIn(sql: string): ReadonlySet<string> {
  return namesIn(sql, /create table "?([a-z0-9_]+)"?/g);
}

function namesIn(sql: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...sql.matchAll(pattern)].map(([, name]) => name as string));
}
