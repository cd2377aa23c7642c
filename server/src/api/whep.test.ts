import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FRAGMENT, OFFER, SDP, askFor, fixture, type Asked } from './testing/httpMedia.ts';
import { JOIN, RealHarness } from './testing/RealHarness.ts';

const RESTARTED = 'a=ice-ufrag:newu\r\na=ice-pwd:AVQo+aTrh2UHIfcZiaNfD0\r\na=end-of-candidates\r\n';

let harness: RealHarness;
beforeAll(async () => {
  const iceServers = [{ urls: ['stun:stun.example.org'] }];
  harness = await RealHarness.create({ PARLEY_MEDIA_ICE_SERVERS: JSON.stringify(iceServers) });
});
afterEach(() => harness.clear());
afterAll(() => harness.close());

const ask = (url: string, asked: Asked = {}) => askFor(harness, url, asked);
const people = () => harness.people.rooms.find('demo')?.participants ?? [];
const sessionOf = (answer: { headers: Record<string, unknown> }): string =>
  String(answer.headers['location']);

describe('playing by WHEP', () => {
  const PLAYER = fixture('chromium-player');
  const watch = (asked: Asked = {}, url = '/whep/demo/ann') =>
    ask(url, { body: PLAYER, claims: { sub: 'wall' }, ...asked });

  it('answers an offer, and gives one to who has none', async () => {
    await harness.people.enter('ann');
    const answered = await watch();
    expect(answered.status, answered.body).toBe(201);
    expect(answered.headers).toMatchObject({
      'content-type': SDP,
      location: expect.stringMatching(/^\/whep\/sessions\/[0-9a-f]{32}$/) as string,
      etag: expect.stringMatching(/^"[\w-]{12}"$/) as string,
      link: expect.arrayContaining(['<stun:stun.example.org>; rel="ice-server"']) as string[],
    });
    expect(answered.body).toMatch(/a=setup:passive\r\n.*a=sendonly/s);
    expect(people().find(({ identity }) => identity === 'wall')).toMatchObject({
      kind: 'player',
      role: 'viewer',
    });
    const session = sessionOf(answered);
    const asPlayer: Asked = { claims: { sub: 'wall' }, type: FRAGMENT, headers: { 'if-match': '*' } };
    expect((await ask(session, { method: 'PATCH', body: RESTARTED, ...asPlayer })).status).toBe(200);
    const second: Asked = { method: 'PATCH', body: PLAYER, claims: { sub: 'wall' } };
    expect(await ask(session, second)).toMatchObject({ status: 409, code: 'WRONG_STATE' });
    expect((await ask(session, { method: 'DELETE', claims: { sub: 'wall' } })).status).toBe(200);
    const offered = await watch({ body: '', type: null });
    expect(offered.status).toBe(201);
    expect(offered.headers['content-type']).toMatch(/^application\/sdp; valid-until="\w{3}, .* GMT"$/);
  });

  it('tells who cannot decode what is sent, without letting them in', async () => {
    expect((await ask('/whip/demo')).status).toBe(201);
    const noH264 = PLAYER.replaceAll('H264/', 'H265/');
    const answer = await watch({ body: noH264 }, '/whep/demo/obs');
    expect(answer).toMatchObject({ status: 406, code: 'OFFER_NOT_ACCEPTABLE' });
    expect(answer.body).toContain('video/H264 is sent');
    expect(people()).toHaveLength(1);
    expect((await watch({ body: noH264 }, '/whep/demo/obs?source=screen')).status).toBe(201);
  });

  it('hides players whose token says so', async () => {
    await harness.people.enter('ann');
    expect((await watch({ video: { ...JOIN, hidden: true } })).status).toBe(201);
    expect(people().map(({ identity }) => identity)).toEqual(['ann']);
  });

  it('takes one answer', async () => {
    await harness.people.enter('ann');
    const { body, headers } = await watch({ body: '', type: null });
    const answer = body
      .replaceAll('a=sendonly', 'a=recvonly')
      .replaceAll('a=setup:actpass', 'a=setup:active')
      .replace('a=ice-lite\r\n', '');
    const session = sessionOf({ headers });
    const patch = (text: string, type = SDP) =>
      ask(session, { method: 'PATCH', body: text, type, claims: { sub: 'wall' } });
    expect(await patch('yes')).toMatchObject({ status: 400, code: 'MEDIA_REJECTED' });
    expect(await patch('{}', 'application/json')).toMatchObject({ status: 415 });
    expect(await patch(answer)).toMatchObject({ status: 204 });
    expect(await patch(answer)).toMatchObject({ status: 409, code: 'WRONG_STATE' });
    expect((await ask(session, { method: 'DELETE', claims: { sub: 'wall' } })).status).toBe(200);
  });

  it.each<[string, Asked, string, number, string]>([
    ['where no meeting goes on', {}, '/whep/empty/ann', 403, 'PERMISSION_DENIED'],
    ['of what no recorder can make', {}, '/whep/demo', 409, 'RECORDING_OFF'],
    [
      'of who can play nothing',
      { body: fixture('chromium-player').replace(/^a=rtpmap.*\r?\n/gm, '') },
      '/whep/demo/ann',
      406,
      'OFFER_NOT_ACCEPTABLE',
    ],
    ['that is no SDP', { body: 'hello' }, '/whep/demo/ann', 400, 'MEDIA_REJECTED'],
    ['with an expired token', { expiresIn: -120 }, '/whep/demo/ann', 401, 'TOKEN_EXPIRED'],
    ['of one who would send', { body: OFFER }, '/whep/demo/ann', 406, 'OFFER_NOT_ACCEPTABLE'],
    ['without a token', { video: null }, '/whep/demo/ann', 401, 'TOKEN_MISSING'],
    ['in JSON', { type: 'application/json' }, '/whep/demo/ann', 415, 'MEDIA_TYPE_REFUSED'],
    ['of something unknown', {}, '/whep/demo/ann?source=hat', 400, 'INVALID_PARAMS'],
  ])('refuses a request %s', async (_what, asked, url, status, code) => {
    await harness.people.enter('ann');
    expect(await watch(asked, url)).toMatchObject({ status, code });
    expect(people()).toHaveLength(1);
  });

  it('begins no meeting', async () => {
    const answer = await watch();
    expect(answer).toMatchObject({ status: 409, code: 'NOTHING_TO_WATCH' });
    expect(answer.headers['retry-after']).toBe('5');
    expect(harness.people.rooms.find('demo')).toBeUndefined();
  });

  it('keeps sessions of publishers and players apart', async () => {
    const session = sessionOf(await ask('/whip/demo'));
    expect((await ask(session.replace('whip', 'whep'), { method: 'DELETE' })).code).toBe('SESSION_NOT_FOUND');
  });
});
