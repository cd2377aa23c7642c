import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { ROOM_NAME } from './meetingLinks.ts';
import { nameFromTitle } from './roomNames.ts';

test.each([
  ['Monday meeting', 'monday-meeting'],
  ['  Montag: Büro & Küche! ', 'montag-buro-kuche'],
  ['会議', ''],
])('%s becomes "%s"', (title, name) => {
  expect(nameFromTitle(title)).toBe(name);
});

it('gives nothing but names of rooms', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 128 }), (title) => {
      const name = nameFromTitle(title);
      expect(name === '' || ROOM_NAME.test(name)).toBe(true);
    }),
  );
});
