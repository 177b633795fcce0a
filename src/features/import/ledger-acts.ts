import type { ImportCall } from './import-calls.ts';
import type { RowPlace } from './ledger.ts';
import type { PairFact } from './pairs.ts';

/** What a person says about a row that may be somebody who is there already. */
export type Decision = 'same' | 'apart';

/** What only a person can decide; nothing is done about it by itself. */
export type Question =
  /** Two rows of the file that may be one person; the second is left out. */
  | (RowPlace & Paired & { readonly kind: 'near-duplicate'; readonly name: string; readonly sameAs: RowPlace })
  /** Somebody of the station who may be this row's person, by another name or another door; the row is left out. */
  | (RowPlace & Paired & { readonly kind: 'near-known'; readonly name: string; readonly elderId: string })
  /** Somebody of the station whose facts are written differently here; the station's stay. */
  | (RowPlace &
      Paired & {
        readonly kind: 'differs';
        readonly name: string;
        readonly elderId: string;
        readonly fields: readonly string[];
      })
  /** A name that the station does not know. */
  | (RowPlace & { readonly kind: 'not-found'; readonly name: string })
  /** Somebody who eats on other days than the station has it; the station's order stays. */
  | (RowPlace & { readonly kind: 'order-differs'; readonly name: string; readonly elderId: string })
  /** The file counts diners, and the station has no kitchen to count them for. */
  | (RowPlace & { readonly kind: 'no-kitchen'; readonly name: string });

/** A question that is answered by looking at two records side by side. */
interface Paired {
  /** What the answer is filed under. */
  readonly key: string;
  readonly pair: readonly PairFact[];
}

/** What a ledger amounts to, held against what the station has. */
export interface LedgerActs {
  readonly calls: readonly ImportCall[];
  /** Rows that bring something new, rows about what is there already, rows written twice. */
  readonly fresh: number;
  readonly known: number;
  readonly twice: number;
  /** People of the station who get what they lacked, because somebody has said that they are meant. */
  readonly completed?: number;
  readonly questions: readonly Question[];
}

/** What the caller brings along: the dictionary of sounds is too large for every page, and the clock is not ours. */
export interface ActsOptions {
  /** Sounds and initials of a name, for search; null when there is no dictionary. */
  readonly pinyinOf?: (name: string) => string | null;
  /** Day to take when the ledger does not say for which day it speaks. */
  readonly today?: string;
  /** Also what the station has already: the acts leave it alone by themselves. For callers that name their acts. */
  readonly everything?: boolean;
  /** What a person has said about rows, by the key of the question. */
  readonly decisions?: Readonly<Record<string, Decision>>;
}

export function placeKey({ sheet, row }: RowPlace, name: string): string {
  return JSON.stringify([sheet, row, name]);
}
