/** Small readings of text that every other rule of the import leans on. */

/** A cell as the workbook gives it; a date cell is a calendar day without a time zone. */
export type CellValue = string | number | boolean | LedgerDay | null;

export interface LedgerDay {
  day: string;
}

export function isDay(value: CellValue): value is LedgerDay {
  return typeof value === 'object' && value !== null;
}

// Zero-width and formatting signs that come with text copied from chats and web pages.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\ufe00-\ufe0f]/g;

/** Full-width letters, digits and signs become half-width, the wide space a space; Chinese 、。《》 stay. */
export function toHalfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000]/g, (sign) =>
    sign === '\u3000' ? ' ' : String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
  );
}

/** The cell as a person reads it: half-width, no invisible signs, no outer blanks; line breaks stay. */
export function cellText(value: CellValue): string {
  if (value === null) return '';
  if (isDay(value)) return value.day;
  if (typeof value === 'number') return numberText(value);
  const text = String(value);
  // Most cells need no mending, and long ledgers have many cells.
  if (!TO_MEND.test(text)) return text.trim();
  return toHalfWidth(text)
    .replace(INVISIBLE, '')
    .replace(/\u00a0/g, ' ')
    .trim();
}

const TO_MEND = /[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3000\ufeff\uff01-\uff5e]|[\ufe00-\ufe0f]/;

/** Free text as it was written, Chinese punctuation and all, without invisible signs. */
export function writtenText(raw: string): string | null {
  const text = raw.replace(INVISIBLE, '').trim();
  return isNothing(toHalfWidth(text)) ? null : text;
}

/** Long numbers (phones, ID numbers typed as numbers) must not turn into 1.99E+10. */
function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value);
}

/** Without any blank: 姓 名 is 姓名, 5 栋 is 5栋. */
export function squash(text: string): string {
  return /\s/.test(text) ? text.replace(/\s+/g, '') : text;
}

const DITTO = /^(同上|同前|同左|上同|同|″|〃|々|"|''|”|“|「|ditto|do\.?|same|same as above)$/i;

/** 同上 and its relatives take the value of the row above. */
export function isDitto(text: string): boolean {
  return DITTO.test(squash(text)) || /^same as above$/i.test(text);
}

const NOTHING = /^(无|没有|暂无|未填|不详|未知|-+|—+|－+|\/|\\|\.|\*+|n\/?a|none|nil|null|空)$/i;

/** 无, — and the like: the cell was filled in order to say that there is nothing. */
export function isNothing(text: string): boolean {
  return text === '' || NOTHING.test(squash(text));
}

/** The list a person wrote into one cell. */
export function splitList(text: string): string[] {
  return text
    .split(/[、,，;；/\n\s|+＋]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !isNothing(part));
}

const CHINESE_DIGITS: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** 十二 → 12, 二十 → 20, 一〇三 → 103; null when it is no number. */
export function chineseNumber(text: string): number | null {
  if (/^[零〇一二两三四五六七八九]+$/.test(text)) {
    return Number([...text].map((sign) => CHINESE_DIGITS[sign]).join(''));
  }
  const match = /^(?:([一二两三四五六七八九])?百零?)?(?:([一二三四五六七八九])?十)?([一二三四五六七八九])?$/.exec(text);
  if (!match || text === '') return null;
  const [, hundreds, tens, ones] = match;
  const hasHundred = text.includes('百');
  const hasTen = text.includes('十');
  return (
    (hasHundred ? (CHINESE_DIGITS[hundreds ?? '一'] ?? 1) * 100 : 0) +
    (hasTen ? (CHINESE_DIGITS[tens ?? '一'] ?? 1) * 10 : 0) +
    (ones ? (CHINESE_DIGITS[ones] ?? 0) : 0)
  );
}

/** The number in the text, whichever digits it uses; null when there is none. */
export function wholeNumber(text: string): number | null {
  const plain = squash(text);
  if (/^\d{1,9}$/.test(plain)) return Number(plain);
  return chineseNumber(plain);
}

/** Tallies a list: most frequent first. */
export function tally<T>(items: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/** True when the two differ in at most one sign (one replaced, added or left out). */
export function differsByOneSign(a: string, b: string): boolean {
  const left = [...a];
  const right = [...b];
  if (Math.abs(left.length - right.length) > 1) return false;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  let fromEnd = 0;
  const shorter = Math.min(left.length, right.length);
  while (fromEnd < shorter - at && left.at(-1 - fromEnd) === right.at(-1 - fromEnd)) fromEnd += 1;
  return Math.max(left.length, right.length) - at - fromEnd <= 1;
}
