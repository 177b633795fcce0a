import { kitchenActs, mealPointActs } from '#features/meals/kitchen.desk.record.ts';
import { placeActs } from '#features/people/place.desk.record.ts';
import { placeId, placeName, type PlaceLine } from '#features/people/public.ts';
import type { PlaceRow, PlacesLedger } from './ledger.ts';
import { importCall, inPieces, type ImportCall } from './import-calls.ts';
import type { ActsOptions, LedgerActs } from './ledger-acts.ts';
import { placeLineOf } from './ledger-lines.ts';
import type { StationKnown } from './station-known.ts';

/** A kitchen's list says where it is; seats and cut-off are set by the station afterwards. */
const newKitchen = { seats: 40, cutOff: '16:00', active: true };

/** Buildings with all they lie in, kitchens and meal points that the station does not have, or not completely. */
export function placeActsOf(ledger: PlacesLedger, known: StationKnown, options: ActsOptions): LedgerActs {
  const lines = ledger.places.flatMap((row) => placeLineOf(row) ?? []);
  const missing = lines.filter((line) => options.everything || !isComplete(line, known));
  const kitchens = ledger.places.filter(({ kind, name }) => kind === 'kitchen' && name !== null);
  const points = ledger.places.filter(({ kind, name }) => kind === 'meal-point' && name !== null);
  // One kitchen keeps the clock and tells the count: a second one is set up by a person, not by a list.
  const newKitchens = known.kitchen.some(({ active }) => active) ? [] : kitchens.slice(0, 1);
  const newPoints = points.filter(({ name }) => options.everything || !isNamed(known.mealPoint, name));
  const calls = [
    ...inPieces(missing).map((rows) => importCall(placeActs.registerPlaces, { rows })),
    ...newKitchens.map(kitchenCall),
    ...newPoints.flatMap((row) => mealPointCall(row, kitchens, known)),
  ];
  const fresh = missing.length + newKitchens.length + newPoints.length;
  const all = lines.length + kitchens.length + points.length;
  return { calls, fresh, known: all - fresh, twice: 0, questions: [] };
}

/** Whether the station has this building with everything the list says of it. */
function isComplete(line: PlaceLine, known: StationKnown): boolean {
  const community = known.community.find(({ name }) => name === placeName(line.community));
  if (!community) return false;
  const named = (rows: readonly { communityId: string; name: string }[], name: string | null) =>
    name === null || rows.some((row) => row.communityId === community.id && row.name === placeName(name));
  if (!named(known.grid, line.grid) || !named(known.microGrid, line.microGrid)) return false;
  if (line.estate === null || line.building === null) return true;
  const [estate, name] = [placeName(line.estate), placeName(line.building)];
  const building = known.building.find(
    (row) => row.communityId === community.id && row.estate === estate && row.name === name,
  );
  if (!building) return false;
  const facts = ['entrances', 'floors', 'lift', 'latitude', 'longitude'] as const;
  const placed =
    (line.grid === null || building.gridId !== null) && (line.microGrid === null || building.microGridId !== null);
  return placed && facts.every((fact) => line[fact] === null || building[fact] !== null);
}

function isNamed(rows: readonly { readonly name: string }[], name: string | null): boolean {
  return rows.some((row) => row.name === placeName(name ?? ''));
}

function kitchenCall({ name, lat, lon }: PlaceRow): ImportCall {
  return importCall(kitchenActs.setUp, { ...newKitchen, name: name as string, latitude: lat, longitude: lon });
}

/** A meal point belongs to the kitchen that cooks already, else to the one of its list. */
function mealPointCall(row: PlaceRow, kitchens: readonly PlaceRow[], known: StationKnown): ImportCall[] {
  const cooks = known.kitchen.find(({ active }) => active)?.id;
  const own = kitchens[0]?.name;
  const kitchenId = cooks ?? (own ? placeId(own) : undefined);
  if (!kitchenId) return [];
  const community = known.community.find(({ name }) => name === placeName(row.community ?? ''));
  const communityId = community?.id ?? (row.community === null ? null : placeId(row.community));
  const args = { name: row.name as string, kitchenId, communityId, latitude: row.lat, longitude: row.lon };
  return [importCall(mealPointActs.setUp, args)];
}
