/** The demo ledgers and what a careful person reads in them. Only tests use it. */
import fs from 'node:fs';
import type { Ledger } from './ledger.ts';
import { readLedger, type ReadOptions } from './read-ledger.ts';

const demo = new URL('../../../demo/', import.meta.url);

/** Written down together with the invented ledgers, by a program that shares no code with the import. */
export const expected = JSON.parse(fs.readFileSync(new URL('rosters-expected.json', demo), 'utf8')).files;

export const demoBytes = (file: string): Uint8Array => fs.readFileSync(new URL(file, demo));

export async function readDemo<T extends Ledger>(file: string, options?: ReadOptions): Promise<T> {
  return (await readLedger(demoBytes(file), file, options)) as T;
}

export interface At {
  sheet: string;
  row: number;
}

export const key = ({ sheet, row }: At): string => `${sheet}!${row}`;

/** How often each word occurs; an item may give several words or none. */
export function count<T>(items: T[], of: (item: T) => string | string[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const item of items) for (const word of [of(item)].flat()) tally[word] = (tally[word] ?? 0) + 1;
  return tally;
}
