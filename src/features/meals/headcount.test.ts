import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekdayOf } from '#engine/calendar.ts';
import { differencesBetween, differs } from './count-differences.rules.ts';
import { headcountOf, linesOf, portionsBehind, portionsOf, type Plan } from './headcount.rules.ts';
import type { Absence } from './absence.rules.ts';
import type { DayOrder, StandingOrder } from './order.rules.ts';

const date = '2026-11-24';
const everyDay = ['1', '2', '3', '4', '5', '6', '7'] as const;
const people = ['a', 'b', 'c', 'd', 'e', 'f'];
const variants = ['plain', 'soft', 'diabetic'];

function standing(elderId: string, change: Partial<StandingOrder> = {}): StandingOrder {
  const order = { elderId, meal: 'lunch', weekdays: everyDay, mode: 'delivery', variantId: 'plain' } as const;
  return { id: `s-${elderId}`, ...order, from: '2026-01-01', to: null, ...change };
}
function day(elderId: string, change: Partial<DayOrder> = {}): DayOrder {
  const order = { elderId, date, meal: 'lunch', mode: 'delivery', variantId: 'plain', state: 'ordered' } as const;
  return { id: `d-${elderId}`, ...order, askedBy: null, note: null, late: false, changedAt: 0, ...change };
}
function away(elderId: string, change: Partial<Absence> = {}): Absence {
  const told = { toldBy: null, note: null, confirmed: true, recordedAt: 0, recordedBy: 'x' };
  return { id: `w-${elderId}`, elderId, reason: 'hospital', from: '2026-11-20', to: null, ...told, ...change };
}
function plan(change: Partial<Plan> = {}): Plan {
  return {
    date,
    meal: 'lunch',
    standing: [],
    days: [],
    absences: [],
    statusOf: new Map(people.map((id) => [id, 'active'])),
    routeOf: new Map(),
    ...change,
  };
}

describe('the headcount', () => {
  it('counts a standing order on its weekdays and within its time only', () => {
    const tuesday = standing('a', { weekdays: ['2'] });
    const monday = standing('b', { weekdays: ['1'] });
    const over = standing('c', { to: '2026-11-23' });
    const later = standing('d', { from: '2026-11-25' });
    const { counted, excluded } = headcountOf(plan({ standing: [tuesday, monday, over, later] }));
    expect(counted.map(({ elderId }) => elderId)).toEqual(['a']);
    expect(excluded).toEqual([]);
  });

  it('lets the order of the day win over the standing one', () => {
    const { counted } = headcountOf(
      plan({ standing: [standing('a')], days: [day('a', { mode: 'dineIn', variantId: 'soft', late: true })] }),
    );
    expect(counted).toEqual([
      { elderId: 'a', mode: 'dineIn', variantId: 'soft', routeId: null, late: true, askedBy: null },
    ]);
  });

  it('puts only what is carried out on a route', () => {
    const standingOrders = [standing('a'), standing('b', { mode: 'dineIn' }), standing('c')];
    const routeOf = new Map([
      ['a', 'east'],
      ['b', 'east'],
    ]);
    const { counted } = headcountOf(plan({ standing: standingOrders, routeOf }));
    expect(counted.map(({ routeId }) => routeId)).toEqual(['east', null, null]);
  });

  it('names everybody who is left out, with the reason and until when', () => {
    const { counted, excluded } = headcountOf(
      plan({
        standing: people.map((id) => standing(id)),
        days: [day('c', { state: 'cancelled' })],
        absences: [away('b', { to: '2026-11-30' }), away('a', { confirmed: false }), away('f', { to: '2026-11-23' })],
        statusOf: new Map([
          ['a', 'active'],
          ['b', 'active'],
          ['c', 'active'],
          ['d', 'ended'],
          ['e', 'paused'],
          ['f', 'active'],
        ]),
      }),
    );
    expect(counted.map(({ elderId }) => elderId)).toEqual(['a', 'f']);
    expect(excluded).toEqual([
      { elderId: 'b', reason: 'hospital', until: '2026-11-30' },
      { elderId: 'c', reason: 'cancelled', until: null },
      { elderId: 'd', reason: 'fileEnded', until: null },
      { elderId: 'e', reason: 'paused', until: null },
    ]);
  });

  it('keeps feeding somebody whose absence nobody has confirmed, and says so', () => {
    const { counted, unconfirmed } = headcountOf(
      plan({ standing: [standing('a')], absences: [away('a', { confirmed: false })] }),
    );
    expect(counted).toHaveLength(1);
    expect(unconfirmed.map(({ elderId }) => elderId)).toEqual(['a']);
  });

  it('feeds an elder whose file this device does not hold', () => {
    expect(headcountOf(plan({ standing: [standing('z')] })).counted).toHaveLength(1);
  });

  it('counts an elder with two clashing standing orders once, as the later one says', () => {
    const older = standing('a', { id: 's1', variantId: 'plain' });
    const newer = standing('a', { id: 's2', variantId: 'diabetic', from: '2026-11-01' });
    for (const both of [
      [older, newer],
      [newer, older],
    ]) {
      const { counted } = headcountOf(plan({ standing: both }));
      expect(counted.map(({ variantId }) => variantId)).toEqual(['diabetic']);
    }
  });
});

const anyStanding = fc.record({
  elderId: fc.constantFrom(...people),
  meal: fc.constantFrom('lunch', 'dinner'),
  weekdays: fc.subarray([...everyDay]),
  mode: fc.constantFrom('delivery', 'dineIn'),
  variantId: fc.constantFrom(...variants),
  from: fc.constantFrom('2026-11-01', '2026-11-24', '2026-11-25'),
  to: fc.constantFrom(null, '2026-11-23', '2026-11-24', '2026-12-31'),
});
const anyDay = fc.record({
  elderId: fc.constantFrom(...people),
  date: fc.constantFrom(date, '2026-11-25'),
  meal: fc.constantFrom('lunch', 'dinner'),
  mode: fc.constantFrom('delivery', 'dineIn'),
  variantId: fc.constantFrom(...variants),
  state: fc.constantFrom('ordered', 'cancelled'),
});
const anyAbsence = fc.record({
  elderId: fc.constantFrom(...people),
  reason: fc.constantFrom('hospital', 'family', 'travel'),
  from: fc.constantFrom('2026-11-20', '2026-11-24', '2026-11-26'),
  to: fc.constantFrom(null, '2026-11-24', '2026-11-23'),
  confirmed: fc.boolean(),
});
const anyPlan = fc
  .record({
    standing: fc.array(anyStanding, { maxLength: 12 }),
    // The id of an order of a day is made of day, meal and elder, so there is one of each at most.
    days: fc.uniqueArray(anyDay, { maxLength: 8, selector: (one) => [one.elderId, one.date, one.meal].join() }),
    absences: fc.array(anyAbsence, { maxLength: 6 }),
    statuses: fc.array(fc.constantFrom('active', 'paused', 'ended', undefined), { minLength: 6, maxLength: 6 }),
    routes: fc.array(fc.constantFrom('east', 'west', undefined), { minLength: 6, maxLength: 6 }),
  })
  .map(({ statuses, routes, ...rows }) =>
    plan({
      standing: rows.standing.map((row, at) =>
        standing(row.elderId, { ...row, id: `s${at}` } as Partial<StandingOrder>),
      ),
      days: rows.days.map((row, at) => day(row.elderId, { ...row, id: `d${at}` } as Partial<DayOrder>)),
      absences: rows.absences.map((row, at) => away(row.elderId, { ...row, id: `w${at}` } as Partial<Absence>)),
      statusOf: new Map(people.flatMap((id, at) => (statuses[at] ? [[id, statuses[at]] as const] : []))),
      routeOf: new Map(people.flatMap((id, at) => (routes[at] ? [[id, routes[at]] as const] : []))),
    }),
  );

/** Who has an order that day, said without the code under test. */
function withOrder(of: Plan): string[] {
  const weekday = String(weekdayOf(of.date));
  const regular = of.standing.filter(
    (one) =>
      one.meal === of.meal &&
      (one.weekdays as readonly string[]).includes(weekday) &&
      !(of.date < one.from) &&
      !(one.to !== null && of.date > one.to),
  );
  const single = of.days.filter((one) => one.meal === of.meal && one.date === of.date);
  return [...new Set([...regular, ...single].map((one) => one.elderId))].sort();
}

describe('whatever the orders are, the headcount', () => {
  it('counts or names everybody with an order exactly once', () => {
    fc.assert(
      fc.property(anyPlan, (of) => {
        const { counted, excluded } = headcountOf(of);
        const all = [...counted, ...excluded].map(({ elderId }) => elderId).sort();
        expect(all).toEqual(withOrder(of));
      }),
    );
  });

  it('has the same sum by variant, by mode and route, and line by line', () => {
    fc.assert(
      fc.property(anyPlan, (of) => {
        const { counted, lines } = headcountOf(of);
        const sum = (figures: number[]) => figures.reduce((total, one) => total + one, 0);
        const byVariant = sum(variants.map((variantId) => portionsBehind(counted, { variantId }).length));
        const byRoute = sum(
          ['east', 'west', null].map((routeId) => portionsBehind(counted, { mode: 'delivery', routeId }).length),
        );
        const seated = portionsBehind(counted, { mode: 'dineIn' }).length;
        expect([byVariant, byRoute + seated, sum(lines.map(({ elderIds }) => elderIds.length))]).toEqual([
          counted.length,
          counted.length,
          counted.length,
        ]);
        expect(linesOf(portionsOf(lines))).toEqual(lines);
      }),
    );
  });

  it('never cooks for somebody who cancelled, is away by the book or has no open file', () => {
    fc.assert(
      fc.property(anyPlan, (of) => {
        const fed = new Set(headcountOf(of).counted.map(({ elderId }) => elderId));
        for (const one of of.days)
          if (one.state === 'cancelled' && one.meal === of.meal && one.date === of.date)
            expect(fed.has(one.elderId)).toBe(false);
        for (const one of of.absences) {
          const gone = one.confirmed && one.from <= of.date && (one.to === null || one.to >= of.date);
          if (gone) expect(fed.has(one.elderId)).toBe(false);
        }
        for (const [id, status] of of.statusOf) if (status !== 'active') expect(fed.has(id)).toBe(false);
      }),
    );
  });

  it('does not depend on the order in which records come', () => {
    fc.assert(
      fc.property(anyPlan, (of) => {
        const turned = {
          ...of,
          standing: [...of.standing].reverse(),
          days: [...of.days].reverse(),
          absences: [...of.absences].reverse(),
        };
        expect(headcountOf(turned)).toEqual(headcountOf(of));
      }),
    );
  });

  it('differs from another count exactly where somebody eats differently', () => {
    fc.assert(
      fc.property(anyPlan, anyPlan, (one, two) => {
        const a = { ...headcountOf(one), walkIns: 0 };
        const b = { ...headcountOf(two), walkIns: 0 };
        const found = differencesBetween(a, b);
        expect(differencesBetween(a, a)).toEqual([]);
        expect(differs(a, b)).toBe(found.length > 0);
        const gained = found.filter((one) => one.before === null).length;
        const lost = found.filter((one) => one.after === null).length;
        expect(a.counted.length + gained - lost).toBe(b.counted.length);
        for (const one of found) expect(one.reason === null).toBe(one.after !== null);
      }),
    );
  });
});
