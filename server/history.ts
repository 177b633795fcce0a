import * as v from 'valibot';
import { dayOf } from '#engine/calendar.ts';
import { hasRole, type Identity } from '#engine/context.ts';
import type { Registry } from '#engine/registry.ts';
import { appendAudit } from './postgres/audit.ts';
import { historyRowsMax } from './limits.ts';
import type { Sql, TransactionSql } from './postgres/connect.ts';
import { inStation } from './postgres/in-station.ts';

/** One page of what lies beyond the device: rows and where the next page begins, null on the last. */
export interface HistoryPage {
  readonly rows: readonly unknown[];
  readonly next: string | null;
  /** Records whose past it tells, 'kind:id': that somebody has read it is noted. */
  readonly about?: readonly string[];
}

export interface HistorySetting {
  readonly registry: Registry;
  /** Day in the station's calendar. */
  readonly today: string;
}

/** A read-only question about history. `run` keeps to what this identity may see; it can see its station only. */
export interface HistoryQuery<I = unknown> {
  readonly input: v.GenericSchema<unknown, I>;
  /** Who may ask; null: everybody, as `run` keeps to what they may see. */
  readonly roles: readonly string[] | null;
  run(tx: TransactionSql, identity: Identity, input: I, setting: HistorySetting): Promise<HistoryPage>;
}

/** Why a question is not answered; a code word. */
export class HistoryRefused extends Error {
  constructor(readonly code: 'unknown-query' | 'not-allowed' | 'invalid') {
    super(code);
  }
}

/** Whoever asks, and when (ms, UTC). */
export interface HistoryAsker {
  readonly identity: Identity;
  readonly device: string;
  readonly registry: Registry;
  readonly now: number;
}

/** Answers one question in a transaction that cannot write; the audit notes whose past was read. Throws `HistoryRefused`. */
export async function readHistory(
  sql: Sql,
  queries: ReadonlyMap<string, HistoryQuery>,
  { identity, device, registry, now }: HistoryAsker,
  { name, input }: { readonly name: string; readonly input?: unknown },
): Promise<Omit<HistoryPage, 'about'>> {
  const query = queries.get(name);
  if (!query) throw new HistoryRefused('unknown-query');
  if (query.roles && !hasRole(identity, ...query.roles)) throw new HistoryRefused('not-allowed');
  const parsed = v.safeParse(query.input, input);
  if (!parsed.success) throw new HistoryRefused('invalid');
  const page = await inStation(sql, identity.station, async (tx) => {
    await tx`set transaction read only`;
    return query.run(tx, identity, parsed.output, { registry, today: dayOf(now) });
  });
  if (page.rows.length > historyRowsMax)
    throw new Error(`The query "${name}" gave more than ${historyRowsMax} rows in one page.`);
  const { about = [], ...told } = page;
  if (about.length > 0) {
    const details = { name, rows: page.rows.length };
    const entry = { at: now, what: 'history.read', person: identity.person, device, about, details };
    await inStation(sql, identity.station, (tx) => appendAudit(tx, identity.station, [entry]));
  }
  return told;
}
