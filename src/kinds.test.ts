import { expect, it } from 'vitest';
import { contextOf } from '#engine/context.ts';
import { registryOf } from '#engine/registry.ts';
import { field as fieldRoles } from '#features/access/public.ts';
import { modules as atDesk } from './kinds-at-desk.ts';
import { actsAtDesk, registry as onPhone } from './kinds-on-phone.ts';
import { registry } from './kinds.ts';

it('finds the declarations of every feature and none contradicts another', () => {
  expect(registry.kinds.length).toBeGreaterThan(20);
  const order = registry.kinds.map(({ name }) => name);
  expect(order.indexOf('routeDay')).toBeLessThan(order.indexOf('stop'));
  expect(order.indexOf('stop')).toBeLessThan(order.indexOf('elder'));
});

it('gives a phone every kind at once, and every act when those of the desks are there too', () => {
  const names = (one: typeof registry) => one.kinds.map(({ name }) => name);
  expect(names(onPhone)).toEqual(names(registry));
  const first = onPhone.mutations.size;
  onPhone.learn(atDesk);
  expect([...onPhone.mutations.keys()].sort()).toEqual([...registry.mutations.keys()].sort());
  expect(onPhone.mutations.size - first).toBeGreaterThan(30);
});

it('leaves nothing to a desk that a person who goes to doors may do', () => {
  const field = contextOf({ station: 's', person: 'p', roles: [...fieldRoles], communities: 'all' }, 'd', {
    id: 'a',
    at: 0,
  });
  // Whatever is asked about looks as if it were this person's own.
  const subject = new Proxy({}, { get: () => 'p' });
  const reader = { get: () => subject, where: () => [subject], all: () => [subject] } as never;
  const late = registryOf([...registry.kinds.map((kind) => ({ kind }))]);
  late.learn(atDesk);
  const allowed = [...late.mutations.values()].filter((act) => act.may(field, subject, reader, subject as never));
  expect(allowed.map(({ name }) => name)).toEqual([]);
  expect(actsAtDesk.roles.filter((role) => (fieldRoles as readonly string[]).includes(role))).toEqual([]);
});
