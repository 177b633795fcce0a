import type { Row } from '#engine/kind.ts';
import { appendAudit, lockHead, type AuditEntry } from './audit.ts';
import type { TransactionSql } from './connect.ts';
import type { PostgresStore } from './postgres-store.ts';
import { loadRows, writeBatch } from './push-statements.ts';

export interface FrameChange {
  readonly kind: string;
  readonly id: string;
  /** What the record becomes; receives what it is, or null when there is none. Null leaves it alone. */
  readonly become: (before: Row | null) => Row | null;
}

/**
 * Changes records that belong to the frame itself (devices) rather than to an act, through the same versioned write,
 * with its entry in the audit. Call in a transaction that works for the station.
 */
export async function changeFrameRecord(
  tx: TransactionSql,
  store: PostgresStore,
  station: string,
  { kind, id, become }: FrameChange,
  entry: AuditEntry,
): Promise<void> {
  const head = await lockHead(tx, station);
  const [held] = await loadRows(tx, station, store.statements, { rows: [{ kind, id }], sets: [] });
  const row = become(held?.row ?? null);
  const rows = row === null ? [] : [{ kind, id, row }];
  await writeBatch(tx, station, store.statements, { version: head.version + 1, rows, acts: [], clashes: [] }, head);
  await appendAudit(tx, station, [entry]);
}
