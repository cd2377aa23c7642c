import type { TokenClaims, VideoGrant } from '@parley/protocol';
import { expect, test } from 'vitest';
import { joinGrantsOf, mayManageRoom, mayListRooms, mayModerate, maySeeRoom } from './grants.ts';

const claims = (video: VideoGrant, more: Partial<TokenClaims> = {}): TokenClaims => ({
  iss: 'key',
  sub: 'ann',
  exp: 2000,
  video,
  ...more,
});

test('a whole token becomes grants', () => {
  const token = claims(
    { room: 'demo', roomJoin: true, hidden: true, roomCreate: true },
    { name: 'Ann', role: 'host', metadata: '{}', attributes: { team: 'red' } },
  );
  expect(joinGrantsOf(token)).toEqual({
    room: 'demo',
    identity: 'ann',
    displayName: 'Ann',
    role: 'host',
    kind: 'web',
    grant: token.video,
    isGuest: false,
    inviteId: undefined,
    passwordShown: undefined,
    metadata: '{}',
    attributes: { team: 'red' },
    roomCreate: true,
    expiresAt: 2_000_000,
  });
});

test('a recorder is a visible viewer, whatever its token says', () => {
  const video = {
    room: 'demo',
    roomJoin: true,
    recorder: true,
    hidden: true,
    canPublish: true,
    roomAdmin: true,
  };
  expect(joinGrantsOf(claims(video, { role: 'owner' }))).toMatchObject({
    kind: 'recorder',
    role: 'viewer',
    grant: { hidden: false, canPublish: false, canPublishData: false, canSubscribe: true },
  });
});

test.each([
  ['no grant', {}],
  ['no roomJoin', { room: 'demo' }],
  ['roomJoin false', { room: 'demo', roomJoin: false }],
  ['no room', { roomJoin: true }],
  ['a room name that is not valid', { room: '../x', roomJoin: true }],
])('joining is refused: %s', (_name, video) => {
  expect(() => joinGrantsOf(claims(video))).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
});

test('joining is refused without identity or grants', () => {
  const denied = expect.objectContaining({ code: 'PERMISSION_DENIED' });
  expect(() => joinGrantsOf({ iss: 'key', exp: 1, video: { room: 'demo', roomJoin: true } })).toThrow(denied);
  expect(() => joinGrantsOf({ iss: 'key', exp: 1, sub: 'ann' })).toThrow(denied);
});

test.each([
  ['Ann', 'Ann'],
  [undefined, 'ann'],
  ['', 'ann'],
  [' \n ', 'ann'],
  [' Ann\r\nLee ', 'Ann Lee'],
  ['x'.repeat(128), 'x'.repeat(64)],
])('the name %j is shown as %j', (name, shown) => {
  const token = claims({ room: 'demo', roomJoin: true }, name === undefined ? {} : { name });
  expect(joinGrantsOf(token).displayName).toBe(shown);
});

test('an identity that cannot be shown, and half an emoji, do no harm', () => {
  const grant = { room: 'demo', roomJoin: true };
  expect(joinGrantsOf(claims(grant, { sub: '  ' })).displayName).toBe('Participant');
  const cut = joinGrantsOf(claims(grant, { name: `${'x'.repeat(63)}😀` })).displayName;
  expect(cut.isWellFormed()).toBe(true);
});

const JOIN_DEMO = { room: 'demo', roomJoin: true };
test.each<[string, TokenClaims, { manage: boolean; list: boolean; moderate: boolean; see: boolean }]>([
  ['nothing', claims({}), { manage: false, list: false, moderate: false, see: false }],
  ['a participant', claims(JOIN_DEMO), { manage: false, list: false, moderate: false, see: true }],
  ['a host', claims(JOIN_DEMO, { role: 'host' }), { manage: false, list: false, moderate: true, see: true }],
  [
    'a host of another room',
    claims({ room: 'other', roomJoin: true }, { role: 'host' }),
    { manage: false, list: false, moderate: false, see: false },
  ],
  [
    'a host without a room',
    claims({}, { role: 'host' }),
    { manage: false, list: false, moderate: false, see: false },
  ],
  ['roomCreate', claims({ roomCreate: true }), { manage: true, list: false, moderate: false, see: false }],
  [
    'roomCreate for another room',
    claims({ roomCreate: true, room: 'other' }),
    { manage: false, list: false, moderate: false, see: false },
  ],
  ['roomList', claims({ roomList: true }), { manage: false, list: true, moderate: false, see: true }],
  [
    'roomAdmin of all',
    claims({ roomAdmin: true }),
    { manage: false, list: false, moderate: true, see: true },
  ],
  [
    'roomAdmin of another room',
    claims({ roomAdmin: true, room: 'other' }),
    { manage: false, list: false, moderate: false, see: false },
  ],
])('in REST: %s', (_name, token, expected) => {
  expect({
    manage: mayManageRoom(token, 'demo'),
    list: mayListRooms(token),
    moderate: mayModerate(token, 'demo'),
    see: maySeeRoom(token, 'demo'),
  }).toEqual(expected);
});
