import { absenceActs, type AbsenceLine } from '#features/meals/absence.desk.record.ts';
import { eatenOf } from '#features/meals/public.ts';
import { meet } from '#features/meals/public.ts';
import { standingOrderActs, type ArrangementLine } from '#features/meals/standing-order.desk.record.ts';
import { dineInTallyActs } from '#features/meals/tally.desk.record.ts';
import type { Meal as LedgerMeal, MealListLedger, MealMarksLedger, RowPlace } from './ledger.ts';
import { importCall, inPieces, type ImportCall } from './import-calls.ts';
import { matcherOf } from './known-people.rules.ts';
import { placeKey, type ActsOptions, type LedgerActs, type Question } from './ledger-acts.ts';
import { absencesIn, arrangementsOf, openDaysOf } from './month-marks.rules.ts';
import { knownPeople, type StationKnown } from './station-known.ts';

const mealNames = { B: 'breakfast', L: 'lunch', D: 'dinner' } as const;
const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;
/** Beginning of an order when neither the list nor the caller knows a day. */
const longAgo = '2000-01-01';
const nothingKnown = { standingOrder: [], absence: [], dineInTally: [] };

/** A month of marks: who eats on which weekdays, who was away, and how many ate in the canteen on each day. */
export function mealMarkActsOf(ledger: MealMarksLedger, station: StationKnown, options: ActsOptions): LedgerActs {
  const known = options.everything ? { ...station, ...nothingKnown } : station;
  const meal = mealNames[ledger.meal ?? 'L'];
  const open = openDaysOf(ledger.people);
  const month = ledger.month ?? open[0]?.slice(0, 7);
  const from = month === undefined ? (options.today ?? longAgo) : `${month}-01`;
  const { mine, questions, twice } = sorted(ledger, ledger.people, known);
  const orders: ArrangementLine[] = [];
  const away: AbsenceLine[] = [];
  let there = 0;
  for (const { row, elderId } of mine) {
    const { sheet, row: number, name } = row;
    const wanted = arrangementsOf(row, open).map((one): ArrangementLine => ({ ...one, elderId, meal, from }));
    const have = ordersOf(known, elderId, meal);
    if (have.length === 0) orders.push(...wanted);
    else there += 1;
    if (differs(have, wanted)) questions.push({ kind: 'order-differs', sheet, row: number, name, elderId });
    const times = absencesIn(row.marks).map((one) => ({ ...one, elderId, confirmed: true }));
    away.push(...times.filter((line) => !isKnownAway(line, known)));
  }
  const diners = dinerCalls(ledger, meal, known);
  const calls = [
    ...inPieces(orders).map((rows) => importCall(standingOrderActs.arrangeMany, { rows })),
    ...inPieces(away).map((rows) => importCall(absenceActs.recordMany, { rows })),
    ...diners.calls,
  ];
  const fresh = new Set([...orders, ...away].map(({ elderId }) => elderId)).size;
  return { calls, fresh, known: there, twice, questions: [...questions, ...diners.questions] };
}

/** A list of who gets a meal brought. It names no weekdays, so it is taken for every day until somebody says less. */
export function mealListActsOf(ledger: MealListLedger, station: StationKnown, options: ActsOptions): LedgerActs {
  const known = options.everything ? { ...station, ...nothingKnown } : station;
  const meal = mealNames[ledger.meal ?? 'L'];
  const from = ledger.ledgerDate ?? options.today ?? longAgo;
  const { mine, questions, twice } = sorted(ledger, ledger.people, known);
  const orders = mine
    .filter(({ elderId }) => ordersOf(known, elderId, meal).length === 0)
    .map(({ elderId }): ArrangementLine => ({ elderId, meal, weekdays: everyDay, mode: 'delivery', from }));
  const calls = inPieces(orders).map((rows) => importCall(standingOrderActs.arrangeMany, { rows }));
  return { calls, fresh: orders.length, known: mine.length - orders.length, twice, questions };
}

interface ListRow extends RowPlace {
  readonly name: string;
  readonly id: string | null;
  readonly phones: string[];
  readonly estate: string | null;
  readonly building: string | null;
  readonly unit: number | null;
  readonly room: string | null;
}

/** Rows whose elder the station knows, each elder once; the rest are questions. */
function sorted<R extends ListRow>(
  ledger: { readonly duplicates: readonly (RowPlace & { name: string })[] },
  people: readonly R[],
  known: StationKnown,
): { mine: { row: R; elderId: string }[]; questions: Question[]; twice: number } {
  const find = matcherOf(knownPeople(known));
  const doubled = new Set(ledger.duplicates.map((one) => placeKey(one, one.name)));
  const mine = new Map<string, { row: R; elderId: string }>();
  const questions: Question[] = [];
  for (const row of people) {
    if (doubled.has(placeKey(row, row.name))) continue;
    const { elderId } = find(row);
    if (elderId === undefined) questions.push({ kind: 'not-found', sheet: row.sheet, row: row.row, name: row.name });
    else if (!mine.has(elderId)) mine.set(elderId, { row, elderId });
  }
  return { mine: [...mine.values()], questions, twice: doubled.size };
}

type StandingOrder = StationKnown['standingOrder'][number];

function ordersOf(known: StationKnown, elderId: string, meal: string): readonly StandingOrder[] {
  return known.standingOrder.filter((order) => order.elderId === elderId && order.meal === meal);
}

/** Whether the orders that run now are for other days than the list says. */
function differs(have: readonly StandingOrder[], wanted: readonly ArrangementLine[]): boolean {
  const running = have.filter(({ to }) => to === null);
  const days = (orders: readonly Pick<ArrangementLine, 'mode' | 'weekdays'>[]) =>
    orders
      .flatMap(({ mode, weekdays }) => weekdays.map((day) => `${day} ${mode}`))
      .sort()
      .join();
  return running.length > 0 && days(running) !== days(wanted);
}

function isKnownAway(line: AbsenceLine, known: StationKnown): boolean {
  return known.absence.some(
    (one) => one.elderId === line.elderId && (one.id === `ledger:${line.elderId}:${line.from}` || meet(one, line)),
  );
}

function dinerCalls(
  ledger: MealMarksLedger,
  meal: (typeof mealNames)[LedgerMeal],
  known: StationKnown,
): { calls: ImportCall[]; questions: Question[] } {
  const days = Object.entries(ledger.byDate)
    .map(([date, marks]) => ({ date, people: marks['dine-in'] ?? 0 }))
    .filter(({ people }) => people > 0);
  if (days.length === 0) return { calls: [], questions: [] };
  const kitchen = known.kitchen.find(({ active }) => active);
  if (!kitchen) {
    const place = { sheet: ledger.sheets[0]?.name ?? '', row: 0 };
    return { calls: [], questions: [{ kind: 'no-kitchen', ...place, name: ledger.fileName }] };
  }
  const told = (date: string) =>
    eatenOf(known.dineInTally.filter((one) => one.source === 'ledger' && one.date === date && one.meal === meal));
  const missing = days.filter(({ date, people }) => told(date) !== people);
  const calls = inPieces(missing).map((days) =>
    importCall(dineInTallyActs.recordLedgerDays, { kitchenId: kitchen.id, meal, days }),
  );
  return { calls, questions: [] };
}
