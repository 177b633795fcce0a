import { expect, it } from 'vitest';
import { readScanned } from './scanned.rules.ts';

const here = 'https://nuanlin.example';

it('takes the token out of a code of this station', () => {
  expect(readScanned(`${here}/join#abc-123`, here)).toEqual({ token: 'abc-123' });
});

it.each([
  ['https://other.example/join#abc', 'other-station'],
  ['http://nuanlin.example/join#abc', 'other-station'],
  [`${here}/join`, 'no-code'],
  [`${here}/join#`, 'no-code'],
  [`${here}/office#abc`, 'no-code'],
  ['6901234567892', 'no-code'],
  ['wxp://f2f0abc', 'no-code'],
  ['', 'no-code'],
])('knows that %s is not one', (text, wrong) => {
  expect(readScanned(text, here)).toEqual({ wrong });
});
