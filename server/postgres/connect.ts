import postgres from 'postgres';
import { poolConnections } from '#server/limits.ts';
import { arrayFrom, arrayText } from './array-text.ts';
import { patientSocket } from './patient-socket.ts';

export type Sql = postgres.Sql<Record<string, never>>;
export type TransactionSql = postgres.TransactionSql<Record<string, never>>;

/** Oldest PostgreSQL the station runs on. */
export const oldestMajor = 15;
/** No statement of the app takes longer; what does is cut off. */
const statementTimeoutMs = 30_000;
/** Nobody waits longer for a lock; whoever asks is told that the station is busy. */
const lockTimeoutMs = 10_000;
/** A transaction that does nothing for so long is cut off, so that it does not hold others up. */
const idleTimeoutMs = 15_000;
/** Tries while the database is still recovering, at first every 100 ms, then every second. */
const readyTries = 120;

/** PostgreSQL keeps years 1 to 9999 in the form JavaScript writes; clocks that say otherwise are kept at the edge. */
const earliest = Date.parse('0001-01-02T00:00:00Z');
const latest = Date.parse('9999-12-30T00:00:00Z');

/** An instant (ms, UTC) as PostgreSQL reads it. */
export function instantText(ms: number): string {
  return new Date(Math.min(latest, Math.max(earliest, Math.round(ms)))).toISOString();
}

/** Values are plain JSON everywhere: days 'YYYY-MM-DD', times 'HH:MM', instants in milliseconds, counters as numbers. */
const types = {
  date: { to: 1082, from: [1082], serialize: String, parse: (text: string) => text },
  time: { to: 1083, from: [1083], serialize: String, parse: (text: string) => text.slice(0, 5) },
  timestamptz: {
    to: 1184,
    from: [1184],
    serialize: (value: unknown) => (typeof value === 'number' ? instantText(value) : String(value)),
    parse: (text: string) => new Date(text).getTime(),
  },
  int8: { to: 20, from: [20], serialize: String, parse: Number },
  textList: { to: 1009, from: [1009], serialize: arrayText, parse: arrayFrom },
  int8List: { to: 1016, from: [1016], serialize: arrayText, parse: (text: string) => arrayFrom(text).map(Number) },
};

export interface ConnectOptions {
  /** Connections at most. */
  readonly max?: number;
  /** Hears the text of every statement, for tests that count them. */
  readonly onStatement?: (text: string) => void;
}

/** A pool of connections to the database of this url. Connects when first used; end it with `sql.end()`. */
export function connect(url: string, { max = poolConnections, onStatement }: ConnectOptions = {}): Sql {
  return postgres(url, {
    max,
    types: types as never,
    // The driver asks for all types on each new connection and lets the whole process end when that is cut off.
    fetch_types: false,
    ...({ socket: patientSocket } as object),
    onnotice: () => undefined,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    connect_timeout: 10,
    connection: {
      application_name: 'nuanlin',
      TimeZone: 'UTC',
      jit: 'off' as never,
      // A station's data lie in memory or on a disk without moving parts. Plans are kept for as long as a connection
      // lasts: one made while a table was small must not read all of it when it has grown.
      random_page_cost: 1.1,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      idle_in_transaction_session_timeout: idleTimeoutMs,
    },
  }) as unknown as Sql;
}

/** The database cannot serve a station; the message is one sentence for a person. */
export class DatabaseUnusable extends Error {}

/** Waits while the database recovers, then checks that it is recent enough. Throws `DatabaseUnusable`. */
export async function waitUntilReady(sql: Sql): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [found] = await sql<{ number: number }[]>`select current_setting('server_version_num')::int as number`;
      const major = Math.floor((found?.number ?? 0) / 10_000);
      if (major >= oldestMajor) return;
      throw new DatabaseUnusable(`PostgreSQL ${major} is too old: Nuanlin needs ${oldestMajor} or newer.`);
    } catch (error) {
      if (error instanceof DatabaseUnusable) throw error;
      // 57P03: starting up or recovering; everything else will not get better by waiting.
      if ((error as { code?: string }).code !== '57P03' || attempt >= readyTries)
        throw new DatabaseUnusable(`The database cannot be reached: ${(error as Error).message || 'no answer'}.`);
      await new Promise((resolve) => setTimeout(resolve, attempt < 20 ? 100 : 1_000));
    }
  }
}
