/**
 * Brings a community's ledger into a running station: `npm run import -- FILE --as LOGIN [--station ID] [--json]`.
 *
 * It does what the office's page does, through the same acts, in the name of the coordinator who is named. The station
 * is the one of DATABASE_URL, or the one that `npm start` keeps running over DATA_DIR. Exit code 0 when all was taken.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dayOf } from '#engine/calendar.ts';
import { importLedger, stationPeople, type ImportStation } from '#features/import/import-ledger.server.ts';
import { readLedger } from '#features/import/read-ledger.ts';
import { refusalSentence, summaryLines, toJson } from '#features/import/report.ts';
import { pinyinReader } from '#features/people/pinyin.ts';
import { registry } from '#kinds';
import { m } from '#messages';
import { identityOf } from '#server/access/identity.ts';
import { effectsRunner } from '#server/effects.ts';
import { serverParts } from '#server/features.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { reportError } from '#server/station.ts';
import { isUnprepared, runningDatabaseUrl } from './station/running-database.mjs';

/** A sentence for a person; the import ends with it and nothing was changed. */
class Sentence extends Error {}

function sentence(
  message: (inputs: never, options: { locale: 'zh-CN' | 'en' }) => string,
  inputs: object = {},
): Sentence {
  return new Sentence((['zh-CN', 'en'] as const).map((locale) => message(inputs as never, { locale })).join('\n'));
}

/** The coordinator who signs in with this name, as whom the acts are done. */
async function coordinatorOf(sql: Sql, login: string, station: string | undefined) {
  const [account] = await sql<{ station: string; person: string }[]>`
    select station_id as station, person_id as person from account
    where lower(name) = lower(${login}) and ${station === undefined ? sql`true` : sql`station_id = ${station}`}`;
  const known = account ? await identityOf(sql, account.station, account.person) : null;
  if (!known) throw sentence(m.import_cli_no_such_login, { login });
  if (!known.identity.roles.includes('coordinator')) throw sentence(m.import_cli_not_coordinator, { login });
  return known.identity;
}

interface Wanted {
  file: string;
  login: string;
  station: string | undefined;
  json: boolean;
  rows: boolean;
}

async function importFile({ file, login, station: wanted, json, rows }: Wanted, sql: Sql): Promise<number> {
  const identity = await coordinatorOf(sql, login, wanted);
  const store = new PostgresStore(sql, registry, effectsRunner(serverParts().effects));
  const station: ImportStation = { sql, store, registry, now: Date.now, report: reportError };
  const people = await stationPeople(station, identity.station);
  const options = { today: dayOf(station.now()), knownPeople: people };
  const ledger = await readLedger(fs.readFileSync(file), path.basename(file), options);
  if (ledger.outcome === 'refused') {
    if (json) console.log(JSON.stringify(toJson(ledger, rows)));
    throw new Sentence(`${refusalSentence(ledger, 'zh-CN')}\n${refusalSentence(ledger, 'en')}`);
  }
  const session = { device: 'system:import', identity };
  const done = await importLedger(station, session, ledger, { run: randomUUID(), pinyinOf: await pinyinReader() });
  const { registered, unchanged, refused, questions } = done;
  if (json) console.log(JSON.stringify({ ...toJson(ledger, rows), station: identity.station, as: login, ...done }));
  else {
    const counts = { registered, unchanged, refused: refused.length, questions: questions.length };
    console.log([...summaryLines(ledger, 'zh-CN'), m.import_cli_done(counts, { locale: 'zh-CN' })].join('\n'));
  }
  return refused.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      as: { type: 'string' },
      station: { type: 'string' },
      json: { type: 'boolean' },
      rows: { type: 'boolean' },
    },
  });
  const [file] = positionals;
  if (!file) throw sentence(m.import_cli_usage);
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) throw sentence(m.import_cli_no_such_file, { file });
  if (typeof values.as !== 'string') throw sentence(m.import_cli_who);
  const url = runningDatabaseUrl();
  if (!url) throw sentence(m.import_cli_needs_station);
  const sql = connect(url, { max: 2 });
  try {
    const station = typeof values.station === 'string' ? values.station : undefined;
    const wanted = { file, login: values.as, station, json: values.json === true, rows: values.rows === true };
    return await importFile(wanted, sql);
  } catch (error) {
    throw isUnprepared(error) ? sentence(m.import_cli_needs_station) : error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Sentence)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
