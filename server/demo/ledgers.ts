import fs from 'node:fs/promises';
import path from 'node:path';
import { addDays, daysBetween } from '#engine/calendar.ts';
import type { ReadLedger } from '#features/import/ledger.ts';
import { readLedger } from '#features/import/read-ledger.ts';

/** In the order in which a station would bring them in: places first, then people, then what they eat. */
export const demoFiles = [
  'wenyuan-places.csv',
  'wenyuan-volunteers.xlsx',
  'wenyuan-elders.xlsx',
  'wenyuan-orders-2026-10.xlsx',
  'tiesiyuan-breakfast.csv',
] as const;

/** The files lie beside the program, wherever it was built to. */
const folder = path.resolve('demo');

export async function readDemoLedger(file: string, today: string): Promise<ReadLedger> {
  const ledger = await readLedger(new Uint8Array(await fs.readFile(path.join(folder, file))), file, { today });
  if (ledger.outcome !== 'read') throw new Error(`The demo's ledger ${file} could not be read: ${ledger.reason}.`);
  return ledger.kind === 'meal-marks' ? broughtNear(ledger, today) : ledger;
}

/** The month of marks moved by whole weeks to end just before today, so that the demo has a past to forecast from. */
function broughtNear<L extends Extract<ReadLedger, { kind: 'meal-marks' }>>(ledger: L, today: string): L {
  const last = Object.keys(ledger.byDate).sort().at(-1);
  if (last === undefined) return ledger;
  const weeks = Math.floor((daysBetween(last, today) - 1) / 7);
  const moved = (date: string): string => addDays(date, weeks * 7);
  const byDate = Object.fromEntries(Object.entries(ledger.byDate).map(([date, marks]) => [moved(date), marks]));
  const people = ledger.people.map((row) => ({
    ...row,
    marks: row.marks.map((mark) => ({ ...mark, date: moved(mark.date) })),
  }));
  const first = Object.keys(byDate).sort()[0];
  return { ...ledger, people, byDate, month: first?.slice(0, 7) ?? ledger.month };
}
