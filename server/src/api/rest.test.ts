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

const JOIN = { room: 'demo', roomJoin: true };
const CREATE = { roomCreate: true };
const LIST = { roomList: true };
const GRANTS: [string, VideoGrant][] = [
  ['none', {}],
  ['join', JOIN],
  ['joinOther', { room: 'other', roomJoin: true }],
  ['create', CREATE],
  ['createOther', { ...CREATE, room: 'other' }],
  ['list', LIST],
  ['admin', { roomAdmin: true }],
  ['adminHere', { roomAdmin: true, room: 'demo' }],
  ['adminOther', { roomAdmin: true, room: 'other' }],
];
const MODERATORS = ['admin', 'adminHere'];
const ROUTES: [Method, string, object | undefined, allowed: string[]][] = [
  ['POST', '/rooms', { name: 'demo' }, ['create']],
  ['GET', '/rooms', undefined, ['list']],
  ['GET', '/rooms/demo', undefined, ['join', 'list', ...MODERATORS]],
  ['PATCH', '/rooms/demo', { settings: {} }, ['create']],
  ['GET', '/rooms/demo/participants', undefined, MODERATORS],
  ['GET', '/rooms/demo/participants/bob', undefined, MODERATORS],
  ['POST', '/rooms/demo/participants/bob/mute', {}, MODERATORS],
  ['DELETE', '/rooms/demo/participants/bob', undefined, MODERATORS],
  ['DELETE', '/rooms/demo', undefined, ['create']],
];

describe('who may do what', () => {
  test.each(ROUTES)('%s %s', async (method, url, payload, allowed) => {
    for (const [name, grant] of GRANTS) {
      await call('POST', '/rooms', { name: 'demo' });
      harness.rooms.addParticipant('demo', 'bob');
      const answer = await callAs(grant, { method, url, payload });
      if (allowed.includes(name)) expect(answer.statusCode, name).toBeLessThan(300);
      else expectError(answer, 'PERMISSION_DENIED');
    }
  });

  test('the table above has every route that needs a token', () => {
    const pattern = (url: string): string =>
      `/api/v1${url}`.replace(/(participants|rooms)\/(demo|bob)/g, (_all, noun: string) =>
        noun === 'rooms' ? 'rooms/{name}' : 'participants/{identity}',
      );
    const tested = ROUTES.map(([method, url]) => `${method} ${pattern(url)}`);
    const paths = Object.entries(harness.app.swagger().paths ?? {});
    const declared = paths.flatMap(([path, item]) =>
      Object.entries((item ?? {}) as Record<string, unknown>)
        .filter(
          ([, operation]) => typeof operation === 'object' && operation !== null && 'security' in operation,
        )
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );
    expect(tested.toSorted()).toEqual(declared.toSorted());
  });

  test.each(ROUTES)('%s %s needs a good token, before anything else is looked at', async (method, url) => {
    const ask = (headers: Record<string, string>) =>
      harness.app.inject({
        method,
        url: `/api/v1${url}`,
        headers,
        ...(method === 'GET' ? {} : { payload: { bad: 1 } }),
      });
    const missing = await ask({});
    expectError(missing, 'TOKEN_MISSING');
    expect(missing.headers['www-authenticate']).toBe('Bearer realm="parley"');
    expectError(await ask({ authorization: 'Basic YTpi' }), 'TOKEN_MISSING');
    const invalid = await ask({ authorization: 'Bearer a.b.c' });
    expectError(invalid, 'TOKEN_INVALID');
    expect(invalid.headers['www-authenticate']).toContain('invalid_token');
    const expired = harness.tokens.sign({ video: ADMIN }, -3600);
    expectError(await ask({ authorization: `Bearer ${expired}` }), 'TOKEN_EXPIRED');
  });

  test('a token in the URL is no token', async () => {
    const token = harness.tokens.sign({ video: ADMIN }, 60);
    expectError(await harness.app.inject(`/api/v1/rooms?access_token=${token}`), 'TOKEN_MISSING');
  });
});
