import type { Sql, TransactionSql } from './connect.ts';

/** The role as which the app reads and writes records; it sees one station only. */
export const appRole = 'nuanlin_app';

/**
 * Runs `work` in one transaction that can see and change this station only: row-level security is the second lock,
 * should a query forget to ask for the station. `oneMoment`: every statement sees the same state of the database.
 */
export function inStation<T>(
  sql: Sql,
  station: string,
  work: (tx: TransactionSql) => Promise<T>,
  { oneMoment = false }: { oneMoment?: boolean } = {},
): Promise<T> {
  return sql.begin(oneMoment ? 'isolation level repeatable read' : '', async (tx) => {
    await tx`select set_config('role', ${appRole}, true), set_config('nuanlin.station', ${station}, true)`;
    return work(tx as TransactionSql);
  }) as Promise<T>;
}
