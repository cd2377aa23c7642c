import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bringSpeakersForward, noteSpeaker } from './speakerOrder.ts';

test('the newest speaker is first, once, and old ones are forgotten', () => {
  expect(noteSpeaker([], 'a')).toEqual(['a']);
  expect(noteSpeaker(['b', 'a'], 'a')).toEqual(['a', 'b']);
  expect(noteSpeaker(['b', 'a'], 'c', 2)).toEqual(['c', 'b']);
});

test.each([
  ['in sight already', ['c'], ['a', 'b', 'c', 'd', 'e']],
  ['out of sight', ['e'], ['a', 'b', 'e', 'd', 'c']],
  ['two out of sight', ['e', 'd'], ['a', 'd', 'e', 'b', 'c']],
  ['more than there are places', ['e', 'd', 'c', 'b'], ['a', 'e', 'c', 'd', 'b']],
  ['gone', ['x'], ['a', 'b', 'c', 'd', 'e']],
])('a speaker who is %s', (_, recent, expected) => {
  expect(bringSpeakersForward(['a', 'b', 'c', 'd', 'e'], recent, 3)).toEqual(expected);
});

test('nobody is lost or doubled, and the first stays first', () => {
  const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      keys,
      fc.array(fc.nat(29), { maxLength: 8 }),
      fc.integer({ min: 0, max: 20 }),
      (all, spoke, places) => {
        const recent = spoke.map((index) => all[index] ?? 'gone');
        const order = bringSpeakersForward(all, recent, places);
        expect([...order].sort()).toEqual([...all].sort());
        expect(order[0]).toBe(all[0]);
      },
    ),
  );
});
