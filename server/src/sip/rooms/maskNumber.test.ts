import { expect, it } from 'vitest';
import { shownName } from './grants.ts';
import { maskNumber } from './maskNumber.ts';

it.each([
  ['+4930123456', '+49 30 ••••56'],
  ['201', '201'],
  ['', ''],
  ['sip:alice@example.org;transport=tcp', '•••@example.org'],
  ['sips:example.org', '•••'],
])('%s is shown as %s', (number, shown) => {
  expect(maskNumber(number)).toBe(shown);
});

it.each([
  [['Carl Fon'], 'Carl Fon'],
  [['A\r\nVia: x'], 'A Via: x'],
  [['+49 30 123456', null], '+49 30 ••••56'],
  [[''], '+49 30 ••••56'],
])('of the names %o, %s is shown', (names, shown) => {
  expect(shownName('+4930123456', ...names)).toBe(shown);
});
it('who withholds their number is a phone', () => {
  expect(shownName('', '')).toBe('Phone');
});
