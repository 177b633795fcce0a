import { expect, it } from 'vitest';
import { deskOf, dutiesFor, visitCounts } from './duties.ts';

it('gives a person with several hats every part of the day, in the order of the day', () => {
  expect(dutiesFor(['visitor', 'deliverer', 'escort'])).toEqual(['routes', 'escorts', 'visits']);
  expect(dutiesFor([])).toEqual([]);
});

it('sends only those with one desk straight to it', () => {
  expect(deskOf(['coordinator'])).toBe('/office');
  expect(deskOf(['canteen'])).toBe('/canteen');
  expect(deskOf(['canteen', 'deliverer'])).toBeNull();
  expect(deskOf(['deliverer'])).toBeNull();
});

it('counts what is due and what is overdue', () => {
  const plan = {
    id: 'a',
    elderId: 'a',
    everyDays: 7,
    visitorId: null,
    dueOn: '2026-11-20',
    lastVisitOn: null,
    active: true,
  };
  expect(
    visitCounts([
      { plan, state: 'overdue', daysOver: 3 },
      { plan, state: 'due', daysOver: 0 },
      { plan, state: 'suspended', daysOver: 9 },
    ]),
  ).toEqual({ now: 2, overdue: 1 });
});
