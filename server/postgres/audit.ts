import { createHash } from 'node:crypto';
import { canonicalJson } from '#server/exchange/content.ts';
import { instantText, type TransactionSql } from './connect.ts';

export interface AuditEntry {
  /** When the server took it (ms, UTC). */
  readonly at: number;
  /** Name of the act, or of what happened: 'session.start'. */
  readonly what: string;
  readonly person: string | null;
  readonly device: string | null;
  /** Names of records, 'kind:id'. */
  readonly about: readonly string[];
  /** Ids and codes only, never names, numbers or addresses of people. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Appends entries to the station's chain, each carrying the hash of the one before it. Takes the station's counter. */
export async function appendAudit(tx: TransactionSql, station: string, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length > 0) await writeAudit(tx, station, await readHead(tx, station), entries);
}

/** The station's row as a writer finds it, with the lock on it. */
export interface StationHead {
  readonly kinds: Readonly<Record<string, number>>;
  readonly sums: Readonly<Record<string, number>>;
  /** Number and hash of the newest entry. */
  readonly number: number;
  readonly hash: string;
}

export async function readHead(tx: TransactionSql, station: string): Promise<StationHead> {
  const [head] = await tx<StationHead[]>`
    select kinds, sums, audit_number as number, audit_hash as hash
    from station_clock where station_id = ${station} for update`;
  if (!head) throw new Error('The station is not in the database.');
  return head;
}

/** Appends entries behind `head`, which its caller has read in this transaction. */
export async function writeAudit(
  tx: TransactionSql,
  station: string,
  head: Pick<StationHead, 'number' | 'hash'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  let { number, hash } = head;
  const rows = entries.map((entry) => {
    const previous = hash;
    number += 1;
    hash = auditHash(number, previous, entry);
    const { person, device, at, ...rest } = entry;
    return { ...rest, number, at: instantText(at), person_id: person, device_id: device, previous, hash };
  });
  await Promise.all([
    tx`insert into audit (station_id, number, at, what, person_id, device_id, about, details, previous, hash)
      select ${station}, number, at, what, person_id, device_id, about, details, previous, hash
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(number bigint, at timestamptz, what text,
        person_id text, device_id text, about text[], details jsonb, previous text, hash text)`,
    tx`update station_clock set audit_number = ${number}, audit_hash = ${hash} where station_id = ${station}`,
  ]);
}

function auditHash(number: number, previous: string, entry: AuditEntry): string {
  const { at, what, person, device, about, details } = entry;
  const said = canonicalJson([number, instantText(at), what, person, device, about, details]);
  return createHash('sha256').update(previous).update(said).digest('base64url');
}

/** Number of the first entry whose hash does not follow from the one before it, or null when the chain is whole. */
export async function brokenAuditEntry(tx: TransactionSql, station: string): Promise<number | null> {
  let [previous, expected] = ['', 1];
  const entries = tx<(AuditEntry & { number: number; previous: string; hash: string })[]>`
    select number, at, what, person_id as person, device_id as device, about, details, previous, hash
    from audit where station_id = ${station} order by number`;
  for await (const page of entries.cursor(1_000))
    for (const { number, hash, previous: said, ...entry } of page) {
      if (number !== expected || said !== previous || hash !== auditHash(number, previous, entry)) return expected;
      [previous, expected] = [hash, number + 1];
    }
  const [head] = await tx<{ number: number; hash: string }[]>`
    select audit_number as number, audit_hash as hash from station_clock where station_id = ${station}`;
  return head?.number === expected - 1 && head.hash === previous ? null : expected;
}
