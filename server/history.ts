import * as v from 'valibot';
import { hasRole, type Identity } from '#engine/context.ts';
import { historyRowsMax } from './limits.ts';
import type { Sql, TransactionSql } from './postgres/connect.ts';
import { inStation } from './postgres/in-station.ts';

/** One page of what lies beyond the device: rows and where the next page begins, null on the last. */
export interface HistoryPage {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}

/** A read-only question about history. `run` keeps to what this identity may see; it can see its station only. */
export interface HistoryQuery<I = unknown> {
  readonly input: v.GenericSchema<unknown, I>;
  readonly roles: readonly string[];
  run(tx: TransactionSql, identity: Identity, input: I): Promise<HistoryPage>;
}

/** Why a question is not answered; a code word. */
export class HistoryRefused extends Error {
  constructor(readonly code: 'unknown-query' | 'not-allowed' | 'invalid') {
    super(code);
  }
}

/** Answers one question in a transaction that cannot write. Throws `HistoryRefused`. */
export async function readHistory(
  sql: Sql,
  queries: ReadonlyMap<string, HistoryQuery>,
  identity: Identity,
  { name, input }: { readonly name: string; readonly input?: unknown },
): Promise<HistoryPage> {
  const query = queries.get(name);
  if (!query) throw new HistoryRefused('unknown-query');
  if (!hasRole(identity, ...query.roles)) throw new HistoryRefused('not-allowed');
  const parsed = v.safeParse(query.input, input);
  if (!parsed.success) throw new HistoryRefused('invalid');
  const page = await inStation(sql, identity.station, async (tx) => {
    await tx`set transaction read only`;
    return query.run(tx, identity, parsed.output);
  });
  if (page.rows.length > historyRowsMax)
    throw new Error(`The query "${name}" gave more than ${historyRowsMax} rows in one page.`);
  return page;
}
