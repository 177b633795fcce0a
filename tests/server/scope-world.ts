import fc from 'fast-check';
import { addDays } from '#engine/calendar.ts';
import * as f from '#engine/field.ts';
import { kind, type Row } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { seesBeside, seesMine, seesReferredBy, seesStation, seesWith, type Viewer } from '#engine/scope.ts';

/** Kinds whose rules use every sort of rule and every condition, two and three steps deep. */
const walk = kind({
  name: 'walk',
  fields: { walker: f.optional(f.person()), day: f.date(), area: f.optional(f.text()), open: f.yesNo() },
  index: ['walker'],
  sees: [
    seesMine('walker', { roles: ['walker'], days: { field: 'day', from: -1, to: 1 } }),
    seesStation({ roles: ['office'], within: 'area' }),
    seesStation({ roles: ['kitchen'], having: { field: 'open', values: [true] } }),
  ],
});
const halt = kind({
  name: 'halt',
  fields: { walkId: f.optional(f.text()), who: f.optional(f.text()), mood: f.oneOf(['calm', 'loud', 'away']) },
  index: ['walkId', 'who'],
  sees: [
    seesWith('walk', 'walkId'),
    seesStation({ roles: ['guest'], having: { field: 'mood', values: ['calm', 'away'] } }),
  ],
});
const someone = kind({
  name: 'someone',
  fields: { street: f.optional(f.text()) },
  sees: [seesReferredBy('halt', 'who'), seesMine('id')],
});
const cat = kind({
  name: 'cat',
  fields: { owner: f.optional(f.text()) },
  index: ['owner'],
  sees: [seesWith('someone', 'owner', { roles: ['walker', 'guest'] })],
});
const street = kind({
  name: 'street',
  fields: { name: f.optional(f.text()) },
  index: ['name'],
  sees: [seesBeside('someone', 'name', 'street', { roles: ['walker', 'office'] }), seesStation({ roles: ['mayor'] })],
});
export const registry = registryOf([{ walk, halt, someone, cat, street }]);
export const today = '2026-11-20';

const id = (prefix: string) => fc.integer({ min: 0, max: 5 }).map((number) => `${prefix}${number}`);
const maybe = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: null });
const rowsOf = <T extends object>(prefix: string, fields: fc.Arbitrary<T>) =>
  fc
    .array(fields, { maxLength: 6 })
    .map((list) => list.map((one, at): Row => ({ id: `${prefix}${at}`, ...one }) as unknown as Row));

/** Up to six records of each kind, most of them tied to others. */
export const world = fc.record({
  walk: rowsOf(
    'w',
    fc.record({
      walker: maybe(id('p')),
      day: fc.integer({ min: -3, max: 3 }).map((count) => addDays(today, count)),
      area: maybe(id('a')),
      open: fc.boolean(),
    }),
  ),
  halt: rowsOf(
    'h',
    fc.record({ walkId: maybe(id('w')), who: maybe(id('p')), mood: fc.constantFrom('calm', 'loud', 'away') }),
  ),
  someone: rowsOf('p', fc.record({ street: maybe(id('s')) })),
  cat: rowsOf('c', fc.record({ owner: maybe(id('p')) })),
  street: rowsOf('t', fc.record({ name: maybe(id('s')) })),
});
export const viewer: fc.Arbitrary<Viewer> = fc.record({
  person: id('p'),
  roles: fc.subarray(['walker', 'office', 'kitchen', 'guest', 'mayor']),
  communities: fc.oneof(fc.constant('all' as const), fc.array(id('a'), { maxLength: 3 })),
  today: fc.constant(today),
});
