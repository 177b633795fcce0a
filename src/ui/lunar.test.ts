import { describe, expect, it } from 'vitest';
import { isMeatlessDay, lunarDayOf, lunarWords } from './lunar.ts';

describe('a day in the old calendar', () => {
  it.each([
    ['2026-11-22', '农历十月十四'],
    ['2026-02-17', '农历正月初一'],
    ['2026-09-25', '农历八月十五'],
    ['1938-03-05', '农历二月初四'],
    ['2025-08-01', '农历闰六月初八'],
    ['2025-01-28', '农历腊月廿九'],
    ['2024-02-09', '农历腊月三十'],
    ['2025-12-20', '农历冬月初一'],
    ['2026-01-08', '农历冬月二十'],
    // Here the browser's own calendar is a month off.
    ['1917-03-25', '农历闰二月初三'],
  ])('%s is %s', (day, words) => {
    expect(lunarWords(day, 'zh-CN')).toBe(words);
  });

  it('is told in figures in English', () => {
    expect(lunarWords('2026-11-22', 'en')).toBe('lunar 10/14');
  });

  it.each(['', '1938', '1938-03', '1850-01-01', '2300-01-01', 'soon'])('says nothing about %s', (day) => {
    expect(lunarDayOf(day)).toBeNull();
    expect(lunarWords(day)).toBe('');
  });

  it('knows the first and the fifteenth', () => {
    expect(['2026-11-22', '2026-11-23', '2026-12-09'].map(isMeatlessDay)).toEqual([false, true, true]);
  });
});
