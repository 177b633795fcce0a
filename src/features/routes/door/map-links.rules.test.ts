import { expect, it } from 'vitest';
import { mapLinks } from './map-links.rules.ts';

it('shifts the point as each map expects and tells nothing but where it is', () => {
  const links = mapLinks({ latitude: 28.130521, longitude: 112.981342 }, '送餐点');
  const of = (name: string) => links.find((link) => link.name === name)?.href ?? '';
  const numbers = (href: string) => [...href.matchAll(/\d+\.\d{6}/g)].map(Number);
  // Known from the datum's definition: GCJ-02 lies some hundred metres off here, BD-09 some six thousandths further.
  const [x = 0, y = 0] = numbers(of('amap'));
  expect(Math.abs(x - 112.981342)).toBeGreaterThan(0.003);
  expect(Math.abs(y - 28.130521)).toBeGreaterThan(0.002);
  const [by = 0, bx = 0] = numbers(of('baidu'));
  expect(bx - x).toBeCloseTo(0.0065, 2);
  expect(by - y).toBeCloseTo(0.006, 2);
  expect(numbers(of('tencent'))).toEqual([y, x]);
  expect(of('phone')).toBe('geo:28.130521,112.981342?q=28.130521,112.981342');
});
