import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMeetingInput, pathOfRoom, ROOM_NAME, roomOfPath, invitationOfHash } from './meetingLinks.ts';

const ORIGIN = 'https://meet.example.org';

test.each([
  ['quiet-otter-4kx92p', 'quiet-otter-4kx92p'],
  ['  Demo_1.2 ', 'Demo_1.2'],
  ['/r/demo', 'demo'],
  ['r/demo', 'demo'],
  ['https://meet.example.org/r/demo', 'demo'],
  ['https://meet.example.org/r/demo/', 'demo'],
  ['https://meet.example.org/r/demo?utm=1', 'demo'],
  ['HTTPS://MEET.EXAMPLE.ORG/r/demo', 'demo'],
  ['meet.example.org/r/demo', 'demo'],
  ['/r/%64emo', 'demo'],
])('%j leads to %s', (input, room) => {
  expect(parseMeetingInput(input, ORIGIN)).toEqual({ kind: 'room', room });
});

test('a token in the fragment of a link comes along', () => {
  expect(parseMeetingInput(`${ORIGIN}/r/demo#token=a.b-c_d`, ORIGIN)).toEqual({
    kind: 'room',
    room: 'demo',
    token: 'a.b-c_d',
  });
});

test('the code of an invitation comes along', () => {
  expect(parseMeetingInput(`${ORIGIN}/r/demo#invite=abc`, ORIGIN)).toEqual({
    ...{ kind: 'room', room: 'demo', invite: 'abc' },
  });
});

test('a token in the query of a link is not read', () => {
  expect(parseMeetingInput(`${ORIGIN}/r/demo?token=abc`, ORIGIN)).toEqual({ kind: 'room', room: 'demo' });
});

test.each([
  ['http://localhost:8080/r/demo', 'http://localhost:8080/r/demo'],
  ['other.example.net/r/demo', 'https://other.example.net/r/demo'],
  ['http://meet.example.org/r/demo', 'http://meet.example.org/r/demo'],
])('%j is a meeting of another server', (input, url) => {
  expect(parseMeetingInput(input, ORIGIN)).toEqual({ kind: 'otherServer', url });
});

test.each([
  '',
  '   ',
  'two words',
  '-demo',
  'a'.repeat(65),
  'über',
  'meet.example.org',
  '/',
  '/r/',
  '/r/a/b',
  '/x/demo',
  '//evil.example/r/demo',
  'https://meet.example.org/',
  'https://meet.example.org/r/%E0%A4%A',
  'https://meet.example.org/r/-x',
  'javascript://x/r/demo',
  'javascript:alert(1)//r/demo',
  'data:text/html,/r/demo',
  'file:///r/demo',
])('%j is refused in words', (input) => {
  const parsed = parseMeetingInput(input, ORIGIN);
  expect(parsed.kind).toBe('invalid');
  if (parsed.kind === 'invalid') expect(parsed.message).toMatch(/\.$/);
});

test('whatever is typed, the answer is a valid room, an http address or words', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (input) => {
      const parsed = parseMeetingInput(input, ORIGIN);
      if (parsed.kind === 'room') expect(parsed.room).toMatch(ROOM_NAME);
      if (parsed.kind === 'otherServer') expect(parsed.url).toMatch(/^https?:/);
    }),
  );
});

test('a room and its path lead to one another', () => {
  fc.assert(fc.property(fc.stringMatching(ROOM_NAME), (room) => roomOfPath(pathOfRoom(room)) === room));
});

test.each([
  ['#token=abc', { token: 'abc' }],
  ['#invite=x_y-z', { invite: 'x_y-z' }],
  ['#token=', {}],
  ['#other=1', {}],
  ['', {}],
])('the fragment %j holds %j', (hash, held) => {
  expect(invitationOfHash(hash)).toEqual(held);
});
