/**
 * The sheet of paper of a route: which digit stands for which outcome, the number that says which order the sheet was
 * printed in, and where the cursor goes when results are typed back. Pure.
 */
import { absenceReasonOf, type DoorOutcome, type StopState } from '../stop.rules.ts';

export interface PaperCode {
  /** What is ticked on the sheet and pressed when it is typed back. */
  readonly digit: string;
  readonly outcome: DoorOutcome;
  /** The elder was seen in person; where paper cannot tell, they were not. */
  readonly seen: boolean;
}

/** The digits of the sheet, in its order. They stand on paper that is still lying about: never give one another meaning. */
export const paperCodes: readonly PaperCode[] = [
  { digit: '1', outcome: 'handedOver', seen: true },
  { digit: '2', outcome: 'handedToOther', seen: false },
  { digit: '3', outcome: 'noAnswer', seen: false },
  { digit: '4', outcome: 'refused', seen: false },
  { digit: '5', outcome: 'cannotReach', seen: false },
  { digit: '6', outcome: 'wrongMeal', seen: true },
  { digit: '7', outcome: 'shortMeal', seen: true },
  { digit: '8', outcome: 'inHospital', seen: false },
  { digit: '9', outcome: 'moved', seen: false },
  { digit: '0', outcome: 'died', seen: false },
];
/** Printed in every row with a box to tick; the others are written as a digit. */
export const tickedCodes = paperCodes.slice(0, 4);
export const writtenCodes = paperCodes.slice(4);

export function codeOf(digit: string): PaperCode | undefined {
  return paperCodes.find((code) => code.digit === digit);
}

export function codeFor(outcome: DoorOutcome): PaperCode {
  return paperCodes.find((code) => code.outcome === outcome) as PaperCode;
}

/** Whether a slip of the finger here would worry people: said beside the row until the next key. */
export function isGrave({ outcome }: PaperCode): boolean {
  return outcome === 'noAnswer' || absenceReasonOf[outcome] !== undefined;
}

/** Signs that nobody takes for one another, read from paper. */
const signs = '23456789ACDEFHJKLMNPQRTUVWXY';
const mealSigns: Readonly<Record<string, string>> = { breakfast: 'B', lunch: 'L', dinner: 'D' };

/** The number of the sheet of a route with its stops in this order: 1124-L-7QK2. */
export function routeSheetNumber(
  day: { readonly id: string; readonly date: string; readonly meal: string },
  stopIds: readonly string[],
): string {
  return sheetNumber(day.date, mealSigns[day.meal] ?? 'X', [day.id, ...stopIds]);
}

/**
 * 1124-L-7QK2: day, what sort of sheet, and four signs of what stands on it in which order. Two sheets with the same
 * number have the same doors in the same rows, so whoever types one back sees whether the rows still are where they were.
 */
export function sheetNumber(date: string, sort: string, ids: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const sign of ids.join('\n')) {
    hash ^= sign.codePointAt(0) as number;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  let told = '';
  for (let place = 0; place < 4; place += 1) {
    told += signs[hash % signs.length];
    hash = Math.floor(hash / signs.length);
  }
  return `${date.slice(5).replace('-', '')}-${sort}-${told}`;
}

/** A row of the sheet as far as the cursor is concerned. */
export interface SheetRow {
  readonly id: string;
  readonly state: StopState;
}

/**
 * The row after this one that still waits for its result, else the first that does; undefined when none is left. Rows in
 * `taken` have been typed a moment ago and only do not show it yet.
 */
export function nextRow(
  rows: readonly SheetRow[],
  after: string | undefined,
  taken: ReadonlySet<string>,
): string | undefined {
  const place = rows.findIndex(({ id }) => id === after);
  const ahead = [...rows.slice(place + 1), ...rows.slice(0, Math.max(0, place))];
  return ahead.find(({ id, state }) => state === 'waiting' && !taken.has(id))?.id;
}

/** A key that bounces comes down again within this (ms); the fastest finger needs twice as long for the same key. */
export const bounceMs = 60;
