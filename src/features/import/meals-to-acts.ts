import { weekdayOf } from '#engine/calendar.ts';
import type { RowOf } from '#engine/kind.ts';
import type { TableReader } from '#engine/reader.ts';
import { absenceActs, type AbsenceLine } from '#features/meals/absence.acts.record.ts';
import { kitchen, type Meal as KitchenMeal } from '#features/meals/kitchen.record.ts';
import { standingOrderActs, type ArrangementLine } from '#features/meals/standing-order.acts.record.ts';
import { dineInTallyActs } from '#features/meals/tally.acts.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { building } from '#features/people/place.record.ts';
import { importCall, inPieces, type ImportCall } from './import-calls.ts';
import type { DayMark, KnownPerson, Meal, MealListLedger, MealMarksLedger } from './ledger.ts';
import { matcherOf } from './known-people.rules.ts';

const mealNames: Record<Meal, KitchenMeal> = { B: 'breakfast', L: 'lunch', D: 'dinner' };
const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;
type Weekday = (typeof everyDay)[number];

/** The register's people as lists are matched against; `id` leads back to the elder. */
export function peopleOf(station: TableReader): { known: KnownPerson[]; elderOf: Map<string, RowOf<typeof elder>> } {
  const elders = station.all(elder);
  const known = elders.map((one): KnownPerson => {
    const house = one.buildingId === null ? undefined : station.get(building, one.buildingId);
    return {
      name: one.name,
      id: one.idNumber ?? one.id,
      estate: house?.estate ?? null,
      building: house?.name.replace(/栋$/, '') ?? null,
      unit: one.entrance === null ? null : Number(one.entrance),
      room: one.door,
      phones: [...(one.phones ?? [])],
    };
  });
  return { known, elderOf: new Map(elders.map((one) => [one.idNumber ?? one.id, one])) };
}

/** A month of marks: who eats what on which weekdays from now on, who was away, and how many ate in the canteen. */
export function mealMarkCalls(ledger: MealMarksLedger, station: TableReader): readonly ImportCall[] {
  const { known, elderOf } = peopleOf(station);
  const find = matcherOf(known);
  const meal = mealNames[ledger.meal ?? 'L'];
  const orders: ArrangementLine[] = [];
  const absences: AbsenceLine[] = [];
  for (const row of ledger.people) {
    const match = find({ ...row, phones: row.phones });
    const who = match.id ? elderOf.get(match.id) : undefined;
    if (!who) continue;
    for (const mode of ['delivery', 'dineIn'] as const) {
      const weekdays = weekdaysOf(row.marks, mode === 'delivery' ? ['delivered', 'not-taken'] : ['dine-in']);
      const from = `${ledger.month ?? ledger.ledgerDate?.slice(0, 7) ?? '2000-01'}-01`;
      if (weekdays.length > 0) orders.push({ elderId: who.id, meal, weekdays, mode, from });
    }
    absences.push(...awayOf(row.marks).map((away) => ({ elderId: who.id, ...away })));
  }
  return [
    ...inPieces(orders).map((rows) => importCall(standingOrderActs.arrangeMany, { rows })),
    ...inPieces(absences).map((rows) => importCall(absenceActs.recordMany, { rows })),
    ...dineInCalls(ledger, station, meal),
  ];
}

/** Weekdays on which somebody took this meal at least twice: once is a guest, not a habit. */
function weekdaysOf(marks: readonly DayMark[], wanted: readonly DayMark['mark'][]): Weekday[] {
  const often = new Map<string, number>();
  for (const { date, mark } of marks) {
    if (!wanted.includes(mark)) continue;
    const day = String(weekdayOf(date));
    often.set(day, (often.get(day) ?? 0) + 1);
  }
  return everyDay.filter((day) => (often.get(day) ?? 0) >= 2);
}

/** Runs of days on which somebody was away, for the same reason. */
function awayOf(marks: readonly DayMark[]): { reason: 'hospital' | 'family'; from: string; to: string }[] {
  const runs: { reason: 'hospital' | 'family'; from: string; to: string }[] = [];
  for (const { date, mark } of [...marks].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    if (mark !== 'hospital' && mark !== 'leave') continue;
    const reason = mark === 'hospital' ? 'hospital' : 'family';
    const last = runs.at(-1);
    const next = last && new Date(Date.parse(`${last.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    if (last && last.reason === reason && next === date) last.to = date;
    else runs.push({ reason, from: date, to: date });
  }
  return runs;
}

function dineInCalls(ledger: MealMarksLedger, station: TableReader, meal: KitchenMeal): readonly ImportCall[] {
  const [cooks] = station.all(kitchen).filter(({ active }) => active);
  const days = Object.entries(ledger.byDate).map(([date, marks]) => ({ date, people: marks['dine-in'] ?? 0 }));
  if (!cooks || days.length === 0) return [];
  return inPieces(days).map((piece) =>
    importCall(dineInTallyActs.recordLedgerDays, { kitchenId: cooks.id, meal, days: piece }),
  );
}

/** A list of who gets breakfast brought: a standing order for every day. */
export function mealListCalls(ledger: MealListLedger, station: TableReader): readonly ImportCall[] {
  const { known, elderOf } = peopleOf(station);
  const find = matcherOf(known);
  const orders = ledger.people.flatMap((row): ArrangementLine[] => {
    const match = find({ ...row, phones: row.phones });
    const who = match.id ? elderOf.get(match.id) : undefined;
    if (!who) return [];
    const from = ledger.ledgerDate ?? '2000-01-01';
    return [{ elderId: who.id, meal: mealNames[ledger.meal ?? 'B'], weekdays: [...everyDay], mode: 'delivery', from }];
  });
  return inPieces(orders).map((rows) => importCall(standingOrderActs.arrangeMany, { rows }));
}
