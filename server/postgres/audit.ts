import { hash } from 'node:crypto';
import { canonicalJson } from '#server/exchange/content.ts';
import type { StationClock } from '#server/exchange/store.ts';
import { arrayText } from './array-text.ts';
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
  if (entries.length === 0) return;
  const links = chained(await lockHead(tx, station), entries);
  await Promise.all([insertAudit(tx, station, links), moveAudit(tx, station, links)]);
}

/** The station's row as a writer finds it, with the lock on it. */
export interface StationHead extends StationClock {
  /** Number and hash of the newest entry of the audit. */
  readonly number: number;
  readonly hash: string;
}

/** Takes the station's counter. */
export async function lockHead(tx: TransactionSql, station: string): Promise<StationHead> {
  const [head] = await tx<StationHead[]>`
    select c.version, c.kinds, c.sums, e.id as epoch, c.audit_number as number, c.audit_hash as hash
    from station_clock c, epoch e where c.station_id = ${station} for update of c`;
  if (!head) throw new Error('The station is not in the database.');
  return head;
}

/** An entry in its place in the chain. */
export interface Link {
  readonly entry: AuditEntry;
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
}

/** Entries as they follow on `head`. */
export function chained(head: Pick<StationHead, 'number' | 'hash'>, entries: readonly AuditEntry[]): readonly Link[] {
  let { number, hash: last } = head;
  return entries.map((entry) => {
    const previous = last;
    number += 1;
    last = auditHash(number, previous, entry);
    return { entry, number, previous, hash: last };
  });
}

/** Lists are read faster than one JSON of all entries; their own lists and details go as text of each. */
export async function insertAudit(tx: TransactionSql, station: string, links: readonly Link[]): Promise<void> {
  await tx`insert into audit (station_id, number, at, what, person_id, device_id, about, details, previous, hash)
    select ${station}, r.number, r.at::timestamptz, r.what, r.person_id, r.device_id, r.about::text[], r.details::jsonb,
      r.previous, r.hash
    from unnest(${links.map(({ number }) => number)}::bigint[], ${links.map(({ entry }) => instantText(entry.at))}::text[],
      ${links.map(({ entry }) => entry.what)}::text[], ${links.map(({ entry }) => entry.person)}::text[],
      ${links.map(({ entry }) => entry.device)}::text[], ${links.map(({ entry }) => arrayText(entry.about))}::text[],
      ${links.map(({ entry }) => JSON.stringify(entry.details))}::text[],
      ${links.map(({ previous }) => previous)}::text[], ${links.map(({ hash }) => hash)}::text[])
      as r(number, at, what, person_id, device_id, about, details, previous, hash)`;
}

/** The chain goes on behind the last of these. */
export async function moveAudit(tx: TransactionSql, station: string, links: readonly Link[]): Promise<void> {
  const last = links.at(-1);
  if (!last) return;
  await tx`update station_clock set audit_number = ${last.number}, audit_hash = ${last.hash}
    where station_id = ${station}`;
}

function auditHash(number: number, previous: string, entry: AuditEntry): string {
  const { at, what, person, device, about, details } = entry;
  const said = canonicalJson([number, instantText(at), what, person, device, about, details]);
  return hash('sha256', previous + said, 'base64url');
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
