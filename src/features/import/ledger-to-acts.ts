import type { TableReader } from '#engine/reader.ts';
import { kitchen } from '#features/meals/kitchen.record.ts';
import { mealPointActs } from '#features/meals/kitchen.acts.record.ts';
import { elderRegistration } from '#features/people/elder.acts.record.ts';
import { placeActs } from '#features/people/place.acts.record.ts';
import { community } from '#features/people/place.record.ts';
import { volunteerActs } from '#features/people/volunteer.acts.record.ts';
import { importCall, inPieces, type ImportCall } from './import-calls.ts';
import { elderLineOf, placeLineOf, volunteerLineOf } from './ledger-lines.ts';
import type { PlacesLedger, ReadLedger } from './ledger.ts';
import { mealListCalls, mealMarkCalls } from './meals-to-acts.ts';

export interface ImportTools {
  /** Full pinyin and initials of a name, for search; null where the dictionary is not at hand. */
  readonly pinyin: (name: string) => string | null;
}

/**
 * What a ledger means for the station: acts in the order in which they are to be done. Rows that say the same person
 * again are left out; those that only look like it are left to a person (they are in `ledger.duplicates`). Done twice,
 * the second time changes nothing, because every act leaves alone what stands there already.
 */
export function callsOf(ledger: ReadLedger, station: TableReader, tools: ImportTools): readonly ImportCall[] {
  switch (ledger.kind) {
    case 'places':
      return placeCalls(ledger, station);
    case 'elders':
      return inPieces(ofFirstRows(ledger).map((row) => elderLineOf(row, ledger.ledgerDate, tools.pinyin))).map((rows) =>
        importCall(elderRegistration.registerMany, { rows }),
      );
    case 'volunteers':
      return inPieces(ofFirstRows(ledger).map(volunteerLineOf)).map((rows) =>
        importCall(volunteerActs.registerMany, { rows }),
      );
    case 'meal-marks':
      return mealMarkCalls(ledger, station);
    case 'meal-list':
      return mealListCalls(ledger, station);
  }
}

/** People without the rows that name somebody a second time. */
function ofFirstRows<P extends { sheet: string; row: number; name: string }>(ledger: {
  readonly people: readonly P[];
  readonly duplicates: readonly { sheet: string; row: number; name: string }[];
}): P[] {
  const again = new Set(ledger.duplicates.map(({ sheet, row, name }) => `${sheet}\u0000${row}\u0000${name}`));
  return ledger.people.filter(({ sheet, row, name }) => !again.has(`${sheet}\u0000${row}\u0000${name}`));
}

function placeCalls(ledger: PlacesLedger, station: TableReader): readonly ImportCall[] {
  const lines = ledger.places.flatMap((row) => placeLineOf(row) ?? []);
  const houses = inPieces(lines).map((rows) => importCall(placeActs.registerPlaces, { rows }));
  const [cooks] = station.all(kitchen).filter(({ active }) => active);
  const idOf = new Map(station.all(community).map(({ id, name }) => [name, id]));
  const points = ledger.places.flatMap(({ kind, name, community: where, lat, lon }) =>
    kind === 'meal-point' && name !== null && cooks
      ? [
          importCall(mealPointActs.setUp, {
            name,
            kitchenId: cooks.id,
            communityId: (where && idOf.get(where)) ?? null,
            latitude: lat,
            longitude: lon,
          }),
        ]
      : [],
  );
  return [...houses, ...points];
}
