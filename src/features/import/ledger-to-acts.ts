/**
 * From what a ledger says to the acts that bring it into the station, held against what the station has. Pure: the
 * caller does the acts, one after the other, the office's page and the demo's seed alike.
 *
 * Some acts need ids that only the acts before them make (an absence needs its elder). So the caller asks again with
 * what the station has then, until there is nothing left to do; three passes are enough.
 *
 * The same file twice changes nothing: what is there already is left out here, and the acts themselves see to it again.
 * What merely looks alike is a question for a person and is never merged.
 */
import type { TableReader } from '#engine/reader.ts';
import { elderActsOf } from './elder-acts.ts';
import type { ImportCall } from './import-calls.ts';
import type { ReadLedger } from './ledger.ts';
import type { ActsOptions, LedgerActs } from './ledger-acts.ts';
import { mealListActsOf, mealMarkActsOf } from './meal-acts.ts';
import { placeActsOf } from './place-acts.ts';
import { stationKnown, type StationKnown } from './station-known.ts';
import { volunteerActsOf } from './volunteer-acts.ts';

export type { ImportCall } from './import-calls.ts';
export type { ActsOptions, Decision, LedgerActs, Question } from './ledger-acts.ts';
export { knownPeople, stationKnown, type StationKnown } from './station-known.ts';

/** Passes after which a ledger is in the station as a whole. */
export const passesMax = 3;

/** The acts of one pass. Marks and lists are best read with `knownPeople` of the same station. */
export function ledgerToActs(ledger: ReadLedger, known: StationKnown, options: ActsOptions = {}): LedgerActs {
  switch (ledger.kind) {
    case 'elders':
      return elderActsOf(ledger, known, options);
    case 'volunteers':
      return volunteerActsOf(ledger, known, options);
    case 'places':
      return placeActsOf(ledger, known, options);
    case 'meal-marks':
      return mealMarkActsOf(ledger, known, options);
    case 'meal-list':
      return mealListActsOf(ledger, known, options);
  }
}

export interface ImportTools {
  /** Full pinyin and initials of a name, for search; null where the dictionary is not at hand. */
  readonly pinyin: (name: string) => string | null;
}

/**
 * All acts of a ledger in their order, whatever the station has of it already. For a caller that names its acts, so
 * that the same act has the same place in the list however often it begins.
 */
export function callsOf(ledger: ReadLedger, station: TableReader, tools: ImportTools): readonly ImportCall[] {
  return ledgerToActs(ledger, stationKnown(station), { pinyinOf: tools.pinyin, everything: true }).calls;
}
