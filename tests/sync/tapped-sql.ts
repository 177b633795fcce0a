import type { Sql, TransactionSql } from '#server/postgres/connect.ts';

/** A mistake in what the server says to PostgreSQL, put in by a test. */
export interface SqlMistake {
  /** Changes the text of a statement, or one piece of it between two values. */
  readonly rewrite?: (text: string) => string;
  /** Whether anything was changed so far: a statement may have got other words since the mistake was thought of. */
  readonly isSaid?: () => boolean;
  /** Statements that go out beside their transaction and stand whatever becomes of it. */
  readonly outside?: (text: string) => boolean;
  /** A pull sees what is committed at each statement instead of one moment. */
  readonly manyMoments?: boolean;
  /** The station's counter is read without being taken. */
  readonly unlocked?: boolean;
}

/** Hears of each statement of a transaction before it is sent: null lets it go, a promise ends its connection. */
export type BeforeStatement = (tx: TransactionSql) => Promise<void> | null;

type Tagged = (strings: TemplateStringsArray, ...values: unknown[]) => Sent;
interface Sent {
  handler: ((query: unknown) => unknown) & { debug?: unknown };
  readonly reject: (error: Error) => void;
}

/**
 * The same connections, heard at each statement of a transaction: so that its connection can end at statement N, and
 * so that a mistake can be put into the text of one.
 */
export function tapped(sql: Sql, before: BeforeStatement, mistake: SqlMistake): Sql {
  const begin = (options: string, work: (tx: TransactionSql) => unknown): unknown =>
    sql.begin(mistake.manyMoments ? '' : options, (tx) => work(tappedTransaction(tx, sql, before, mistake)));
  return new Proxy(sql, { get: (target, name) => (name === 'begin' ? begin : Reflect.get(target, name)) });
}

function tappedTransaction(
  tx: TransactionSql,
  sql: Sql,
  before: BeforeStatement,
  { rewrite = (text) => text, outside = () => false }: SqlMistake,
): TransactionSql {
  const heard = <T>(query: T): T => {
    const sent = query as Sent;
    const { handler } = sent;
    // A piece of a statement is a query too, and is never sent by itself.
    const waiting = (one: unknown): unknown => {
      const ending = before(tx);
      if (!ending) return handler(one);
      const lost = Object.assign(new Error('The connection was ended.'), { code: 'CONNECTION_CLOSED' });
      return void ending.then(() => sent.reject(lost), sent.reject);
    };
    sent.handler = Object.assign(waiting, { debug: handler.debug });
    return query;
  };
  return new Proxy(tx, {
    apply: (target, _this, [first, ...values]: [TemplateStringsArray, ...unknown[]]) => {
      if (!Array.isArray(first?.raw)) return Reflect.apply(target as never, undefined, [first, ...values]);
      const texts = Object.assign(first.map(rewrite), { raw: first.raw }) as TemplateStringsArray;
      const where = (outside(first[0] as string) ? sql : target) as unknown as Tagged;
      return heard(where(texts, ...values));
    },
    get: (target, name) =>
      name === 'unsafe'
        ? (text: string, ...rest: [never, never]) => heard(target.unsafe(rewrite(text), ...rest))
        : Reflect.get(target, name),
  });
}
