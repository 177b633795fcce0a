/**
 * Times, days, durations and lists in words. Everything is pure and told in the time of the station (Asia/Shanghai),
 * wherever the phone believes itself to be. Instants are epoch milliseconds, days are 'YYYY-MM-DD'.
 */
import { getLocale, type Locale } from '#i18n';
import { m } from '#messages';

const zone = 'Asia/Shanghai';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const dayParts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const clockParts = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The station's day of an instant: '2026-11-24'. */
export function dayOf(instant: number): string {
  return dayParts.format(instant);
}

/** '9:40', '11:42', in both languages. */
export function timeOfDay(instant: number): string {
  return clockParts.format(instant).replace(/^0(?=\d)/, '');
}

interface DateWordsOptions {
  locale?: Locale;
  weekday?: boolean;
  year?: boolean;
}

/** A day in words: '11 月 24 日 周二', 'Tue 24 Nov'. Takes a day or an instant; the weekday is told unless declined. */
export function dateWords(when: string | number, options: DateWordsOptions = {}): string {
  const { locale = getLocale(), weekday = true, year = false } = options;
  const text = typeof when === 'number' ? dayOf(when) : when;
  // Noon in UTC: the calendar day is the same one in every reckoning that follows.
  const noon = new Date(`${text}T12:00:00Z`);
  const tell = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...parts }).format(noon);
  const month = locale === 'en' ? tell({ month: 'short' }) : String(noon.getUTCMonth() + 1);
  const date = m.ui_date({ month, day: noon.getUTCDate() }, { locale });
  const dated = year ? m.ui_date_year({ date, year: noon.getUTCFullYear() }, { locale }) : date;
  return weekday ? m.ui_date_weekday({ date: dated, weekday: tell({ weekday: 'short' }) }, { locale }) : dated;
}

/** Whole days from one day to another; negative when the second lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / day);
}

/** '今天', '昨天', '明天', else the date. */
export function dayWords(when: string | number, now: number, locale: Locale = getLocale()): string {
  const text = typeof when === 'number' ? dayOf(when) : when;
  const distance = daysBetween(dayOf(now), text);
  if (distance === 0) return m.ui_today({}, { locale });
  if (distance === -1) return m.ui_yesterday({}, { locale });
  if (distance === 1) return m.ui_tomorrow({}, { locale });
  return dateWords(text, { locale, weekday: false });
}

/** A time, with its day unless it is today: '11:20', '昨天 16:05', '11 月 20 日 9:02'. */
export function momentWords(instant: number, now: number, locale: Locale = getLocale()): string {
  const time = timeOfDay(instant);
  if (dayOf(instant) === dayOf(now)) return time;
  return m.ui_day_time({ day: dayWords(instant, now, locale), time }, { locale });
}

/** How long: '20 秒', '6 分 20 秒', '53 分钟', '1 小时 52 分', '12 天'. Seconds are told up to ten minutes. Never negative. */
export function durationWords(milliseconds: number, locale: Locale = getLocale()): string {
  const said = { locale };
  const whole = Math.max(0, Math.floor(milliseconds / 1000) * 1000);
  const seconds = Math.floor((whole % minute) / 1000);
  if (whole < minute) return m.ui_seconds({ n: seconds }, said);
  const minutes = Math.floor(whole / minute);
  if (whole < hour) {
    if (minutes >= 10 || seconds === 0) return m.ui_minutes_alone({ n: minutes }, said);
    return m.ui_two_units({ big: m.ui_minutes({ n: minutes }, said), small: m.ui_seconds({ n: seconds }, said) }, said);
  }
  if (whole < day) {
    const hours = m.ui_hours({ n: Math.floor(whole / hour) }, said);
    const rest = minutes % 60;
    return rest === 0 ? hours : m.ui_two_units({ big: hours, small: m.ui_minutes({ n: rest }, said) }, said);
  }
  return m.ui_days({ n: Math.floor(whole / day) }, said);
}

/** How long ago, in one unit: '刚才', '8 分钟前', '2 小时前', '3 天前'. */
export function agoWords(instant: number, now: number, locale: Locale = getLocale()): string {
  const passed = now - instant;
  if (passed < minute) return m.ui_just_now({}, { locale });
  const unit = passed < hour ? minute : passed < day ? hour : day;
  const duration = durationWords(Math.floor(passed / unit) * unit, locale);
  return m.ui_ago({ duration }, { locale });
}

/** '饭、药、水'; 'rice, pills and water'. Empty words are left out. */
export function joinList(words: readonly string[], locale: Locale = getLocale()): string {
  const told = words.filter((word) => word !== '');
  if (told.length < 2) return told.join('');
  const head = told.slice(0, -1).join(m.ui_list_comma({}, { locale }));
  return `${head}${m.ui_list_last({}, { locale })}${told.at(-1)}`;
}
