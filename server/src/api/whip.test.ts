import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MediaRoom } from '../media/MediaRoom.ts';
import { FRAGMENT, OFFER, SDP, askFor, fixture, type Asked } from './testing/httpMedia.ts';
import { ADMIN, JOIN, RealHarness } from './testing/RealHarness.ts';

const TRICKLED = 'a=ice-ufrag:JLvv\r\na=ice-pwd:AVQo+aTrh2UHIfcZiaNfD9\r\na=end-of-candidates\r\n';
const RESTARTED = 'a=ice-ufrag:newu\r\na=ice-pwd:AVQo+aTrh2UHIfcZiaNfD0\r\na=end-of-candidates\r\n';

let harness: RealHarness;
beforeAll(async () => {
  const iceServers = [
    { urls: ['stun:stun.example.org'] },
    { urls: ['turn:turn.example.org?transport=udp'], username: 'a"b', credential: 'secret' },
  ];
  harness = await RealHarness.create({
    PARLEY_MEDIA_ICE_SERVERS: JSON.stringify(iceServers),
    PARLEY_WHIP_KNOCK_TIMEOUT: '1000',
  });
});
afterEach(() => harness.clear());
afterAll(() => harness.close());

const ask = (url: string, asked: Asked = {}) => askFor(harness, url, asked);
/** The same offer with its picture twice. */
function twoPictures(offer: string): string {
  const mid = /^m=video[^]*?^a=mid:(\S+)/m.exec(offer)?.[1] ?? '';
  const section = offer.slice(offer.indexOf('m=video'));
  return `${offer.replace(/^(a=group:BUNDLE .*?)\r?$/m, '$1 more')}${section.replace(`a=mid:${mid}`, 'a=mid:more')}`;
}
const people = () => harness.people.rooms.find('demo')?.participants ?? [];
const sessionOf = (answer: { headers: Record<string, unknown> }): string =>
  String(answer.headers['location']);

async function publish(asked: Asked = {}): Promise<{ session: string; etag: string }> {
  const answer = await ask('/whip/demo', asked);
  expect(answer.status, answer.body).toBe(201);
  return { session: sessionOf(answer), etag: String(answer.headers['etag']) };
}

describe('publishing by WHIP', () => {
  it('answers with the session, its ICE and the ICE servers', async () => {
    const answer = await ask('/whip/demo');
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      'content-type': SDP,
      location: expect.stringMatching(/^\/whip\/sessions\/[0-9a-f]{32}$/) as string,
      etag: expect.stringMatching(/^"[\w-]{12}"$/) as string,
      'accept-patch': FRAGMENT,
      link: [
        '<stun:stun.example.org>; rel="ice-server"',
        '<turn:turn.example.org?transport=udp>; rel="ice-server"; username="a\\"b"; credential="secret"; credential-type="password"',
      ],
    });
    expect(answer.body).toMatch(/^v=0\r\n.*a=ice-lite\r\n/s);
  });

  it('brings in a participant of kind ingress with camera and microphone', async () => {
    await publish();
    const [stage] = people();
    expect(stage).toMatchObject({
      identity: 'obs',
      displayName: 'Stage',
      kind: 'ingress',
      role: 'participant',
    });
    expect(stage?.publications.map(({ source, codec }) => [source, codec]).sort()).toEqual([
      ['camera', 'video/H264'],
      ['microphone', 'audio/opus'],
    ]);
  });

  it('as a screen, if it is asked for', async () => {
    expect((await ask('/whip/demo?as=screen')).status).toBe(201);
    expect(
      people()[0]
        ?.publications.map(({ source }) => source)
        .sort(),
    ).toEqual(['screen', 'screenAudio']);
  });

  it('leaves on DELETE, and is gone then', async () => {
    const { session } = await publish();
    expect((await ask(session, { method: 'DELETE' })).status).toBe(200);
    expect(people()).toEqual([]);
    expect(await ask(session, { method: 'DELETE' })).toMatchObject({
      status: 404,
      code: 'SESSION_NOT_FOUND',
    });
  });

  it('takes the place of the same identity, as an encoder that connects anew', async () => {
    const former = await publish();
    await publish();
    expect(people()).toHaveLength(1);
    expect((await ask(former.session, { method: 'DELETE' })).code).toBe('SESSION_NOT_FOUND');
  });

  it('by two encoders gives two participants', async () => {
    await publish();
    await publish({ claims: { sub: 'obs-2' }, body: fixture('gstreamer-vp8') });
    expect(people().map(({ identity }) => identity)).toEqual(['obs', 'obs-2']);
  });
});

describe('what is refused to publishers', () => {
  it.each<[string, Asked & { url?: string }, number, string]>([
    ['no token', { video: null }, 401, 'TOKEN_MISSING'],
    ['an expired token', { expiresIn: -120 }, 401, 'TOKEN_EXPIRED'],
    ['a token of somebody else’s making', { token: 'a.b.c' }, 401, 'TOKEN_INVALID'],
    ['a token that is not for joining', { video: ADMIN }, 403, 'PERMISSION_DENIED'],
    ['a token for another room', { video: { roomJoin: true, room: 'other' } }, 403, 'PERMISSION_DENIED'],
    ['a token without publishing', { video: { ...JOIN, canPublish: false } }, 403, 'PERMISSION_DENIED'],
    [
      'a token for sound alone',
      { video: { ...JOIN, canPublishSources: ['microphone'] } },
      403,
      'PERMISSION_DENIED',
    ],
    ['a hidden participant', { video: { ...JOIN, hidden: true } }, 403, 'PERMISSION_DENIED'],
    ['a viewer', { claims: { role: 'viewer' } }, 403, 'PERMISSION_DENIED'],
    ['JSON', { type: 'application/json', body: '{}' }, 415, 'MEDIA_TYPE_REFUSED'],
    ['no type', { type: null }, 415, 'MEDIA_TYPE_REFUSED'],
    ['no body', { body: '' }, 400, 'MEDIA_REJECTED'],
    ['no SDP', { body: 'hello' }, 400, 'MEDIA_REJECTED'],
    [
      'a codec that is not forwarded',
      { body: OFFER.replaceAll('H264', 'H265') },
      406,
      'OFFER_NOT_ACCEPTABLE',
    ],
    ['two pictures', { body: twoPictures(OFFER) }, 406, 'OFFER_NOT_ACCEPTABLE'],
    ['sections without a bundle', { body: OFFER.replace(/^a=group.*\r?\n/m, '') }, 400, 'MEDIA_REJECTED'],
    ['no fingerprint', { body: OFFER.replace(/^a=fingerprint.*\r?\n/gm, '') }, 400, 'MEDIA_REJECTED'],
    ['a receiver', { body: fixture('chromium-player') }, 406, 'OFFER_NOT_ACCEPTABLE'],
    ['too much', { body: OFFER + 'a=x\r\n'.repeat(20_000) }, 413, 'FRAME_TOO_LARGE'],
    ['a room with no name', { url: '/whip/%20' }, 400, 'INVALID_PARAMS'],
  ])('%s', async (_what, { url = '/whip/demo', ...asked }, status, code) => {
    expect(await ask(url, asked)).toMatchObject({ status, code });
    expect(people()).toEqual([]);
  });

  it.each<[string, object, number, string]>([
    ['a full room', { maxParticipants: 1 }, 409, 'ROOM_FULL'],
    ['a locked room', { locked: true }, 403, 'ACCESS_REFUSED'],
    ['a room that is closed', { opensAt: Date.now() + 60_000 }, 409, 'ROOM_NOT_OPEN'],
    ['a room where only hosts publish', { publishing: 'hosts' }, 403, 'PERMISSION_DENIED'],
  ])('%s', async (_what, settings, status, code) => {
    await harness.ask(['POST', '/rooms'], { name: 'demo' });
    await harness.people.enter('host', { role: 'host' });
    await harness.ask(['PATCH', '/rooms/demo'], { settings });
    expect(await ask('/whip/demo')).toMatchObject({ status, code });
    expect(people().map(({ identity }) => identity)).toEqual(['host']);
  });

  it('who is banned', async () => {
    const { room } = await harness.people.enter('host', { role: 'host' });
    await publish();
    const [, stage] = people();
    await harness.ask(['POST', '/rooms/demo/bans'], { identity: 'obs' });
    expect(people()).toHaveLength(1);
    expect(stage?.kind).toBe('ingress');
    expect(await ask('/whip/demo')).toMatchObject({ status: 403, code: 'BANNED' });
    expect(room.roster.size).toBe(1);
  });

  it('who has to wait in the lobby: they knock, and come in when they try again', async () => {
    await harness.ask(['POST', '/rooms'], { name: 'demo', settings: { lobby: 'notHosts' } });
    const { room } = await harness.people.enter('host', { role: 'host' });
    const answer = await ask('/whip/demo');
    expect(answer).toMatchObject({ status: 409, code: 'LOBBY_WAITING' });
    expect(answer.headers['retry-after']).toBe('5');
    const [knocker] = room.lobby.people;
    expect(knocker).toMatchObject({ identity: 'obs', kind: 'ingress' });
    await harness.ask(['POST', `/rooms/demo/lobby/${knocker?.knockId}/admit`]);
    expect((await ask('/whip/demo')).status).toBe(201);
    expect(room.lobby.size).toBe(0);
  });
});

describe('what hosts do to a publisher', () => {
  it('mute, ask to unmute, remove', async () => {
    const { participant: host, room } = await harness.people.enter('host', { role: 'host' });
    const { session } = await publish();
    const stage = room.roster.getByIdentity('obs');
    const isMuted = (): boolean | undefined =>
      stage.info.publications.find(({ source }) => source === 'microphone')?.muted;
    await harness.ask(['POST', '/rooms/demo/participants/obs/mute']);
    expect(isMuted()).toBe(true);
    await room.run(() => room.moderation.askToUnmute(host, stage.participantId));
    await expect.poll(isMuted).toBe(false);
    await harness.ask(['DELETE', '/rooms/demo/participants/obs']);
    expect(people().map(({ identity }) => identity)).toEqual(['host']);
    expect((await ask(session, { method: 'DELETE' })).code).toBe('SESSION_NOT_FOUND');
  });

  it('where they allow unmuting, it asks, and sounds when it may', async () => {
    await harness.ask(['POST', '/rooms'], { name: 'demo', settings: { unmuting: 'onApproval' } });
    const { participant: host, room } = await harness.people.enter('host', { role: 'host' });
    await publish();
    const stage = room.roster.getByIdentity('obs');
    expect(stage.info.unmuting).toBe('requested');
    await room.run(() =>
      room.moderation.answerUnmute(host, { participantId: stage.participantId, allowed: true }),
    );
    await expect.poll(() => stage.info.publications.map(({ muted }) => muted)).toEqual([false, false]);
  });

  it('back in the lobby it has no session, and knocks for a while', async () => {
    const { room } = await harness.people.enter('host', { role: 'host' });
    const { session } = await publish();
    await room.run(() => room.sendToLobby(room.roster.getByIdentity('obs')));
    expect(room.lobby.people.map(({ identity }) => identity)).toEqual(['obs']);
    expect((await ask(session, { method: 'DELETE' })).code).toBe('SESSION_NOT_FOUND');
    await expect.poll(() => room.lobby.size, { timeout: 5000 }).toBe(0);
  });
});

describe('ICE of a publisher', () => {
  const patch = (session: string, body: string, more: Asked = {}) =>
    ask(session, { method: 'PATCH', body, type: FRAGMENT, ...more });
  const match = (etag: string): Asked => ({ headers: { 'if-match': etag } });

  it('trickles with the present ETag', async () => {
    const { session, etag } = await publish();
    const answer = await patch(session, TRICKLED, match(etag));
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('starts anew, after which the former ETag is outdated', async () => {
    const { session, etag } = await publish();
    const answer = await patch(session, RESTARTED, match('*'));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(FRAGMENT);
    expect(answer.headers['etag']).not.toBe(etag);
    expect(answer.body).toMatch(/a=ice-lite\r\n.*a=ice-ufrag:\w+\r\na=ice-pwd:\w+\r\na=candidate:/s);
    expect(await patch(session, RESTARTED, match(etag))).toMatchObject({ status: 412 });
    expect(await patch(session, RESTARTED, match(String(answer.headers['etag'])))).toMatchObject({
      status: 204,
    });
  });

  it.each<[string, string, Asked, number, string]>([
    ['without If-Match', TRICKLED, {}, 428, 'PRECONDITION_REQUIRED'],
    ['with another ETag', TRICKLED, match('"other"'), 412, 'PRECONDITION_FAILED'],
    ['that says nothing', 'a=mid:0\r\n', match('*'), 400, 'MEDIA_REJECTED'],
    ['of another type', OFFER, { ...match('*'), type: SDP }, 415, 'MEDIA_TYPE_REFUSED'],
    ['without a token', TRICKLED, { ...match('*'), video: null }, 401, 'TOKEN_MISSING'],
    ['of somebody else', TRICKLED, { ...match('*'), claims: { sub: 'eve' } }, 403, 'PERMISSION_DENIED'],
    ['with a broken token', TRICKLED, { ...match('*'), token: 'a.b.c' }, 401, 'TOKEN_INVALID'],
  ])('is not changed by a request %s', async (_what, body, more, ...expected) => {
    const { session } = await publish();
    const { status, code } = await patch(session, body, more);
    expect([status, code]).toEqual(expected);
    expect(people()).toHaveLength(1);
  });

  it('needs no consent, nor does that of a player, where it does for everybody else', async () => {
    const create = vi.spyOn(MediaRoom.prototype, 'createEndpoint');
    await harness.people.enter('ann');
    await publish();
    const wall: Asked = { body: fixture('chromium-player'), claims: { sub: 'wall' } };
    expect((await ask('/whep/demo/ann', wall)).status).toBe(201);
    expect(create.mock.calls.map(([{ iceConsent }]) => iceConsent)).toEqual([true, false, false]);
    create.mockRestore();
  });

  it('takes candidates that it cannot use', async () => {
    const { session, etag } = await publish();
    const candidates = [
      'a=candidate:1 1 udp 2122260223 0c5d2b4e-0000-4000-8000-000000000000.local 61764 typ host',
      'a=candidate:2 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active',
      'a=candidate:3 1 sctp 1 192.0.2.1 9 typ host',
    ];
    const body = `${TRICKLED}${candidates.join('\r\n')}\r\n`;
    expect(await patch(session, body, match(etag))).toMatchObject({ status: 204 });
  });

  it('is nothing that DELETE asks about: it needs no entity tag, and looks at none', async () => {
    const { session } = await publish();
    expect((await ask(session, { method: 'DELETE', ...match('"other"') })).status).toBe(200);
  });

  it('goes on when the token expires, with another for the same person', async () => {
    const token = harness.tokens.sign({ sub: 'obs', video: JOIN }, -59);
    const { session } = await publish({ token });
    expect(await patch(session, RESTARTED, { ...match('*'), token })).toMatchObject({ status: 200 });
    expect(await patch(session, TRICKLED, match('*'))).toMatchObject({ status: 200 });
    expect(await patch(session, TRICKLED, { ...match('*'), expiresIn: -120 })).toMatchObject({
      ...{ status: 401, code: 'TOKEN_EXPIRED' },
    });
    const elsewhere: Asked = { method: 'DELETE', video: { ...JOIN, room: 'other' } };
    expect(await ask(session, elsewhere)).toMatchObject({ status: 403, code: 'PERMISSION_DENIED' });
    expect(people()).toHaveLength(1);
  });

  it('may be ended with the token that began it, though it has expired', async () => {
    const token = harness.tokens.sign({ sub: 'obs', video: JOIN }, -59);
    const { session } = await publish({ token });
    expect((await ask(session, { method: 'DELETE', token })).status).toBe(200);
  });
});

describe('addresses of WHIP and WHEP', () => {
  it.each<['POST' | 'PATCH' | 'DELETE', string]>([
    ['POST', '/whip/demo'],
    ['POST', '/whep/demo'],
    ['POST', '/whep/demo/ann'],
    ['PATCH', '/whip/sessions/x'],
    ['PATCH', '/whep/sessions/x'],
    ['DELETE', '/whip/sessions/x'],
    ['DELETE', '/whep/sessions/x'],
  ])('%s %s needs a good token, before anything else is looked at', async (method, url) => {
    const asked: Asked = { method, body: '{', type: method === 'PATCH' ? FRAGMENT : SDP };
    const none = await ask(url, { ...asked, video: null });
    expect(none).toMatchObject({ status: 401, code: 'TOKEN_MISSING' });
    expect(none.headers['www-authenticate']).toBe('Bearer realm="parley"');
    const bad = await ask(url, { ...asked, token: 'a.b.c' });
    expect(bad).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  });

  const preflight = { origin: 'https://app.example.org', 'access-control-request-method': 'PATCH' };

  it.each([
    ['/whip/demo', { 'accept-post': SDP, allow: 'POST, GET, HEAD, OPTIONS' }],
    ['/whep/demo/ann', { 'accept-post': SDP, allow: 'POST, GET, HEAD, OPTIONS' }],
    ['/whip/sessions/x', { 'accept-patch': FRAGMENT, allow: 'PATCH, DELETE, GET, HEAD, OPTIONS' }],
  ])('%s says what it takes, also to browsers of other sites', async (url, expected) => {
    for (const headers of [{}, preflight]) {
      const answer = await ask(url, { method: 'OPTIONS', video: null, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject(expected);
    }
    const { headers } = await ask(url, { method: 'OPTIONS', video: null, headers: preflight });
    expect(headers['access-control-allow-headers']).toMatch(/if-match/i);
    expect(headers['access-control-allow-methods']).toMatch(/PATCH/);
  });

  it.each([
    ['what was made', {}, 201],
    ['why it was refused', { body: 'hello' }, 400],
    ['that it needs a token', { video: null }, 401],
  ])('let pages of other sites read %s', async (_what, asked: Asked, status) => {
    const answer = await ask('/whip/demo', { ...asked, headers: { origin: 'https://app.example.org' } });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeDefined();
    expect(answer.headers['access-control-expose-headers']).toMatch(/location.*link.*etag/i);
  });

  it.each(['/whip/demo', '/whep/demo', '/whep/demo/ann', '/whip/sessions/x', '/whep/sessions/x'])(
    '%s shows nothing, and keeps the other methods for later',
    async (url) => {
      for (const method of ['GET', 'HEAD'] as const)
        expect(await ask(url, { method, video: null })).toMatchObject({ status: 204, body: '' });
      const answer = await ask(url, { method: 'PUT' });
      expect(answer).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
      expect(answer.headers['allow']).toMatch(/OPTIONS/);
    },
  );
});
