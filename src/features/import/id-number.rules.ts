/** Citizens' ID numbers after GB 11643: area, birth date, order (odd for men), check digit. */
import { isCalendarDay } from './dates.rules.ts';
import type { Sex } from './ledger.ts';
import { squash } from './text.rules.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_SIGNS = '10X98765432';

export interface ReadId {
  /** The number when nothing is wrong with it, else null. */
  id: string | null;
  flag: 'ok' | 'missing' | 'wrong-check-digit' | 'wrong-length' | 'impossible-date' | 'precision-lost';
  /** From a number that is right. */
  birth: string | null;
  sex: Sex | null;
  /** How it was written, when that needed mending. */
  mended: ('full-width' | 'spaces' | 'fifteen-digits')[];
}

/** The eighteenth sign that belongs to the first seventeen digits. */
export function checkSign(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return CHECK_SIGNS[sum % 11] ?? '';
}

/** True for what is meant as an ID number, right or wrong. */
export function looksLikeId(text: string): boolean {
  const plain = squash(text).toUpperCase();
  return /^\d{17}[\dX]$/.test(plain) || /^\d{15}$/.test(plain) || /^\d(\.\d+)?E\+?17$/.test(plain);
}

/**
 * Reads an ID cell. `raw` is the text before full-width signs were mended; it only serves to say that they were.
 * `isNumber`: the cell held a number, of which a spreadsheet keeps fifteen digits.
 */
export function readId(text: string, raw: string = text, isNumber: boolean = false): ReadId {
  const plain = squash(text).toUpperCase().replace(/^['’]/, '').replace(/-/g, '');
  const mended: ReadId['mended'] = [];
  if (/[\uff10-\uff5a]/.test(raw)) mended.push('full-width');
  if (/\s/.test(raw.trim())) mended.push('spaces');
  const broken = (flag: ReadId['flag']): ReadId => ({ id: null, flag, birth: null, sex: null, mended });
  if (plain === '') return broken('missing');
  if (/E\+?17$/.test(plain) || (isNumber && plain.length > 15)) return broken('precision-lost');
  const number = /^\d{15}$/.test(plain) ? lengthen(plain) : plain;
  if (number !== plain) mended.push('fifteen-digits');
  if (!/^\d{17}[\dX]$/.test(number)) return broken('wrong-length');
  if (checkSign(number.slice(0, 17)) !== number[17])
    return broken(number.endsWith('000') ? 'precision-lost' : 'wrong-check-digit');
  const birth = birthOf(number);
  if (!birth) return broken('impossible-date');
  return { id: number, flag: 'ok', birth, sex: sexOf(number), mended };
}

/** The birth date that stands in an ID number, even where its check digit is wrong; null when it is no date. */
export function birthOf(id: string): string | null {
  const [year, month, day] = [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)];
  if (Number(year) < 1880 || Number(year) > 2100) return null;
  return isCalendarDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : null;
}

function sexOf(id: string): Sex {
  return Number(id[16]) % 2 === 1 ? 'M' : 'F';
}

/** Numbers given before 1999 have fifteen digits, without century and check digit. */
function lengthen(old: string): string {
  const first17 = `${old.slice(0, 6)}19${old.slice(6)}`;
  return first17 + checkSign(first17);
}

/** 430199********1964: enough to tell two people of one name apart, not enough to use. */
export function maskId(id: string): string {
  return `${id.slice(0, 6)}********${id.slice(-4)}`;
}
