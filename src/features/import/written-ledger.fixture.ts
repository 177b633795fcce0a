/** Writes ledgers as files and reads them back. Only tests use it. */
import { writeXlsx } from 'hucre/xlsx';
import { checkSign } from './id-number.rules.ts';
import type { Ledger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';

const today = '2026-11-22';

/** A number with the check digit that belongs to it. */
export const numbered = (first17: string): string => first17 + checkSign(first17);

export const utf8 = (lines: string[]): Uint8Array => new TextEncoder().encode(lines.join('\r\n'));

type Sheet = Parameters<typeof writeXlsx>[0]['sheets'][number];

export async function throughXlsx<L extends Ledger>(sheets: Sheet[]): Promise<L> {
  return (await readLedger(new Uint8Array(await writeXlsx({ sheets })), '名单.xlsx', { today })) as L;
}

export async function throughText<L extends Ledger>(bytes: Uint8Array, name = '名单.csv'): Promise<L> {
  return (await readLedger(bytes, name, { today })) as L;
}

export const at = <R extends { row: number }>(people: R[], row: number): R | undefined =>
  people.find((one) => one.row === row);

export const reasons = (ledger: { unreadable: { row: number; reason: string }[] }): [number, string][] =>
  ledger.unreadable.map(({ row, reason }) => [row, reason]);
