import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { Tables } from '#engine/tables.ts';
import type { TransactionSql } from './connect.ts';
import { KindSql } from './kind-sql.ts';

/**
 * All records of some kinds of the station that the transaction was opened for, as rules read them. For jobs that look
 * at a whole day; an act loads only what it asks for.
 */
export async function readTables(tx: TransactionSql, registry: Registry, kinds: readonly AnyKind[]): Promise<Tables> {
  const tables = new Tables(registry);
  for (const kind of kinds) {
    const sql = new KindSql(kind);
    const found = await tx.unsafe(`select ${sql.select} from ${sql.table} t`);
    for (const row of found) {
      const loaded = sql.fromRow(row);
      tables.of(kind.name).set(loaded.row.id, loaded.row);
    }
  }
  return tables;
}
