import { describe, expect, it } from 'vitest';
import {
  agoWords,
  dateWords,
  dayOf,
  daysBetween,
  dayWords,
  durationWords,
  joinList,
  momentWords,
  timeOfDay,
} from './format.ts';

const zh = 'zh-CN';
const en = 'en';
// 24 November 2026, 11:42 in Shanghai.
const now = Date.UTC(2026, 10, 24, 3, 42);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('times and days', () => {
  it('tells the time and the day of the station, not of the phone', () => {
    expect(timeOfDay(now)).toBe('11:42');
    expect(timeOfDay(Date.UTC(2026, 10, 24, 1, 5))).toBe('9:05');
    expect(timeOfDay(Date.UTC(2026, 10, 23, 16, 0))).toBe('0:00');
    expect(dayOf(Date.UTC(2026, 10, 23, 15, 59))).toBe('2026-11-23');
    expect(dayOf(Date.UTC(2026, 10, 23, 16, 0))).toBe('2026-11-24');
  });

  it('tells a date in words, from a day or an instant', () => {
    expect(dateWords('2026-11-24', { locale: zh })).toBe('11 月 24 日 周二');
    expect(dateWords(now, { locale: zh, weekday: false })).toBe('11 月 24 日');
    expect(dateWords('2026-11-24', { locale: zh, year: true })).toBe('2026 年 11 月 24 日 周二');
    expect(dateWords('2026-11-24', { locale: en })).toBe('Tue 24 Nov');
    expect(dateWords('2026-01-01', { locale: en, year: true, weekday: false })).toBe('1 Jan 2026');
  });

  it('calls the near days by name', () => {
    expect(dayWords('2026-11-24', now, zh)).toBe('今天');
    expect(dayWords(now - day, now, zh)).toBe('昨天');
    expect(dayWords('2026-11-25', now, en)).toBe('tomorrow');
    expect(dayWords('2026-11-20', now, zh)).toBe('11 月 20 日');
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
    expect(daysBetween('2027-01-01', '2026-12-31')).toBe(-1);
  });

  it('names the day of a moment only when it is another one', () => {
    expect(momentWords(now, now + hour, zh)).toBe('11:42');
    expect(momentWords(now - day, now, zh)).toBe('昨天 11:42');
    expect(momentWords(now - 4 * day, now, en)).toBe('20 Nov 11:42');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 秒', '0 s'],
    [20_400, '20 秒', '20 s'],
    [minute, '1 分钟', '1 min'],
    [6 * minute + 20_000, '6 分 20 秒', '6 min 20 s'],
    [10 * minute + 20_000, '10 分钟', '10 min'],
    [53 * minute, '53 分钟', '53 min'],
    [hour, '1 小时', '1 h'],
    [hour + 52 * minute, '1 小时 52 分', '1 h 52 min'],
    [12 * day + 3 * hour, '12 天', '12 d'],
    [-5 * minute, '0 秒', '0 s'],
  ])('%i ms', (milliseconds, inChinese, inEnglish) => {
    expect(durationWords(milliseconds, zh)).toBe(inChinese);
    expect(durationWords(milliseconds, en)).toBe(inEnglish);
  });

  it('tells how long ago in one unit', () => {
    expect(agoWords(now - 30_000, now, zh)).toBe('刚才');
    expect(agoWords(now - 8 * minute - 50_000, now, zh)).toBe('8 分钟前');
    expect(agoWords(now - 2 * hour - 59 * minute, now, zh)).toBe('2 小时前');
    expect(agoWords(now - 3 * day, now, en)).toBe('3 d ago');
    expect(agoWords(now + hour, now, zh)).toBe('刚才');
  });
});

describe('lists', () => {
  it('joins as one would say it', () => {
    expect(joinList([], zh)).toBe('');
    expect(joinList(['饭'], zh)).toBe('饭');
    expect(joinList(['饭', '', '药', '水'], zh)).toBe('饭、药、水');
    expect(joinList(['rice', 'pills', 'water'], en)).toBe('rice, pills and water');
  });
});
