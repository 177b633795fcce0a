import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields, followed } from './live-form.rules.ts';

const values = fc.record({
  name: fc.constantFrom('刘', '李'),
  phone: fc.constantFrom('', '1', '2'),
  diet: fc.subarray(['soft', 'plain']),
});

describe('a form whose record changes elsewhere', () => {
  it('keeps what was typed, and follows where nobody has typed', () => {
    const before = { phone: '1', note: 'a' };
    expect(followed(before, { phone: '1', note: 'mine' }, { phone: '2', note: 'theirs' })).toEqual({
      phone: '2',
      note: 'mine',
    });
  });

  it('saves over nothing that was changed elsewhere but what was typed here', () => {
    fc.assert(
      fc.property(values, values, values, (before, typed, now) => {
        const after = followed(before, typed, now);
        const touched = changedFields(before, typed);
        for (const key of Object.keys(now) as (keyof typeof now)[])
          expect(after[key]).toEqual(touched.includes(key) ? typed[key] : now[key]);
      }),
    );
  });
});
