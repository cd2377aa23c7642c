import { expect, test } from 'vitest';
import { hueOf, initialsOf } from './initials.ts';

test.each([
  ['Ann', 'A'],
  ['ann lee', 'AL'],
  ['Ann Marie van Lee', 'AL'],
  ['  Ann  ', 'A'],
  ['(Ann) [Lee]', 'AL'],
  ['jean-luc', 'JL'],
  ['Ærøskøbing', 'Æ'],
  ['李小龍', '李'],
  ['👩‍🚀 Ada', '👩‍🚀A'],
  ['***', '?'],
  ['', '?'],
])('%j is shown as %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test('an identity keeps its hue, and identities differ', () => {
  expect(hueOf('ann')).toBe(hueOf('ann'));
  const hues = new Set(['ann', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hal'].map(hueOf));
  expect(hues.size).toBeGreaterThan(3);
});
