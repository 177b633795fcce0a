import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields, followingFields } from './live-form.rules.ts';

const values = fc.record({
  name: fc.constantFrom('刘', '李'),
  phone: fc.constantFrom('', '1', '2'),
  diet: fc.subarray(['soft', 'plain']),
});

describe('a form whose record changes elsewhere', () => {
  it('follows where nobody has typed, and leaves alone what was typed', () => {
    const before = { phone: '1', note: 'a', name: '刘' };
    const typed = { ...before, note: 'mine' };
    expect(followingFields(before, typed, { phone: '2', note: 'theirs', name: '刘' })).toEqual(['phone']);
  });

  it('saves over nothing that was changed elsewhere but what was typed here', () => {
    fc.assert(
      fc.property(values, values, values, (before, typed, now) => {
        const saved = { ...typed };
        for (const key of followingFields(before, typed, now)) Object.assign(saved, { [key]: now[key] });
        const touched = changedFields(before, typed);
        for (const key of Object.keys(now) as (keyof typeof now)[])
          expect(saved[key]).toEqual(touched.includes(key) ? typed[key] : now[key]);
      }),
    );
  });
});
