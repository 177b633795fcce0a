import { expect, it } from 'vitest';
import { registry } from './kinds.ts';

it('finds the declarations of every feature and none contradicts another', () => {
  expect(registry.kinds.length).toBeGreaterThan(20);
  const order = registry.kinds.map(({ name }) => name);
  expect(order.indexOf('routeDay')).toBeLessThan(order.indexOf('stop'));
  expect(order.indexOf('stop')).toBeLessThan(order.indexOf('elder'));
});
