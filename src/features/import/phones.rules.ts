/** Telephone numbers: mobiles, fixed lines with area code, several in a cell, and what went wrong with them. */
import { isNothing, squash } from './text.rules.ts';

export interface ReadPhones {
  phones: string[];
  problems: { kind: 'ten-digits' | 'full-width' | 'landline' | 'unreadable'; written: string; readAs: string | null }[];
}

const MOBILE = /^1[3-9]\d{9}$/;

/** Dashes as they are drawn in Chinese texts. */
const DASHES = /[—–－‐‑‒―─ー～~]/g;

/** Reads all numbers of a cell. `raw` is the text before full-width signs were mended. */
export function readPhones(text: string, raw: string = text): ReadPhones {
  const result: ReadPhones = { phones: [], problems: [] };
  if (isNothing(text)) return result;
  const wide = /[\uff10-\uff19]/.test(raw);
  for (const part of splitNumbers(text.replace(DASHES, '-'))) {
    const phone = onePhone(part);
    if (phone && !result.phones.includes(phone)) result.phones.push(phone);
    const kind = problemOf(part, phone, wide);
    if (kind) result.problems.push({ kind, written: wide ? raw.trim() : part, readAs: phone });
  }
  return result;
}

function problemOf(part: string, phone: string | null, wide: boolean): ReadPhones['problems'][number]['kind'] | null {
  if (!phone) return /^1\d{9}$/.test(digitsOf(part)) ? 'ten-digits' : 'unreadable';
  if (wide) return 'full-width';
  return MOBILE.test(phone) ? null : 'landline';
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** Commas, slashes and line breaks part two numbers; dashes and single blanks belong to one. */
function splitNumbers(text: string): string[] {
  const parts = text
    .replace(/[()]/g, ' ')
    .split(/[、,，;；/\n|]|或/)
    .flatMap((part) => {
      const pieces = part.trim().split(/\s+/);
      return pieces.length > 1 && pieces.every((piece) => digitsOf(piece).length >= 7) ? pieces : [part.trim()];
    });
  return parts.filter((part) => /\d/.test(part));
}

/** One number in its plain form, or null. Fixed lines keep the dash after their area code. */
export function onePhone(text: string): string | null {
  const plain = squash(text)
    .replace(/-{2,}/g, '-')
    .replace(/(?<=\d)(?:-?(?:转|轉|分机|ext\.?))(?=\d)/i, '-')
    .replace(/^[^\d+]*/, '')
    .replace(/[^\d-]+$/, '');
  // A zero before a mobile is what one dials from another town.
  const digits = digitsOf(plain).replace(/^(0086|86|0)(?=1[3-9]\d{9}$)/, '');
  if (MOBILE.test(digits)) return digits;
  const landline = /^(0\d{2,3})-?(\d{7,8})(?:-(\d{1,5}))?$/.exec(plain);
  if (landline) return `${landline[1]}-${landline[2]}${landline[3] ? `-${landline[3]}` : ''}`;
  return /^[2-8]\d{6,7}$/.test(digits) && digits.length === digitsOf(text).length ? digits : null;
}

/** True for a cell that is meant as a telephone number, right or wrong. */
export function looksLikePhone(text: string): boolean {
  const plain = squash(text).replace(DASHES, '-');
  if (!/^[+\d][\d\-()/、,;]*$/.test(plain)) return false;
  return (
    splitNumbers(plain).some((part) => onePhone(part) !== null && digitsOf(part).length >= 10) ||
    /^1[3-9]\d{8}$/.test(plain)
  );
}
