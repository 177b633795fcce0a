import { expect, it } from 'vitest';
import { boxesDueOf, earlierFrom, planDay } from './planning.rules.ts';

const place = (routeId: string, elderId: string, order: number) => ({
  id: `${routeId}:${elderId}`,
  routeId,
  elderId,
  order,
});
const route = (id: string, active = true) => ({ id, meal: 'lunch', active });

it('plans each route in its order with who eats today, and names who is on none', () => {
  const places = [
    place('r1', 'b', 200),
    place('r1', 'a', 100),
    place('r1', 'away', 50),
    place('r2', 'c', 1),
    place('r3', 'd', 1),
  ];
  const meals = ['a', 'b', 'c', 'd', 'new'].map((elderId) => ({ elderId, variantId: 'v' }));
  const { plans, unplaced } = planDay([route('r2'), route('r1'), route('r3', false)], places, meals, [
    { elderId: 'a', given: true, boxesBack: 0 },
  ]);
  expect(plans.map(({ routeId, stops }) => [routeId, stops.map(({ elderId }) => elderId)])).toEqual([
    ['r1', ['a', 'b']],
    ['r2', ['c']],
  ]);
  expect(plans[0]?.stops.map(({ boxesDue }) => boxesDue)).toEqual([1, 0]);
  expect(unplaced.map(({ elderId }) => elderId)).toEqual(['d', 'new']);
});

it('carries nobody twice when two routes pass the same door', () => {
  const { plans } = planDay(
    [route('r1'), route('r2')],
    [place('r1', 'a', 1), place('r2', 'a', 1)],
    [{ elderId: 'a', variantId: 'v' }],
  );
  expect(plans).toHaveLength(1);
});

it('counts the old boxes that are still out', () => {
  const told = [
    { elderId: 'a', given: true, boxesBack: 0 },
    { elderId: 'a', given: true, boxesBack: 1 },
    { elderId: 'b', given: true, boxesBack: 3 },
    ...Array.from({ length: 30 }, () => ({ elderId: 'c', given: true, boxesBack: 0 })),
  ];
  expect([...boxesDueOf(told)]).toEqual([
    ['a', 1],
    ['b', 0],
    ['c', 9],
  ]);
});

it('takes from each earlier door what counts there', () => {
  const told = (id: string, stopId: string, date: string, part: object) => ({
    id,
    stopId,
    date,
    elderId: 'a',
    boxesBack: 0,
    outcome: 'handedOver' as const,
    corrects: null,
    follows: null,
    at: 0,
    by: 'li',
    ...part,
  });
  const facts = [
    told('1', 's1', '2026-11-22', { outcome: 'noAnswer' }),
    told('2', 's1', '2026-11-22', { follows: '1', boxesBack: 1 }),
    told('3', 's2', '2026-11-23', {}),
    told('4', 's2', '2026-11-23', { outcome: 'withdrawn', corrects: '3' }),
    told('5', 's3', '2026-11-24', {}),
  ];
  expect(earlierFrom(facts, '2026-11-24')).toEqual([{ elderId: 'a', given: true, boxesBack: 1 }]);
});
