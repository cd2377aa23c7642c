import { expect, test } from 'vitest';
import { matchPeople, parseBreakoutList } from './breakoutList.ts';

test('each line is a room with its people', () => {
  expect(parseBreakoutList('Blue: Ann, Bob ;Zoë\n\n Red \nBlue: Dan\n: nobody')).toEqual([
    { name: 'Blue', people: ['Ann', 'Bob', 'Zoë', 'Dan'] },
    { name: 'Red', people: [] },
  ]);
});

test('people are found by identity or name, unless that is somebody else’s, too', () => {
  const present = [
    { identity: 'guest-1', displayName: 'Ann' },
    { identity: 'bob@example.org', displayName: 'Bob B.' },
    { identity: 'guest-2', displayName: 'Sam' },
    { identity: 'guest-3', displayName: 'sam' },
  ];
  const rooms = parseBreakoutList('Blue: ann, nobody\nRed: bob@example.org, Sam');
  expect(matchPeople(rooms, present)).toEqual({
    assigned: [
      { identity: 'guest-1', room: 0 },
      { identity: 'bob@example.org', room: 1 },
    ],
    unknown: ['nobody', 'Sam'],
  });
});
