import { describe, expect, test } from 'vitest';
import { findDuplicates, type Comparable } from './duplicates.rules.ts';

let rows = 0;
const person = (facts: Partial<Comparable>): Comparable => ({
  sheet: 'A',
  row: (rows += 1),
  name: '孙秀贞',
  id: null,
  birth: null,
  phones: [],
  facts: () => '',
  ...facts,
});

const door = { building: '3', unit: 2, room: '501' };
const verdict = (a: Partial<Comparable>, b: Partial<Comparable>) => {
  const found = findDuplicates([person(a), person(b)]);
  return found.length === 0 ? 'different' : found[0]?.exact ? 'exact' : 'near';
};

describe('who is the same person', () => {
  test.each<[string, Partial<Comparable>, Partial<Comparable>, string]>([
    ['one number, one name, the same facts', { id: '1' }, { id: '1' }, 'exact'],
    ['one number, other facts', { id: '1', facts: () => 'x' }, { id: '1', facts: () => 'y' }, 'near'],
    ['one number, the name slipped', { id: '1', name: '冯正清' }, { id: '1', name: '冯正青' }, 'near'],
    ['one number, quite another name', { id: '1', name: '冯正清' }, { id: '1', name: '李桂兰' }, 'different'],
    ['two right numbers', { id: '1', phones: ['7'], ...door }, { id: '2', phones: ['7'], ...door }, 'different'],
    ['only the name', {}, {}, 'different'],
    ['name and birth date, no telephone, no door', { birth: '1940-01-01' }, { birth: '1940-01-01' }, 'different'],
    [
      'name and telephone, other birth dates',
      { phones: ['7'], birth: '1940-01-01' },
      { phones: ['7'], birth: '1950-01-01' },
      'different',
    ],
    [
      'name, birth date and telephone, one number missing',
      { phones: ['7'], birth: '1940-01-01', id: '1' },
      { phones: ['7'], birth: '1940-01-01' },
      'near',
    ],
    ['one telephone, two people', { phones: ['7'] }, { phones: ['7'], name: '梁金群' }, 'different'],
    ['one door, two people', { ...door }, { ...door, name: '孙秀英' }, 'different'],
    ['spaced out name', { phones: ['7'] }, { phones: ['7'], nameWritten: '孙 秀贞' }, 'near'],
  ])('%s', (_, a, b, wanted) => {
    expect(verdict(a, b)).toBe(wanted);
    expect(verdict(b, a)).toBe(wanted);
  });

  test('the row without a number, or with the note of a move, is the extra one', () => {
    const [poor] = findDuplicates([
      person({ phones: ['7'], birth: '1940-01-01' }),
      person({ phones: ['7'], birth: '1940-01-01', id: '1' }),
    ]);
    expect(poor?.row).toBeLessThan(poor?.sameAs.row ?? 0);
    const [moved] = findDuplicates([
      person({ id: '1', transferred: true, facts: () => 'new' }),
      person({ id: '1', facts: () => 'old' }),
    ]);
    expect(moved?.row).toBeLessThan(moved?.sameAs.row ?? 0);
  });

  test('three rows of one person are two duplicates of the first', () => {
    const found = findDuplicates([person({ id: '1' }), person({ id: '1' }), person({ id: '1' })]);
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ sameAs }) => sameAs.row)).size).toBe(1);
  });
});
