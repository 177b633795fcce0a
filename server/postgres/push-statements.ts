import { refusedRecordId } from '#server/exchange/refused-records.ts';
import type { JudgedAct, LoadedRow, StationClock, TakenAct, Wanted, WriteBatch } from '#server/exchange/store.ts';
import { readHead, writeAudit, type AuditEntry } from './audit.ts';
import { instantText, type TransactionSql } from './connect.ts';
import type { KindSql } from './kind-sql.ts';
import { noteGone, sumsAfter } from './whole-statements.ts';

/** Statements of one kind by name. */
export type KindStatements = (kind: string) => KindSql;

/** Channel on which every process hears that a station changed. */
export const pokeChannel = 'nuanlin_poke';

export async function readClock(tx: TransactionSql, station: string, lock: boolean): Promise<StationClock> {
  const [found] = await tx<StationClock[]>`
    select c.version, c.kinds, c.sums, e.id as epoch from station_clock c, epoch e where c.station_id = ${station}
    ${lock ? tx`for update of c` : tx``}`;
  if (!found) throw new Error('The station is not in the database.');
  return found;
}

export async function takenActs(
  tx: TransactionSql,
  station: string,
  device: string,
  acts: readonly { readonly seq: number; readonly id: string }[],
): Promise<readonly TakenAct[]> {
  return tx<TakenAct[]>`
    select device_id as device, seq, act_id as id, content, verdict, code from act
    where station_id = ${station} and device_id = ${device} and seq = any(${acts.map(({ seq }) => seq)}::bigint[])
    union
    select device_id, seq, act_id, content, verdict, code from act
    where station_id = ${station} and act_id = any(${acts.map(({ id }) => id)}::text[])`;
}

export async function lastSeq(tx: TransactionSql, station: string, device: string): Promise<number> {
  const [found] = await tx<{ seq: number }[]>`
    select coalesce(max(seq), 0) as seq from act where station_id = ${station} and device_id = ${device}`;
  return found?.seq ?? 0;
}

export async function refusedActs(
  tx: TransactionSql,
  station: string,
  device: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const found = await tx<{ act_id: string }[]>`
    select act_id from act where station_id = ${station} and device_id = ${device} and verdict = 'refused'
    and act_id = any(${[...ids]}::text[])`;
  return found.map(({ act_id: id }) => id);
}

/** Loads records with one statement per kind, and one per kind and combination of fields for sets; all sent at once. */
export async function loadRows(
  tx: TransactionSql,
  station: string,
  statements: KindStatements,
  wanted: Wanted,
): Promise<readonly LoadedRow[]> {
  const byKind = grouped(wanted.rows, ({ kind }) => kind);
  const bySet = grouped(wanted.sets, ({ kind, equal }) => JSON.stringify([kind, shapeOfSet(equal)]));
  const found = await Promise.all([
    ...[...byKind].map(async ([kind, rows]) => {
      const { select, table, fromRow } = boundTo(statements(kind));
      const text = `select ${select} from ${table} t where t.station_id = $1 and t.id = any($2::text[])`;
      return (await tx.unsafe(text, [station, rows.map(({ id }) => id)], { prepare: true })).map(fromRow);
    }),
    ...[...bySet.values()].map((sets) => loadSets(tx, station, statements, sets)),
  ]);
  return found.flat();
}

async function loadSets(
  tx: TransactionSql,
  station: string,
  statements: KindStatements,
  sets: Wanted['sets'],
): Promise<LoadedRow[]> {
  const [first] = sets;
  if (!first) return [];
  const own = statements(first.kind);
  const fields = shapeOfSet(first.equal);
  const given = fields.filter(({ isNull }) => !isNull).map(({ field }) => field);
  const typed = given.map((field, at) => `v${at} ${own.column(field).type}`);
  const conditions = [
    ...given.map((field, at) => `t.${own.column(field).name} = q.v${at}`),
    ...fields.filter(({ isNull }) => isNull).map(({ field }) => `t.${own.column(field).name} is null`),
  ].join(' and ');
  const { select, table, fromRow } = boundTo(own);
  if (given.length === 0) {
    const text = `select ${select} from ${table} t where t.station_id = $1 and ${conditions}`;
    return (await tx.unsafe(text, [station], { prepare: true })).map(fromRow);
  }
  const questions = sets.map(({ equal }) =>
    Object.fromEntries(given.map((field, at) => [`v${at}`, valueOf(own, field, equal[field])])),
  );
  const text =
    `select ${select} from ${table} t join jsonb_to_recordset($2::text::jsonb) as q(${typed.join(', ')}) ` +
    `on ${conditions} where t.station_id = $1`;
  return (await tx.unsafe(text, [station, JSON.stringify(questions)], { prepare: true })).map(fromRow);
}

function shapeOfSet(equal: Readonly<Record<string, unknown>>): { field: string; isNull: boolean }[] {
  const fields = Object.keys(equal).sort();
  return fields.map((field) => ({ field, isNull: equal[field] === null || equal[field] === undefined }));
}

function valueOf(own: KindSql, field: string, value: unknown): unknown {
  return own.column(field).type === 'timestamptz' && typeof value === 'number' ? instantText(value) : value;
}

function boundTo(own: KindSql) {
  return {
    select: own.select,
    table: own.table,
    fromRow: (row: Record<string, unknown>): LoadedRow => own.fromRow(row),
  };
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/**
 * Writes the whole batch: what it builds on is read first, then the statements go out together, and the keys are
 * checked before this resolves. How many statements that takes depends on the kinds in it, not on the acts.
 */
export async function writeBatch(
  tx: TransactionSql,
  station: string,
  statements: KindStatements,
  batch: WriteBatch,
): Promise<void> {
  const byKind = grouped(batch.rows, ({ kind }) => kind);
  const refused = batch.acts.filter(({ verdict }) => verdict === 'refused');
  const head = await readHead(tx, station);
  const sums = await sumsAfter(tx, station, statements, batch, head);
  await Promise.all([
    ...[...byKind].flatMap(([kind, rows]) => writeKind(tx, station, statements(kind), rows, batch.version)),
    ...insertActs(tx, station, batch.acts),
    ...insertReviews(tx, station, [
      ...refused.map((one) => ({ ...one, recordId: refusedRecordId(one, false) })),
      ...batch.clashes.map((one) => ({ ...one, recordId: refusedRecordId(one, true) })),
    ]),
    ...(batch.contact ? [saveContact(tx, station, batch.contact)] : []),
    ...(batch.rows.some(({ row }) => row === null) ? [noteGone(tx, station, batch)] : []),
    ...(byKind.size > 0 ? [moveClock(tx, station, batch.version, sums)] : []),
    writeAudit(tx, station, head, [...batch.acts, ...batch.clashes].map(auditOf)),
  ]);
  await tx`set constraints all immediate`;
}

function writeKind(
  tx: TransactionSql,
  station: string,
  own: KindSql,
  rows: WriteBatch['rows'],
  version: number,
): Promise<unknown>[] {
  const put = rows.flatMap(({ row }) => (row === null ? [] : [own.toJson(row)]));
  const gone = rows.flatMap(({ id, row }) => (row === null ? [id] : []));
  const done: Promise<unknown>[] = [];
  if (put.length > 0) done.push(tx.unsafe(own.upsert, [station, version, JSON.stringify(put)], { prepare: true }));
  if (gone.length > 0)
    done.push(
      tx.unsafe(`delete from ${own.table} where station_id = $1 and id = any($2::text[])`, [station, gone], {
        prepare: true,
      }),
    );
  return done;
}

/** The counter goes on for every kind in `sums`, and every process hears of it when this is committed. */
async function moveClock(
  tx: TransactionSql,
  station: string,
  version: number,
  sums: Readonly<Record<string, number>>,
): Promise<void> {
  const moved = JSON.stringify(Object.fromEntries(Object.keys(sums).map((kind) => [kind, version])));
  await tx`with moved as (
      update station_clock set version = ${version}, kinds = kinds || ${moved}::text::jsonb,
        sums = sums || ${JSON.stringify(sums)}::text::jsonb
      where station_id = ${station})
    select pg_notify(${pokeChannel}, ${`${version} ${station}`})`;
}

/** One JSON list for all acts; arguments travel as text, since a text in them may hold what jsonb does not take. */
function actsJson(acts: readonly (JudgedAct & { readonly recordId?: string })[]): string {
  return JSON.stringify(
    acts.map(({ act, content, device, person, correctedAt, receivedAt, verdict, code, heldWith, recordId }) => ({
      device_id: device,
      seq: act.seq,
      act_id: act.id,
      name: act.name,
      args_version: Math.min(act.version, 2_147_483_647),
      args: JSON.stringify(act.args ?? null),
      content,
      person_id: person,
      claimed_at: instantText(act.claimedAt),
      corrected_at: instantText(correctedAt),
      received_at: instantText(receivedAt),
      verdict,
      code,
      held_with: heldWith,
      record_id: recordId,
    })),
  );
}

function insertActs(tx: TransactionSql, station: string, acts: readonly JudgedAct[]): Promise<unknown>[] {
  if (acts.length === 0) return [];
  return [
    tx`insert into act (station_id, device_id, seq, act_id, name, args_version, args, content, person_id, claimed_at,
        corrected_at, received_at, verdict, code, held_with)
      select ${station}, device_id, seq, act_id, name, args_version, args::json, content, person_id, claimed_at,
        corrected_at, received_at, verdict, code, held_with
      from jsonb_to_recordset(${actsJson(acts)}::text::jsonb) as r(device_id text, seq bigint, act_id text, name text,
        args_version integer, args text, content text, person_id text, claimed_at timestamptz,
        corrected_at timestamptz, received_at timestamptz, verdict text, code text, held_with text)`,
  ];
}

function insertReviews(
  tx: TransactionSql,
  station: string,
  acts: readonly (JudgedAct & { readonly recordId: string })[],
): Promise<unknown>[] {
  if (acts.length === 0) return [];
  return [
    tx`insert into review (station_id, device_id, seq, act_id, name, args_version, args, person_id, claimed_at,
        corrected_at, received_at, code, held_with, record_id)
      select ${station}, device_id, seq, act_id, name, args_version, args::json, person_id, claimed_at,
        corrected_at, received_at, code, held_with, record_id
      from jsonb_to_recordset(${actsJson(acts)}::text::jsonb) as r(device_id text, seq bigint, act_id text, name text,
        args_version integer, args text, person_id text, claimed_at timestamptz, corrected_at timestamptz,
        received_at timestamptz, code text, held_with text, record_id text)
      on conflict do nothing`,
  ];
}

function auditOf({ act, device, person, receivedAt, verdict, code, about }: JudgedAct): AuditEntry {
  return {
    at: receivedAt,
    what: act.name,
    person,
    device,
    about: about.map(({ kind, id }) => `${kind}:${id}`),
    details: { act: act.id, verdict, ...(code === null ? {} : { code }) },
  };
}

async function saveContact(
  tx: TransactionSql,
  station: string,
  { device, facts }: NonNullable<WriteBatch['contact']>,
): Promise<void> {
  await tx`update device_state set contact_at = ${facts.at}, unsent = ${facts.unsent}, oldest_at = ${facts.oldestAt},
    refused = ${facts.refused} where station_id = ${station} and device_id = ${device}`;
}
