/** Dates as people write them in ledgers. */
import { solarDayOf, speaksOfLunarDate } from './lunar.rules.ts';
import { cellText, chineseNumber, isDay, squash, type CellValue } from './text.rules.ts';

export interface ReadDate {
  /** `YYYY-MM-DD`, or only `YYYY-MM` or `YYYY` when no more was written. */
  iso: string;
  precision: 'day' | 'month' | 'year';
  lunar?: true;
}

const ENGLISH_MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Days since the start of a spreadsheet's calendar that are dates of people: 1909 to 2079. */
const SERIAL = { first: 3300, last: 65_500 };

/** Reads one date; null when the cell holds none. A two-digit year means a person of this age: 38年 is 1938. */
export function readDate(value: CellValue): ReadDate | null {
  if (value === null || typeof value === 'boolean') return null;
  if (isDay(value)) return { iso: value.day, precision: 'day' };
  const text = cellText(value);
  if (/^\d{4,5}$/.test(text) || (typeof value === 'number' && value > 2100 && value < 70_000))
    return serialOrYear(Number(text));
  return textDate(text);
}

function serialOrYear(number: number): ReadDate | null {
  if (number >= 1890 && number <= 2100 && Number.isInteger(number)) return { iso: String(number), precision: 'year' };
  if (number < SERIAL.first || number > SERIAL.last) return null;
  const day = new Date(Date.UTC(1899, 11, 30) + Math.floor(number) * 86_400_000);
  return { iso: day.toISOString().slice(0, 10), precision: 'day' };
}

function textDate(raw: string): ReadDate | null {
  const plain = inDigits(squash(raw).replace(/^['’]/, ''));
  if (speaksOfLunarDate(raw)) return lunarDate(plain);
  const text = plain
    .replace(/^(公历|阳历|农历|阴历|旧历|生于|出生)[:]?/, '')
    .replace(/[(].*[)]$/, '')
    .replace(/(生|出生)$/, '')
    .replace(/T?\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?$/, '');
  return digitsOnly(text) ?? separated(text) ?? english(raw);
}

/** A day of the old calendar is another day in ours; where only its year is certain, the year. */
function lunarDate(text: string): ReadDate | null {
  const iso = solarDayOf(text);
  return iso === null ? null : { iso, precision: iso.length === 4 ? 'year' : 'day', lunar: true };
}

/** 民国27年 → 1938年, 一九三八年三月五日 → 1938年3月5日; the words of a lunar date stay. */
function inDigits(text: string): string {
  return text
    .replace(/^(?:中华)?民国\s*(\d{1,2}|[一二三四五六七八九十]{1,3}|元)年/, (_, year: string) => {
      const number = year === '元' ? 1 : /^\d/.test(year) ? Number(year) : (chineseNumber(year) ?? 0);
      return `${1911 + number}年`;
    })
    .replace(/^[一二][〇零○一二三四五六七八九]{3}(?=年)|^[〇零○一二三四五六七八九]{2}(?=年)/, (year) =>
      String(chineseNumber(year.replaceAll('○', '〇')) ?? year).padStart(2, '0'),
    )
    .replace(/(?<=^\d{2,4}年)([一二三四五六七八九十]{1,2})(?=月)/, (month) => String(chineseNumber(month) ?? month))
    .replace(/(?<=^\d{2,4}年\d{1,2}月)([一二三四五六七八九十]{1,3})(?=[日号]|$)/, (day) =>
      String(chineseNumber(day) ?? day),
    );
}

/** 19380305, 193803 */
function digitsOnly(text: string): ReadDate | null {
  const match = /^(1[89]\d\d|20\d\d)(\d\d)(\d\d)?$/.exec(text);
  return match ? make(match[1], match[2], match[3]) : null;
}

/** 1938-3-5, 1938.3.5, 1938/3/5, 1938年3月5日, 38年3月, 1938年, 3/5/1938 */
function separated(text: string): ReadDate | null {
  const yearFirst = /^(\d{4}|\d{2})[-./年、_](\d{1,2})(?:[-./月、_](\d{1,2})?日?号?)?$/.exec(text);
  if (yearFirst) return make(fullYear(yearFirst[1] ?? ''), yearFirst[2], yearFirst[3]);
  const onlyYear = /^(\d{4}|\d{2})年$/.exec(text);
  if (onlyYear) return make(fullYear(onlyYear[1] ?? ''), undefined, undefined);
  const yearLast = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/.exec(text);
  if (!yearLast) return null;
  const [, first = '', second = '', year] = yearLast;
  // Month first unless that is impossible: the spreadsheet's own American form is the usual source.
  return Number(first) > 12 ? make(year, second, first) : make(year, first, second);
}

/** 5 March 1938, Mar 5, 1938 */
function english(raw: string): ReadDate | null {
  const words = raw.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  const month = words.findIndex((word) => /^[a-z]/.test(word) && ENGLISH_MONTHS.includes(word.slice(0, 3)));
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const year = numbers.find((number) => number.length === 4);
  if (month < 0 || !year || words.length > 4) return null;
  const day = numbers.find((number) => number !== year);
  return make(year, String(ENGLISH_MONTHS.indexOf((words[month] ?? '').slice(0, 3)) + 1), day);
}

function fullYear(text: string): string {
  return text.length === 2 ? `19${text}` : text;
}

function make(year: string | undefined, month: string | undefined, day: string | undefined): ReadDate | null {
  const y = Number(year);
  if (!year || y < 1880 || y > 2100) return null;
  if (month === undefined) return { iso: String(y), precision: 'year' };
  const m = Number(month);
  if (m < 1 || m > 12) return null;
  const start = `${y}-${String(m).padStart(2, '0')}`;
  if (day === undefined || day === '') return { iso: start, precision: 'month' };
  return isCalendarDay(y, m, Number(day)) ? { iso: `${start}-${day.padStart(2, '0')}`, precision: 'day' } : null;
}

export function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Whole years between two days (`YYYY-MM-DD`, the first may be less precise). */
export function ageOn(birth: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Every full date that stands anywhere in a text: the day a title or a footer names. */
export function datesInText(text: string): string[] {
  const found = text.match(/(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}/g) ?? [];
  return found.map((part) => textDate(part)?.iso ?? '').filter((iso) => iso.length === 10);
}

/** The month that a title, a sheet or a file is about: `YYYY-MM`, or null. */
export function monthInText(text: string): string | null {
  const match =
    /((?:19|20)\d\d)\s*[年./_-]\s*(\d{1,2})(?!\d)/.exec(text) ??
    /((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)/.exec(text) ??
    inDigits(squash(/二[〇零○][〇零○一二三四五六七八九]{2}年.*/.exec(text)?.[0] ?? '')).match(/^(\d{4})年(\d{1,2})月/);
  if (!match) return null;
  const month = Number(match[2]);
  return month >= 1 && month <= 12 ? `${match[1]}-${String(month).padStart(2, '0')}` : null;
}
