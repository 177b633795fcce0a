/** Birthdays in the old calendar, as elders tell them: 农历1938年二月初四, 戊寅年腊月廿三. */
// Plain Node sees this package as CommonJS, bundlers as a module: only the default reads the same for both.
import chineseDays from 'chinese-days';
import { chineseNumber } from './text.rules.ts';

const STEMS = '甲乙丙丁戊己庚辛壬癸';
const BRANCHES = '子丑寅卯辰巳午未申酉戌亥';
const CYCLE_YEAR = new RegExp(`([${STEMS}])([${BRANCHES}])年`);
/** The table of the calendar begins here. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2020;
/** A cycle of sixty years is settled by the age of those a ledger is about: born before this year. */
const ELDERS_BORN_BEFORE = 1970;

const LUNAR_WORDS = /农历|阴历|旧历|农\s*[:：.]|腊月|正月|冬月|初[一二三四五六七八九十]|廿|闰/;

export function speaksOfLunarDate(text: string): boolean {
  return LUNAR_WORDS.test(text) || CYCLE_YEAR.test(text);
}

/** The solar day (`YYYY-MM-DD`) of a lunar date, or its year alone; null when not even the year stands there. */
export function solarDayOf(text: string): string | null {
  const year = lunarYear(text);
  if (year === null || year < FIRST_YEAR || year > LAST_YEAR) return null;
  const parts = monthAndDay(text);
  if (!parts) return String(year);
  const lunar = [year, parts.month, parts.day].map((part) => String(part).padStart(2, '0')).join('-');
  const solar = chineseDays.getSolarDateFromLunar(lunar);
  const found = parts.isLeap ? solar.leapMonthDate : solar.date;
  if (!found) return String(year);
  // A thirtieth that its month does not have would silently become the first of the next.
  const { lunarMon, lunarDay } = chineseDays.getLunarDate(found);
  return lunarMon === parts.month && lunarDay === parts.day ? found : String(year);
}

function lunarYear(text: string): number | null {
  const written = /((?:18|19|20)\d\d)/.exec(text)?.[1] ?? /(?:^|\D)(\d{2})年/.exec(text)?.[1];
  if (written) return written.length === 2 ? 1900 + Number(written) : Number(written);
  const named = CYCLE_YEAR.exec(text);
  if (!named) return null;
  const [stem, branch] = [STEMS.indexOf(named[1] ?? ''), BRANCHES.indexOf(named[2] ?? '')];
  for (let year = ELDERS_BORN_BEFORE - 1; year >= ELDERS_BORN_BEFORE - 60; year -= 1) {
    if ((year + 6) % 10 === stem && (year + 8) % 12 === branch) return year;
  }
  return null;
}

const MONTHS: Record<string, number> = { 正: 1, 元: 1, 冬: 11, 腊: 12, 蜡: 12 };

function monthAndDay(text: string): { month: number; day: number; isLeap: boolean } | null {
  const spoken =
    /(闰)?(正|元|冬|腊|蜡|\d{1,2}|[一二三四五六七八九十]{1,2})月\s*(初|廿|卅)?(\d{1,2}|[一二三四五六七八九十]{0,3})[日号]?/.exec(
      text,
    );
  if (spoken) {
    const month = MONTHS[spoken[2] ?? ''] ?? numberOf(spoken[2] ?? '');
    const day = dayOf(spoken[3] ?? '', spoken[4] ?? '');
    return month && day ? { month, day, isLeap: spoken[1] !== undefined } : null;
  }
  const digits = /(?:\d{4}|\d{2})[-./年](\d{1,2})[-./月](\d{1,2})/.exec(text);
  return digits ? { month: Number(digits[1]), day: Number(digits[2]), isLeap: false } : null;
}

/** 初四, 十五, 廿三, 廿, 三十 */
function dayOf(lead: string, rest: string): number | null {
  const ones = rest === '' ? 0 : numberOf(rest);
  if (lead === '廿') return 20 + (ones ?? 0);
  if (lead === '卅') return 30;
  return ones === 0 ? null : ones;
}

function numberOf(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : chineseNumber(text);
}
