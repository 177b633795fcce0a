import { volunteerActs } from '#features/people/volunteer.desk.record.ts';
import type { VolunteerLine } from '#features/people/public.ts';
import { importCall, inPieces } from './import-calls.ts';
import { volunteerLineOf } from './ledger-lines.ts';
import type { VolunteerRow, VolunteersLedger } from './ledger.ts';
import { placeKey, type ActsOptions, type LedgerActs, type Question } from './ledger-acts.ts';
import { pairOf, volunteerTold } from './pairs.ts';
import type { StationKnown } from './station-known.ts';

/** Volunteers of a list who are not among the station's people yet. They get no role by it. */
export function volunteerActsOf(ledger: VolunteersLedger, known: StationKnown, options: ActsOptions): LedgerActs {
  const twice = new Map(ledger.duplicates.map((one) => [placeKey(one, one.name), one]));
  const people = options.everything ? [] : known.person;
  const here = new Set(people.map(({ name, phone }) => JSON.stringify([name, phone])));
  const rowAt = new Map(ledger.people.map((row) => [placeKey(row, ''), row]));
  const lines = new Map(ledger.people.map((row) => [row, volunteerLineOf(row)]));
  const questions: Question[] = [];
  const leftOut = new Set<VolunteerRow>();
  for (const row of ledger.people) {
    const key = placeKey(row, row.name);
    const twin = twice.get(key);
    const decided = twin?.exact ? 'same' : options.decisions?.[key];
    if (!twin || decided === 'apart') continue;
    leftOut.add(row);
    const kept = rowAt.get(placeKey(twin.sameAs, ''));
    const [first, second] = [kept && lines.get(kept), lines.get(row)];
    if (decided === 'same' && !twin.exact && kept && first && second) lines.set(kept, together(first, second));
    if (decided !== undefined) continue;
    const pair = first && second ? pairOf(volunteerTold(first), volunteerTold(second)) : [];
    const { sheet, row: number, name } = row;
    questions.push({ kind: 'near-duplicate', sheet, row: number, name, key, pair, sameAs: twin.sameAs });
  }
  const wanted = ledger.people.filter((row) => !leftOut.has(row)).flatMap((row) => lines.get(row) ?? []);
  const fresh = wanted.filter(({ name, phone }) => !here.has(JSON.stringify([name, phone])));
  const calls = inPieces(fresh).map((rows) => importCall(volunteerActs.registerMany, { rows }));
  return { calls, fresh: fresh.length, known: wanted.length - fresh.length, twice: twice.size, questions };
}

/** One line out of two: what the first does not say is taken from the second, skills and training are put together. */
function together(first: VolunteerLine, second: VolunteerLine): VolunteerLine {
  const missing = Object.entries(second).filter(([field]) => first[field as keyof VolunteerLine] === null);
  return {
    ...first,
    ...Object.fromEntries(missing),
    skills: [...new Set([...first.skills, ...second.skills])],
    training: [...new Set([...first.training, ...second.training])],
    days: first.days.length > 0 ? first.days : second.days,
    parts: first.parts.length > 0 ? first.parts : second.parts,
  };
}
