/** Hosts who sign in at a real OpenID provider, over HTTP. */
import type { JoinOwnRoomResult } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { RealHarness } from './testing/RealHarness.ts';
import { TestBrowser } from './testing/TestBrowser.ts';
import { OTHER_CLIENT, TestProvider } from './testing/TestProvider.ts';

const ORIGIN = 'https://meet.test';
const CALLBACK = `${ORIGIN}/auth/callback`;
const isCallback = (url: string): boolean => url.startsWith(CALLBACK);
const coded = (code: string): unknown => ({ error: expect.objectContaining({ code }) as unknown });

let provider: TestProvider;
let harness: RealHarness;
let nextAddress = 0;
const newBrowser = (): TestBrowser =>
  new TestBrowser(harness.app, ORIGIN, `198.51.100.${(nextAddress += 1)}`);

beforeAll(async () => {
  provider = await TestProvider.start([CALLBACK]);
  harness = await RealHarness.create(
    provider.settings({
      PARLEY_HTTP_PUBLIC_URL: ORIGIN,
      PARLEY_AUTH_OIDC_ADMIN_CLAIM_NAME: 'groups',
      PARLEY_AUTH_OIDC_ADMIN_CLAIM_VALUE: 'parley-admins',
    }),
  );
  const people = { ann: 'Ann', bob: 'Bob', root: 'Root' };
  for (const [account, name] of Object.entries(people))
    provider.accounts.set(account, { email: `${account}@example.org`, email_verified: true, name });
  provider.accounts.set('root', { ...provider.accounts.get('root'), groups: ['parley-admins'] });
  provider.accounts.set('eve', { email: 'eve@evil.example', email_verified: true });
  provider.accounts.set('mal', { email: 'mal@example.org', email_verified: false });
});
afterEach(async () => {
  vi.useRealTimers();
  provider.next = 'ann';
  provider.otherIdToken = undefined;
  await harness.clear();
});
afterAll(async () => {
  await harness.close();
  await provider.close();
});

async function signedIn(account = 'ann'): Promise<TestBrowser> {
  provider.next = account;
  const browser = newBrowser();
  await browser.open('/auth/login');
  expect((await browser.ask(['GET', '/api/v1/me'])).body).toMatchObject({
    host: { email: `${account}@example.org` },
  });
  return browser;
}
const hostOf = async (browser: TestBrowser): Promise<unknown> =>
  ((await browser.ask(['GET', '/api/v1/me'])).body as { host: unknown }).host;
/** Leaves for the provider, comes back, and stops at the door. */
const cameBack = (browser: TestBrowser): Promise<{ url: string }> => browser.open('/auth/login', isCallback);

describe('signing in', () => {
  it('leads back to where one was, and says who one is', async () => {
    const browser = newBrowser();
    const { url } = await browser.open('/auth/login?returnTo=%2Fr%2Fdemo%3Fa%3D1', (to) =>
      to.endsWith('a=1'),
    );
    expect(url).toBe(`${ORIGIN}/r/demo?a=1`);
    expect(await hostOf(browser)).toEqual({
      identity: expect.stringMatching(/^host-[\w-]{22}$/) as unknown,
      ...{ displayName: 'Ann', email: 'ann@example.org', isAdmin: false, way: 'oidc', phones: false },
    });
    const [cookie] = browser.setCookies.filter((text) => text.startsWith('__Host-parley='));
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=604800'])
      expect(cookie).toContain(`; ${part}`);
    expect(cookie).not.toContain('Domain');
    const server = await browser.ask(['GET', '/api/v1/server']);
    expect(server.body).toMatchObject({ signIn: 'oidc' });
  });

  it('asks with PKCE, state and nonce', async () => {
    const { url } = await newBrowser().open('/auth/login', (to) => to.startsWith(provider.issuer));
    const asked = Object.fromEntries(new URL(url).searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: CALLBACK,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/.//evil.example',
  ])('never leads to %j', async (returnTo) => {
    const back = await newBrowser().open(
      `/auth/login?returnTo=${encodeURIComponent(returnTo)}`,
      (to) => to === `${ORIGIN}/`,
    );
    expect(back.url).toBe(`${ORIGIN}/`);
  });

  it('refuses another state, and an answer nobody asked for', async () => {
    const browser = newBrowser();
    const { url } = await cameBack(browser);
    const forged = await browser.open(url.replace(/state=[^&]+/, 'state=forged'));
    expect([forged.status, forged.text]).toEqual([
      400,
      expect.stringContaining('not the answer to your last try'),
    ]);
    const stranger = newBrowser();
    expect((await stranger.open(url)).status).toBe(400);
    expect(await hostOf(browser)).toBeNull();
    expect(await hostOf(stranger)).toBeNull();
  });

  it('refuses another nonce', async () => {
    const browser = newBrowser();
    const { url } = await browser.open('/auth/login', (to) => to.startsWith(provider.issuer));
    const back = await browser.open(url.replace(/nonce=[^&]+/, 'nonce=another'), isCallback);
    const page = await browser.open(back.url);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('was not valid')]);
    expect(await hostOf(browser)).toBeNull();
  });

  it('refuses a code that was used before', async () => {
    const browser = newBrowser();
    const { url } = await cameBack(browser);
    const attempt = browser.cookie('parley-signin') ?? '';
    expect((await browser.open(url, (to) => to === `${ORIGIN}/`)).status).toBe(303);
    expect(browser.cookie('parley-signin')).toBeUndefined();
    const thief = newBrowser();
    thief.keep('parley-signin', attempt);
    const page = await thief.open(url);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('used before')]);
    expect(await hostOf(thief)).toBeNull();
  });

  it('refuses an ID token made for another client', async () => {
    const browser = newBrowser();
    const { url: asked } = await browser.open('/auth/login', (to) => to.startsWith(provider.issuer));
    const [sealed = ''] = decodeURIComponent(browser.cookie('parley-signin') ?? '').split('.');
    const { codeVerifier } = JSON.parse(Buffer.from(sealed, 'base64url').toString()) as {
      codeVerifier: string;
    };
    const toOther = await browser.open(asked.replace('client_id=parley', 'client_id=other'), isCallback);
    const answer = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`other:${encodeURIComponent(OTHER_CLIENT.client_secret)}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(toOther.url).searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        code_verifier: codeVerifier,
      }),
    });
    provider.otherIdToken = ((await answer.json()) as { id_token: string }).id_token;
    expect(provider.otherIdToken).toMatch(/^ey/);
    const back = await browser.open(asked, isCallback);
    const page = await browser.open(back.url);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('was not valid')]);
    expect(await hostOf(browser)).toBeNull();
  });

  test.each([
    ['eve', 403, 'none of those that host meetings'],
    ['mal', 403, 'not confirmed'],
    ['nobody', 403, 'has no e-mail address'],
    ['', 403, 'did not let you through'],
  ])('tells %j why not, in words', async (account, status, words) => {
    provider.next = account;
    const browser = newBrowser();
    const page = await browser.open('/auth/login?returnTo=/r/demo');
    expect([page.status, page.text]).toEqual([status, expect.stringContaining(words)]);
    expect(page.text).toContain('href="/auth/login?returnTo=%2Fr%2Fdemo"');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(await hostOf(browser)).toBeNull();
  });

  it('is limited for each address', async () => {
    const browser = newBrowser();
    let status = 0;
    for (let tries = 0; tries < 40 && status !== 429; tries += 1)
      ({ status } = await browser.open('/auth/login', (to) => to.startsWith(provider.issuer)));
    expect(status).toBe(429);
  });
});

describe('a session', () => {
  it('ends by signing out, here and at the provider', async () => {
    const browser = await signedIn();
    const secret = browser.cookie('__Host-parley') ?? '';
    const { body } = await browser.ask(['POST', '/auth/logout']);
    const { url } = body as { url: string };
    expect(url).toContain(`${provider.issuer}/session/end?`);
    expect(new URL(url).searchParams.get('post_logout_redirect_uri')).toBe(`${ORIGIN}/`);
    expect(new URL(url).searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect(browser.cookie('__Host-parley')).toBeUndefined();
    browser.keep('__Host-parley', secret);
    expect(await hostOf(browser)).toBeNull();
  });

  it('ends when it is old, and when it is unused', async () => {
    const [old, idle] = [await signedIn('ann'), await signedIn('bob')];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (let day = 0; day < 7; day += 1) {
      expect(await hostOf(old)).not.toBeNull();
      vi.setSystemTime(Date.now() + 23 * 3_600_000);
    }
    expect(await hostOf(idle)).toBeNull();
    expect(await hostOf(old)).not.toBeNull();
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    expect(await hostOf(old)).toBeNull();
  });

  it('is kept as a hash only', async () => {
    const browser = await signedIn();
    const secret = browser.cookie('__Host-parley') ?? '';
    expect(harness.people.stores.hostSessions.find(secret)).toBeUndefined();
    expect(secret.length).toBeGreaterThanOrEqual(32);
  });

  it('counts for pages of this server only, where something is changed', async () => {
    const browser = await signedIn();
    const create = (headers: Record<string, string>) =>
      browser.ask(['POST', '/api/v1/rooms'], { name: 'demo' }, headers);
    const foreign = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://other.meet.test' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect((await create(headers)).body, JSON.stringify(headers)).toEqual(coded('ORIGIN_REFUSED'));
      for (const url of ['/auth/logout', '/api/v1/me/token']) {
        const { body } = await browser.ask(['POST', url], { room: 'demo', create: true }, headers);
        expect(body).toEqual(coded('ORIGIN_REFUSED'));
      }
    }
    expect(harness.people.rooms.ownerOf('demo')).toBeUndefined();
    expect(await hostOf(browser)).not.toBeNull();
    expect((await create({ origin: ORIGIN })).status).toBe(201);
  });

  it('does not stand in for a token that is bad', async () => {
    const browser = await signedIn('root');
    const { body } = await browser.ask(['GET', '/api/v1/rooms'], undefined, {
      authorization: 'Bearer a.b.c',
    });
    expect(body).toEqual(coded('TOKEN_INVALID'));
  });
});

describe('what hosts may do', () => {
  const create = (browser: TestBrowser, name: string) => browser.ask(['POST', '/api/v1/rooms'], { name });
  const names = async (browser: TestBrowser): Promise<string[]> => {
    const { body } = await browser.ask(['GET', '/api/v1/rooms']);
    return (body as { items: { name: string }[] }).items.map(({ name }) => name);
  };

  it('hosts see and run what they made; administrators everything', async () => {
    const [ann, bob, root] = [await signedIn('ann'), await signedIn('bob'), await signedIn('root')];
    expect((await create(ann, 'of-ann')).status).toBe(201);
    expect((await create(bob, 'of-bob')).status).toBe(201);
    await harness.people.rooms.createRoom({ name: 'of-nobody' });
    expect([await names(ann), await names(bob)]).toEqual([['of-ann'], ['of-bob']]);
    expect(await names(root)).toEqual(['of-ann', 'of-bob', 'of-nobody']);
    const paths = ['', '/participants', '/lobby', '/invites', '/bans', '/meetings', '/audit'];
    for (const path of paths) {
      const ask = async (browser: TestBrowser, room: string) =>
        (await browser.ask(['GET', `/api/v1/rooms/${room}${path}`])).status;
      expect([await ask(ann, 'of-ann'), await ask(root, 'of-ann')], path).toEqual([200, 200]);
      expect([await ask(ann, 'of-bob'), await ask(ann, 'of-nobody')], path).toEqual([403, 403]);
    }
    for (const room of ['of-bob', 'of-nobody']) {
      const url = `/api/v1/rooms/${room}`;
      expect((await ann.ask(['PATCH', url], { settings: { title: 'Mine' } })).status).toBe(403);
      expect((await ann.ask(['DELETE', url])).status).toBe(403);
      expect((await create(ann, room)).status).toBe(403);
    }
    expect((await ann.ask(['GET', '/api/v1/schedules'])).status).toBe(403);
    expect((await ann.ask(['GET', '/api/v1/schedules?room=of-bob'])).status).toBe(403);
    expect((await ann.ask(['GET', '/api/v1/schedules?room=of-ann'])).status).toBe(200);
    expect((await root.ask(['GET', '/api/v1/schedules'])).status).toBe(200);
    expect((await ann.ask(['GET', '/api/v1/webhooks'])).status).toBe(403);
    expect((await root.ask(['GET', '/api/v1/webhooks'])).status).toBe(200);
    expect((await ann.ask(['DELETE', '/api/v1/rooms/of-ann'])).status).toBe(204);
  });

  it('a room that is made for a scheduled meeting is theirs', async () => {
    const ann = await signedIn('ann');
    const meeting = {
      ...{ room: 'demo', title: 'Monday', start: '2037-03-01T09:00' },
      timeZone: 'Europe/Berlin',
    };
    const made = await ann.ask(['POST', '/api/v1/schedules'], { ...meeting, durationMinutes: 45 });
    expect(made.status).toBe(201);
    expect((await ann.ask(['GET', '/api/v1/schedules?room=demo'])).status).toBe(200);
    expect(await names(ann)).toEqual(['demo']);
  });

  it('who takes over the name of a room does not get its past', async () => {
    const { rooms, stores } = harness.people;
    await rooms.createRoom({ name: 'demo' });
    const { roomId } = rooms.getRoom('demo');
    const startedAt = Date.now() - 60_000;
    stores.meetings.start({ ...{ meetingId: 'MT_old', roomId, roomName: 'demo', startedAt }, endedAt: null });
    stores.meetings.end('MT_old', startedAt + 1000);
    await rooms.deleteRoom('demo');
    const [ann, root] = [await signedIn('ann'), await signedIn('root')];
    const ask = (browser: TestBrowser, path: string) =>
      browser.ask(['GET', `/api/v1/rooms/demo/meetings${path}`]);
    expect((await ask(ann, '')).status).toBe(403);
    expect((await create(ann, 'demo')).status).toBe(201);
    expect((await ask(ann, '')).body).toMatchObject({ items: [] });
    expect((await ask(ann, '/MT_old')).status).toBe(404);
    expect((await ask(root, '/MT_old')).status).toBe(200);
  });

  it('they join as owner of their rooms, and as themselves elsewhere', async () => {
    const [ann, bob, root] = [await signedIn('ann'), await signedIn('bob'), await signedIn('root')];
    const join = async (browser: TestBrowser, body: object) => {
      const { status, body: got } = await browser.ask(['POST', '/api/v1/me/token'], {
        room: 'demo',
        ...body,
      });
      return { status, ...(got as JoinOwnRoomResult) };
    };
    expect((await join(ann, {})).status).toBe(404);
    const own = await join(ann, { create: true, displayName: 'Annie' });
    expect(own).toMatchObject({ status: 200, role: 'owner', url: 'wss://meet.test/ws' });
    const claims = await harness.tokens.verify(own.token);
    expect(claims).toMatchObject({ name: 'Annie', role: 'owner', video: { room: 'demo', roomJoin: true } });
    expect(claims.guest).toBeUndefined();
    expect((await join(ann, {})).identity).toBe(own.identity);
    expect(await join(bob, { create: true })).toMatchObject({ role: 'participant' });
    expect(await join(root, {})).toMatchObject({ role: 'owner' });
    expect((await newBrowser().ask(['POST', '/api/v1/me/token'], { room: 'demo' })).body).toEqual(
      coded('TOKEN_MISSING'),
    );
  });
});

test('a token from a sign-in ends with it, and no other does', async () => {
  const [here, there] = [await signedIn('ann'), await signedIn('ann')];
  const tokenOf = async (browser: TestBrowser): Promise<string> => {
    const { body } = await browser.ask(['POST', '/api/v1/me/token'], { room: 'demo', create: true });
    return (body as JoinOwnRoomResult).token;
  };
  const [gone, stays] = [await tokenOf(here), await tokenOf(there)];
  const list = (token: string) =>
    newBrowser().ask(['GET', '/api/v1/rooms/demo/participants'], undefined, {
      authorization: `Bearer ${token}`,
    });
  expect([(await list(gone)).status, (await list(stays)).status]).toEqual([200, 200]);
  await here.ask(['POST', '/auth/logout']);
  expect((await list(gone)).body).toMatchObject({
    error: { code: 'TOKEN_INVALID', message: expect.stringMatching(/signed out/) as unknown },
  });
  await expect(harness.tokens.verify(gone)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  expect((await list(stays)).status).toBe(200);
  // The cookie is not to be guessed from it.
  const { session = '' } = await harness.tokens.verify(stays);
  expect(there.setCookies.join()).not.toContain(session);
});

test('a provider that is down is told in words, and nothing else fails', async () => {
  const own = await TestProvider.start([CALLBACK]);
  const other = await RealHarness.create(own.settings({ PARLEY_HTTP_PUBLIC_URL: ORIGIN }));
  await own.close();
  const browser = new TestBrowser(other.app, ORIGIN);
  const page = await browser.open('/auth/login');
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('does not answer')]);
  const { body } = await browser.ask(['POST', '/api/v1/rooms/demo/join'], {
    displayName: 'Gus',
    create: true,
  });
  expect(body).toMatchObject({ room: 'demo' });
  await other.close();
});
