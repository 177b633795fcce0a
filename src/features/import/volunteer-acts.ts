import { volunteerActs } from '#features/people/volunteer.desk.record.ts';
import type { VolunteerLine } from '#features/people/public.ts';
import { importCall, inPieces } from './import-calls.ts';
import { volunteerLineOf } from './ledger-lines.ts';
import type { VolunteersLedger } from './ledger.ts';
import { placeKey, type ActsOptions, type LedgerActs, type Question } from './ledger-acts.ts';
import type { StationKnown } from './station-known.ts';

/** Volunteers of a list who are not among the station's people yet. They get no role by it. */
export function volunteerActsOf(ledger: VolunteersLedger, known: StationKnown, options: ActsOptions): LedgerActs {
  const twice = new Map(ledger.duplicates.map((one) => [placeKey(one, one.name), one]));
  const people = options.everything ? [] : known.person;
  const here = new Set(people.map(({ name, phone }) => JSON.stringify([name, phone])));
  const questions: Question[] = [];
  const fresh: VolunteerLine[] = [];
  let there = 0;
  for (const row of ledger.people) {
    const twin = twice.get(placeKey(row, row.name));
    if (twin) {
      const { sheet, row: number, name } = row;
      if (!twin.exact) questions.push({ kind: 'near-duplicate', sheet, row: number, name, sameAs: twin.sameAs });
      continue;
    }
    const line = volunteerLineOf(row);
    if (here.has(JSON.stringify([line.name, line.phone]))) there += 1;
    else fresh.push(line);
  }
  const calls = inPieces(fresh).map((rows) => importCall(volunteerActs.registerMany, { rows }));
  return { calls, fresh: fresh.length, known: there, twice: twice.size, questions };
}
