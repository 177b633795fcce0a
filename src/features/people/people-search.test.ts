import { describe, expect, it } from 'vitest';
import { ageOn, masked, matches, searchEntry } from './people-search.rules.ts';

const liu = searchEntry({
  id: '1',
  name: '刘淑珍',
  pinyin: 'liushuzhen lsz',
  phones: ['0731-70001234', '19900005678'],
  door: '银杏苑 3栋 2-502',
});

describe('somebody is found by', () => {
  it.each([
    ['刘淑'],
    ['淑珍'],
    ['liu'],
    ['LiuShu'],
    ['lsz'],
    ['ls'],
    ['银杏苑3栋'],
    ['2-502'],
    ['5678'],
    ['70001234'],
    ['刘 银杏苑'],
    ['lsz 502'],
    ['５６７８'],
    [''],
  ])('%s', (query) => expect(matches(liu, query)).toBe(true));

  it.each([['刘珍'], ['shu'], ['sz'], ['1234567'], ['78'], ['刘 樟树里'], ['1990000']])('and not by %s', (query) =>
    expect(matches(liu, query)).toBe(false),
  );
});

it('age turns on the birthday', () => {
  expect(ageOn('1945-11-23', '2026-11-22')).toBe(80);
  expect(ageOn('1945-11-23', '2026-11-23')).toBe(81);
  expect(ageOn(null, '2026-11-23')).toBeNull();
});

it('an ID number shows place and tail only', () => {
  expect(masked('430199194103052887')).toBe('430199********2887');
});
