import { describe, expect, it } from 'vitest';
import type { Identity } from '#engine/context.ts';
import { delivery } from './delivery.record.ts';
import { doorPhoto, doorPhotoActs } from './door-photo.record.ts';
import { noon, TestStation, today } from './test-station.ts';

const who = (person: string, role = 'deliverer'): Identity => ({
  ...{ station: 's', person, roles: [role], communities: 'all' },
});
const photo = (sign: string) => sign.repeat(64);

function withFact(): TestStation {
  const one = new TestStation();
  one.add(delivery, { id: 'f1', elderId: 'e1', date: today, by: 'li', at: noon, outcome: 'handedOver' });
  return one;
}

describe('a photo of a door', () => {
  it('is added by who noted the fact, on that day, and changes nothing of it', () => {
    const one = withFact();
    const before = one.get(delivery, 'f1');
    const id = one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: photo('a') });
    expect(one.get(doorPhoto, id)).toMatchObject({ factId: 'f1', elderId: 'e1', date: today, photo: photo('a') });
    expect(one.get(delivery, 'f1')).toEqual(before);
    expect(one.act(who('wang'), doorPhotoActs.add, { factId: 'f1', photo: photo('b') })).toBe('!not-allowed');
    const tomorrow = noon + 24 * 60 * 60_000;
    expect(one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: photo('b') }, tomorrow)).toBe('!not-allowed');
  });

  it('is there once, four at the most, and named by nothing but its content', () => {
    const one = withFact();
    for (const sign of ['a', 'a', 'b', 'c', 'd'])
      one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: photo(sign) });
    expect(one.tables.all(doorPhoto)).toHaveLength(4);
    expect(one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: photo('e') })).toBe('!enough');
    expect(one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: 'IMG_2031.jpg' })).toBe('!invalid');
  });

  it('is taken back by its author or the office', () => {
    const one = withFact();
    const id = one.act(who('li'), doorPhotoActs.add, { factId: 'f1', photo: photo('a') });
    expect(one.act(who('wang'), doorPhotoActs.takeBack, { photoId: id })).toBe('!not-allowed');
    one.act(who('liang', 'coordinator'), doorPhotoActs.takeBack, { photoId: id });
    expect(one.tables.all(doorPhoto)).toEqual([]);
  });
});
