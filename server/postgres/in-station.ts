import type { Sql, TransactionSql } from './connect.ts';

/** The role as which the app reads and writes records; it sees one station only. */
export const appRole = 'nuanlin_app';

/**
 * From here on the transaction sees and changes one station only. For sign-in, which begins before the station is
 * known; everything else starts with `inStation`.
 */
export async function asStation(tx: TransactionSql, station: string): Promise<void> {
  await tx`select set_config('role', ${appRole}, true), set_config('nuanlin.station', ${station}, true)`;
}

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
    // Sent together with what the work asks first. Should it fail, all that follows fails too; the connection is given
    // back only when nothing of the work is under way any more.
    const opened = asStation(tx as TransactionSql, station);
    const done = work(tx as TransactionSql);
    await Promise.allSettled([opened, done]);
    await opened;
    return done;
  }) as Promise<T>;
}
