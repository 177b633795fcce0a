import { refusedRecordId } from '#server/exchange/refused-records.ts';
import type { JudgedAct, LoadedRow, StationClock, TakenAct, Wanted, WriteBatch } from '#server/exchange/store.ts';
import { chained, insertAudit, moveAudit, type AuditEntry, type Link, type StationHead } from './audit.ts';
import { instantText, type TransactionSql } from './connect.ts';
import type { KindSql } from './kind-sql.ts';
import { noteGone, sumsAfter } from './whole-statements.ts';

/** Statements of one kind by name. */
export type KindStatements = (kind: string) => KindSql;

/** Channel on which every process hears that a station changed. */
export const pokeChannel = 'nuanlin_poke';

export async function readClock(tx: TransactionSql, station: string): Promise<StationClock> {
  const [found] = await tx<StationClock[]>`
    select c.version, c.kinds, c.sums, e.id as epoch from station_clock c, epoch e where c.station_id = ${station}`;
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
    select device_id as device, person_id as person, seq, act_id as id, content, verdict, code from act
    where station_id = ${station} and device_id = ${device} and seq = any(${acts.map(({ seq }) => seq)}::bigint[])
    union
    select device_id, person_id, seq, act_id, content, verdict, code from act
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
 * Writes the whole batch behind `head`, with which the counter was taken: twice the statements go out together, and the
 * keys are checked before this resolves. How many statements that takes depends on the kinds in it, not on the acts.
 */
export async function writeBatch(
  tx: TransactionSql,
  station: string,
  statements: KindStatements,
  batch: WriteBatch,
  head: StationHead,
): Promise<void> {
  const byKind = grouped(batch.rows, ({ kind }) => kind);
  const refused = batch.acts.filter(({ verdict }) => verdict === 'refused');
  const links = chained(head, [...batch.acts, ...batch.clashes].map(auditOf));
  const [sums] = await Promise.all([
    // First: it asks for the versions that what follows replaces.
    sumsAfter(tx, station, statements, batch, head),
    ...[...byKind].flatMap(([kind, rows]) => writeKind(tx, station, statements(kind), rows, batch.version)),
    ...insertActs(tx, station, batch.acts),
    ...insertReviews(tx, station, [
      ...refused.map((one) => ({ ...one, recordId: refusedRecordId(one, false) })),
      ...batch.clashes.map((one) => ({ ...one, recordId: refusedRecordId(one, true) })),
    ]),
    ...(batch.contact ? [saveContact(tx, station, batch.contact)] : []),
    ...(batch.rows.some(({ row }) => row === null) ? [noteGone(tx, station, batch)] : []),
    ...(links.length > 0 ? [insertAudit(tx, station, links)] : []),
  ]);
  await Promise.all([
    byKind.size > 0 ? moveClock(tx, station, batch.version, sums, links) : moveAudit(tx, station, links),
    tx`set constraints all immediate`,
  ]);
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

/** The counter goes on for every kind in `sums`, the audit behind it; every process hears of it once committed. */
async function moveClock(
  tx: TransactionSql,
  station: string,
  version: number,
  sums: Readonly<Record<string, number>>,
  links: readonly Link[],
): Promise<void> {
  const moved = JSON.stringify(Object.fromEntries(Object.keys(sums).map((kind) => [kind, version])));
  const { number = null, hash = null } = links.at(-1) ?? {};
  await tx`with moved as (
      update station_clock set version = ${version}, kinds = kinds || ${moved}::text::jsonb,
        sums = sums || ${JSON.stringify(sums)}::text::jsonb,
        audit_number = coalesce(${number}::bigint, audit_number), audit_hash = coalesce(${hash}::text, audit_hash)
      where station_id = ${station})
    select pg_notify(${pokeChannel}, ${`${version} ${station}`})`;
}

type KeptAct = JudgedAct & { readonly recordId?: string };

/**
 * Acts as rows. Lists are read much faster than one JSON of everything; what the acts say goes as JSON that is taken
 * apart but not looked into, since a text in it may hold what jsonb does not take.
 */
function rowsOfActs(tx: TransactionSql, acts: readonly KeptAct[]) {
  const each = <T>(pick: (one: KeptAct) => T): T[] => acts.map(pick);
  return tx`rows from (
      unnest(${each(({ device }) => device)}::text[], ${each(({ act }) => act.seq)}::bigint[],
        ${each(({ act }) => act.id)}::text[], ${each(({ act }) => act.name)}::text[],
        ${each(({ act }) => Math.min(act.version, 2_147_483_647))}::bigint[],
        ${each(({ content }) => content)}::text[], ${each(({ person }) => person)}::text[],
        ${each(({ act }) => instantText(act.claimedAt))}::text[],
        ${each(({ correctedAt }) => instantText(correctedAt))}::text[],
        ${each(({ receivedAt }) => instantText(receivedAt))}::text[], ${each(({ verdict }) => verdict)}::text[],
        ${each(({ code }) => code)}::text[], ${each(({ heldWith }) => heldWith)}::text[],
        ${each(({ recordId }) => recordId ?? null)}::text[]),
      json_array_elements(${JSON.stringify(each(({ act }) => act.args ?? null))}::text::json)
    ) as r(device_id, seq, act_id, name, args_version, content, person_id, claimed_at, corrected_at, received_at,
      verdict, code, held_with, record_id, args)`;
}

function insertActs(tx: TransactionSql, station: string, acts: readonly JudgedAct[]): Promise<unknown>[] {
  if (acts.length === 0) return [];
  return [
    tx`insert into act (station_id, device_id, seq, act_id, name, args_version, args, content, person_id, claimed_at,
        corrected_at, received_at, verdict, code, held_with)
      select ${station}, r.device_id, r.seq, r.act_id, r.name, r.args_version, r.args, r.content, r.person_id,
        r.claimed_at::timestamptz, r.corrected_at::timestamptz, r.received_at::timestamptz, r.verdict, r.code, r.held_with
      from ${rowsOfActs(tx, acts)}`,
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
      select ${station}, r.device_id, r.seq, r.act_id, r.name, r.args_version, r.args, r.person_id,
        r.claimed_at::timestamptz, r.corrected_at::timestamptz, r.received_at::timestamptz, r.code, r.held_with,
        r.record_id
      from ${rowsOfActs(tx, acts)} on conflict do nothing`,
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
  // A phone may bring acts before it was ever answered.
  await tx`insert into device_state (station_id, device_id, contact_at, unsent, oldest_at, refused)
    values (${station}, ${device}, ${facts.at}, ${facts.unsent}, ${facts.oldestAt}, ${facts.refused})
    on conflict (station_id, device_id) do update set contact_at = excluded.contact_at, unsent = excluded.unsent,
      oldest_at = excluded.oldest_at, refused = excluded.refused`;
}
