import { expect, test } from 'vitest';
import {
  ADJECTIVES,
  createMeetingName,
  NAME_BITS,
  NOUNS,
  SUFFIX_ALPHABET,
  SUFFIX_LENGTH,
} from './meetingNames.ts';
import { ROOM_NAME } from './meetingLinks.ts';

test('a name holds at least 40 bits of chance', () => {
  expect(NAME_BITS).toBeGreaterThanOrEqual(40);
});

test.each([
  ['adjectives', ADJECTIVES],
  ['nouns', NOUNS],
  ['suffix characters', [...SUFFIX_ALPHABET]],
])('%s are distinct and as many as divide 256, so that no choice is likelier than another', (_, choices) => {
  expect(new Set(choices).size).toBe(choices.length);
  expect(256 % choices.length).toBe(0);
});

test('every word makes a valid room name', () => {
  for (const word of [...ADJECTIVES, ...NOUNS]) expect(word).toMatch(/^[a-z]+$/);
});

test('the bytes of the generator decide the name, and all of them count', () => {
  const base = createMeetingName((bytes) => bytes.fill(0));
  expect(base).toBe('able-acorn-000000');
  const seen = new Set([base]);
  for (let i = 0; i < 2 + SUFFIX_LENGTH; i++) {
    seen.add(
      createMeetingName((bytes) => {
        bytes.fill(0);
        bytes[i] = 1;
      }),
    );
  }
  expect(seen.size).toBe(3 + SUFFIX_LENGTH);
});

test('names from the real generator are valid and do not repeat', () => {
  const names = Array.from({ length: 500 }, () => createMeetingName());
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(ROOM_NAME);
});
