import { absenceActs, type AbsenceLine } from '#features/meals/absence.desk.record.ts';
import { elderCompletion } from '#features/people/elder-completion.desk.record.ts';
import { elderRegistration } from '#features/people/elder.desk.record.ts';
import type { elder } from '#features/people/elder.record.ts';
import type { RowOf } from '#engine/kind.ts';
import { completedLine, type ElderLine } from '#features/people/public.ts';
import { elderFinder, type ElderFinder } from './elder-finder.ts';
import { importCall, inPieces } from './import-calls.ts';
import { elderLineOf } from './ledger-lines.ts';
import type { Duplicate, EldersLedger, ElderRow } from './ledger.ts';
import { placeKey, type ActsOptions, type Decision, type LedgerActs, type Question } from './ledger-acts.ts';
import { elderTold, pairOf } from './pairs.ts';
import type { StationKnown } from './station-known.ts';

type Elder = RowOf<typeof elder>;

/**
 * Elders of a ledger. Those the station does not know are registered; for those it knows, what is written differently
 * becomes a question. An absence needs the elder's id, so it comes in the second pass, when they are registered.
 */
export function elderActsOf(ledger: EldersLedger, known: StationKnown, options: ActsOptions): LedgerActs {
  const plan = new ElderPlan(ledger, known, options);
  for (const row of ledger.people) plan.take(row);
  const calls = [
    ...inPieces(plan.fresh).map((rows) => importCall(elderRegistration.registerMany, { rows })),
    ...inPieces(plan.completions).map((rows) => importCall(elderCompletion.completeMany, { rows })),
    ...inPieces(plan.away).map((rows) => importCall(absenceActs.recordMany, { rows })),
  ];
  return {
    calls,
    fresh: plan.fresh.length + plan.away.length,
    known: plan.there,
    twice: plan.twice,
    completed: plan.completions.length,
    questions: plan.questions,
  };
}

class ElderPlan {
  readonly fresh: ElderLine[] = [];
  readonly completions: { elderId: string; line: ElderLine }[] = [];
  readonly away: AbsenceLine[] = [];
  readonly questions: Question[] = [];
  there = 0;
  readonly #twins: ReadonlyMap<string, Duplicate>;
  /** By the row that is kept, the rows that somebody has put together with it. */
  readonly #joined = new Map<ElderRow, ElderRow[]>();
  /** By the row that is left out, the one that is kept. */
  readonly #keptOf = new Map<string, ElderRow>();
  readonly #finder: ElderFinder | null;
  readonly #day: string | null;

  constructor(
    ledger: EldersLedger,
    readonly known: StationKnown,
    readonly options: ActsOptions,
  ) {
    this.#twins = new Map(ledger.duplicates.map((one) => [placeKey(one, one.name), one]));
    this.#finder = options.everything ? null : elderFinder(known);
    this.#day = ledger.ledgerDate ?? options.today ?? null;
    this.#joinTwins(ledger);
  }

  get twice(): number {
    return this.#twins.size;
  }

  take(row: ElderRow): void {
    const key = placeKey(row, row.name);
    const twin = this.#twins.get(key);
    if (twin && this.#isLeftOut(row, twin, key)) return;
    const apart = this.#decided(key) === 'apart';
    const line = this.#lineOf(row);
    const one = (apart ? undefined : this.#finder?.find(line)) ?? this.#finder?.asWritten(line);
    const near = one || apart ? undefined : this.#finder?.near(line, row);
    if (one) this.#takeKnown(row, line, one, key, apart);
    else if (!near) this.fresh.push(apart ? { ...line, apart } : line);
    else if (this.#decided(key) === 'same') this.#complete(near, line);
    else this.questions.push({ kind: 'near-known', ...this.#paired(row, near, line, key), elderId: near.id });
  }

  /** Rows about somebody of the same file, as far as a person has said what they are. */
  #isLeftOut(row: ElderRow, { exact, sameAs }: Duplicate, key: string): boolean {
    const decided = exact ? 'same' : this.#decided(key);
    if (decided === 'apart') return false;
    if (decided === 'same') return true;
    const kept = this.#keptOf.get(key);
    const pair = kept ? pairOf(elderTold(this.#lineOf(kept)), elderTold(this.#lineOf(row))) : [];
    this.questions.push({ kind: 'near-duplicate', ...placeOf(row), key, pair, sameAs });
    return true;
  }

  #takeKnown(row: ElderRow, line: ElderLine, one: Elder, key: string, apart: boolean): void {
    this.there += 1;
    const fields = apart ? [] : differences(one, line);
    const decided = this.#decided(key);
    if (decided === 'same' || this.#joined.has(row)) this.#complete(one, line);
    if (decided === undefined && fields.length > 0)
      this.questions.push({ kind: 'differs', ...this.#paired(row, one, line, key), elderId: one.id, fields });
    this.away.push(...hospitalOf(row, one, this.known, this.#day));
  }

  /** Only when something is missing: an act that would change nothing is not done. */
  #complete(one: Elder, line: ElderLine): void {
    if (this.#finder?.lacks(one, line)) this.completions.push({ elderId: one.id, line });
  }

  #paired(row: ElderRow, one: Elder, line: ElderLine, key: string) {
    const held = this.#finder?.lineOf(one);
    return { ...placeOf(row), key, pair: held ? pairOf(elderTold(held), elderTold(line)) : [] };
  }

  #lineOf(row: ElderRow): ElderLine {
    const own = (each: ElderRow) => elderLineOf(each, this.#day, this.options.pinyinOf ?? (() => null));
    return (this.#joined.get(row) ?? []).reduce((line, each) => completedLine(line, own(each)), own(row));
  }

  #decided(key: string): Decision | undefined {
    return this.options.decisions?.[key];
  }

  #joinTwins(ledger: EldersLedger): void {
    const byPlace = new Map<string, ElderRow[]>();
    for (const row of ledger.people) byPlace.set(placeKey(row, ''), [...(byPlace.get(placeKey(row, '')) ?? []), row]);
    for (const row of ledger.people) {
      const key = placeKey(row, row.name);
      const twin = this.#twins.get(key);
      const candidates = twin ? (byPlace.get(placeKey(twin.sameAs, '')) ?? []) : [];
      // Of a couple in one row the one of this name is meant.
      const kept = candidates.find(({ name }) => name === row.name) ?? candidates[0];
      if (!twin || !kept) continue;
      this.#keptOf.set(key, kept);
      if (!twin.exact && this.#decided(key) === 'same')
        this.#joined.set(kept, [...(this.#joined.get(kept) ?? []), row]);
    }
  }
}

function placeOf({ sheet, row, name }: ElderRow) {
  return { sheet, row, name };
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
