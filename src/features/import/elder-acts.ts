import { absenceActs, type AbsenceLine } from '#features/meals/absence.desk.record.ts';
import { elderRegistration } from '#features/people/elder.desk.record.ts';
import type { elder } from '#features/people/elder.record.ts';
import type { RowOf } from '#engine/kind.ts';
import { isSamePerson, placeName, type ElderLine, type PersonTraits } from '#features/people/public.ts';
import { importCall, inPieces } from './import-calls.ts';
import { elderLineOf } from './ledger-lines.ts';
import type { EldersLedger, ElderRow } from './ledger.ts';
import { placeKey, type ActsOptions, type LedgerActs, type Question } from './ledger-acts.ts';
import type { StationKnown } from './station-known.ts';

type Elder = RowOf<typeof elder>;

/**
 * Elders of a ledger. Those the station does not know are registered; for those it knows, what is written differently
 * becomes a question. An absence needs the elder's id, so it comes in the second pass, when they are registered.
 */
export function elderActsOf(ledger: EldersLedger, known: StationKnown, options: ActsOptions): LedgerActs {
  const twice = new Map(ledger.duplicates.map((one) => [placeKey(one, one.name), one]));
  const find = options.everything ? () => undefined : finderOf(known);
  const day = ledger.ledgerDate ?? options.today ?? null;
  const fresh: ElderLine[] = [];
  const away: AbsenceLine[] = [];
  const questions: Question[] = [];
  let there = 0;
  for (const row of ledger.people) {
    const twin = twice.get(placeKey(row, row.name));
    const { sheet, row: number, name } = row;
    if (twin) {
      if (!twin.exact) questions.push({ kind: 'near-duplicate', sheet, row: number, name, sameAs: twin.sameAs });
      continue;
    }
    const line = elderLineOf(row, day, options.pinyinOf ?? (() => null));
    const one = find(line);
    if (!one) {
      fresh.push(line);
      continue;
    }
    there += 1;
    const fields = differences(one, line);
    if (fields.length > 0) questions.push({ kind: 'differs', sheet, row: number, name, elderId: one.id, fields });
    away.push(...hospitalOf(row, one, known, day));
  }
  const calls = [
    ...inPieces(fresh).map((rows) => importCall(elderRegistration.registerMany, { rows })),
    ...inPieces(away).map((rows) => importCall(absenceActs.recordMany, { rows })),
  ];
  return { calls, fresh: fresh.length + away.length, known: there, twice: twice.size, questions };
}

/** Finds a line's person among those of the station, by the rule by which the register itself does. */
function finderOf(known: StationKnown): (line: ElderLine) => Elder | undefined {
  const communities = new Map(known.community.map((row) => [row.name, row.id]));
  const buildings = new Map(known.building.map((row) => [[row.communityId, row.estate, row.name].join('\n'), row.id]));
  const byName = grouped(known.elder, (row) => row.name);
  const byNumber = grouped(known.elder, (row) => row.idNumber);
  return (line) => {
    const community = communities.get(placeName(line.community)) ?? '';
    const place = [community, placeName(line.estate ?? ''), placeName(line.building ?? '')].join('\n');
    const traits: PersonTraits = { ...line, buildingId: buildings.get(place) ?? null };
    const numbered = line.idNumber === null ? [] : (byNumber.get(line.idNumber) ?? []);
    return [...numbered, ...(byName.get(line.name) ?? [])].find((one) => isSamePerson(one, traits));
  };
}

function grouped(rows: readonly Elder[], key: (row: Elder) => string | null): ReadonlyMap<string | null, Elder[]> {
  const groups = new Map<string | null, Elder[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** Facts of the door and the telephone that the ledger has otherwise than the station. */
function differences(one: Elder, line: ElderLine): readonly string[] {
  const told = (value: unknown) => value !== null && value !== undefined;
  const plain = (['name', 'birthDate', 'door', 'entrance'] as const).filter(
    (field) => told(line[field]) && told(one[field]) && line[field] !== one[field],
  );
  const newPhone = line.phones.some((phone) => !(one.phones ?? []).includes(phone));
  return newPhone && (one.phones ?? []).length > 0 ? [...plain, 'phones'] : plain;
}

/** "In hospital" in a remark is of the day of the ledger: a draft, which the office confirms or ends. */
function hospitalOf(row: ElderRow, one: Elder, known: StationKnown, day: string | null): AbsenceLine[] {
  if (row.status !== 'hospital' || day === null) return [];
  if (known.absence.some((each) => each.elderId === one.id && each.reason === 'hospital')) return [];
  return [{ elderId: one.id, reason: 'hospital', from: day, to: null, confirmed: false }];
}
