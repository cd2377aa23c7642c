import { ERRORS, ErrorBody, type ErrorCode, type RoomInfo, type VideoGrant } from '@parley/protocol';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.app.close());

const ADMIN: VideoGrant = { roomCreate: true, roomList: true, roomAdmin: true };
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const call = (method: Method, url: string, payload?: object) => callAs(ADMIN, { method, url, payload });
const callAs = (
  grant: VideoGrant,
  { method, url, payload }: { method: Method; url: string; payload: object | undefined },
) =>
  harness.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: harness.bearer(grant),
    ...(payload === undefined ? {} : { payload }),
  });
type Answer = Awaited<ReturnType<typeof call>>;

function expectError(answer: Answer, code: ErrorCode): void {
  const body: unknown = answer.json();
  expect(body).toMatchObject({ error: { code } });
  expect(Value.Check(ErrorBody, body)).toBe(true);
  expect(answer.statusCode).toBe(ERRORS[code].http);
}

describe('rooms', () => {
  test('are created once, however often one asks, and not with other settings', async () => {
    const body = { name: 'demo', settings: { title: 'Demo' } };
    const created = await call('POST', '/rooms', body);
    expect(created.statusCode).toBe(201);
    const room = created.json<RoomInfo>();
    expect(room).toMatchObject({
      name: 'demo',
      settings: { title: 'Demo', emptyTimeout: 300 },
      meetingStartedAt: null,
    });
    const again = await call('POST', '/rooms', body);
    expect([again.statusCode, again.json()]).toEqual([200, room]);
    expectError(await call('POST', '/rooms', { name: 'demo', settings: { title: 'Other' } }), 'ROOM_EXISTS');
  });

  test('are got, changed and deleted', async () => {
    await call('POST', '/rooms', { name: 'demo' });
    expect((await call('GET', '/rooms/demo')).json()).toMatchObject({ name: 'demo' });
    const changed = await call('PATCH', '/rooms/demo', { settings: { guestsAllowed: false } });
    expect(changed.json()).toMatchObject({ settings: { guestsAllowed: false, emptyTimeout: 300 } });
    const deleted = await call('DELETE', '/rooms/demo');
    expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
    expectError(await call('GET', '/rooms/demo'), 'ROOM_NOT_FOUND');
    expectError(await call('PATCH', '/rooms/demo', { settings: {} }), 'ROOM_NOT_FOUND');
    expectError(await call('DELETE', '/rooms/demo'), 'ROOM_NOT_FOUND');
  });

  test('are listed in pages', async () => {
    for (const name of ['a', 'b', 'c']) await call('POST', '/rooms', { name });
    const first = (await call('GET', '/rooms?limit=2')).json<{ items: RoomInfo[]; nextCursor: string }>();
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    const second = (await call('GET', `/rooms?limit=2&cursor=${first.nextCursor}`)).json<typeof first>();
    expect(second).toMatchObject({ items: [{ name: 'c' }], nextCursor: null });
  });
});

describe('participants', () => {
  beforeEach(async () => {
    await call('POST', '/rooms', { name: 'demo' });
    harness.rooms.addParticipant('demo', 'bob');
    harness.rooms.addParticipant('demo', 'zoë / 会议');
  });

  test('are listed and got, whatever they are called', async () => {
    const page = (await call('GET', '/rooms/demo/participants?limit=1')).json<{ nextCursor: string }>();
    expect(page).toMatchObject({
      items: [{ identity: 'bob', attributes: { team: 'red' } }],
      nextCursor: 'bob',
    });
    const identity = 'zoë / 会议';
    const one = await call('GET', `/rooms/demo/participants/${encodeURIComponent(identity)}`);
    expect(one.json()).toMatchObject({ identity, publications: [{ publicationId: 'PU_mic', muted: false }] });
    const longest = encodeURIComponent('会'.repeat(128));
    expectError(await call('GET', `/rooms/demo/participants/${longest}`), 'PARTICIPANT_NOT_FOUND');
    expectError(await call('GET', `/rooms/demo/participants/${longest}x`), 'INVALID_PARAMS');
    expectError(await call('GET', `/rooms/demo/participants/${'x'.repeat(2000)}`), 'INVALID_PARAMS');
  });

  test('are muted in the name of who asks', async () => {
    const muted = await call('POST', '/rooms/demo/participants/bob/mute', {});
    expect(muted.json()).toMatchObject({ identity: 'bob', publications: [{ muted: true }] });
    await call('POST', '/rooms/demo/participants/bob/mute', { publicationId: 'PU_mic' });
    expect((await call('POST', '/rooms/demo/participants/bob/mute')).statusCode).toBe(200);
    expect(harness.rooms.mutes).toEqual([
      { identity: 'bob', by: 'ann' },
      { identity: 'bob', by: 'ann', publicationId: 'PU_mic' },
      { identity: 'bob', by: 'ann' },
    ]);
  });

  test('are removed', async () => {
    expect((await call('DELETE', '/rooms/demo/participants/bob')).statusCode).toBe(204);
    expectError(await call('DELETE', '/rooms/demo/participants/bob'), 'PARTICIPANT_NOT_FOUND');
    expectError(await call('GET', '/rooms/none/participants'), 'ROOM_NOT_FOUND');
  });
});

describe('tokens', () => {
  test('a token in the URL is no token', async () => {
    const token = harness.tokens.sign({ video: ADMIN }, 60);
    expectError(await harness.app.inject(`/api/v1/rooms?access_token=${token}`), 'TOKEN_MISSING');
  });
});
