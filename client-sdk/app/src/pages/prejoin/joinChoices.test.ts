import { expect, test } from 'vitest';
import { cleanDisplayName } from './joinChoices.ts';

test.each([
  ['Ann', 'Ann'],
  ['  Ann   Lee ', 'Ann Lee'],
  ['Ann\u0007\tLee', 'Ann Lee'],
  ['a'.repeat(64), 'a'.repeat(64)],
  ['a'.repeat(65), null],
  ['', null],
  ['   ', null],
  ['\u0001', null],
])('%j is sent as %j', (typed, name) => {
  expect(cleanDisplayName(typed)).toBe(name);
});
