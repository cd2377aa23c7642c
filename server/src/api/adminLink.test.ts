import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { adminLinkUrl, makeAdminLink } from '../signin/AdminLink.ts';
import { RealHarness } from './testing/RealHarness.ts';
import { TestBrowser } from './testing/TestBrowser.ts';

let harness: RealHarness;
let nextAddress = 0;
const newBrowser = (origin = 'http://meet.test'): TestBrowser =>
  new TestBrowser(harness.app, origin, `198.51.100.${(nextAddress += 1)}`);
const newLink = (): string => makeAdminLink(harness.people.dataDir, 3600);
const enter = (browser: TestBrowser, secret: string) => browser.ask(['POST', '/auth/admin'], { secret });
const me = async (browser: TestBrowser): Promise<unknown> => (await browser.ask(['GET', '/api/v1/me'])).body;

beforeAll(async () => {
  harness = await RealHarness.create();
});
afterEach(() => vi.useRealTimers());
afterAll(() => harness.close());

test('the link makes administrators, each somebody of their own', async () => {
  const secret = newLink();
  const [one, two] = [newBrowser(), newBrowser()];
  for (const browser of [one, two]) expect((await enter(browser, secret)).status).toBe(200);
  expect(await me(one)).toMatchObject({ host: { isAdmin: true, way: 'link', email: null } });
  expect(await me(one)).not.toEqual(await me(two));
  expect((await one.ask(['GET', '/api/v1/rooms'])).status).toBe(200);
  expect((await one.ask(['POST', '/api/v1/rooms'], { name: 'demo' })).status).toBe(201);
  expect((await two.ask(['GET', '/api/v1/rooms/demo/audit'])).status).toBe(200);
  expect((await one.ask(['POST', '/auth/logout'])).body).toEqual({ url: '/' });
  expect(await me(one)).toEqual({ host: null });
  expect((await newBrowser().ask(['GET', '/api/v1/server'])).body).toMatchObject({ signIn: 'link' });
});

test('its cookie is marked for https where there is https, and kept for as long as the link', async () => {
  const plain = newBrowser();
  await enter(plain, newLink());
  expect(plain.setCookies).toEqual([
    expect.stringMatching(/^parley=[\w-]{32}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
});

test('a new link voids the one before, and time each', async () => {
  const old = newLink();
  const secret = newLink();
  expect((await enter(newBrowser(), old)).body).toMatchObject({ error: { code: 'ACCESS_REFUSED' } });
  const browser = newBrowser();
  expect((await enter(browser, secret)).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  expect((await enter(newBrowser(), secret)).status).toBe(403);
  expect(await me(browser)).not.toEqual({ host: null });
  vi.setSystemTime(Date.now() + 11.5 * 3_600_000);
  expect(await me(browser)).toEqual({ host: null });
});

test('wrong tries are few for each address, and other sites can make none', async () => {
  newLink();
  const browser = newBrowser();
  const codes = [];
  for (let tries = 0; tries < 12; tries += 1) codes.push((await enter(browser, `wrong${tries}`)).status);
  expect(codes.filter((code) => code === 403)).toHaveLength(10);
  expect(codes.filter((code) => code === 429)).toHaveLength(2);
  const foreign = await newBrowser().ask(
    ['POST', '/auth/admin'],
    { secret: newLink() },
    { 'sec-fetch-site': 'cross-site' },
  );
  expect(foreign.body).toMatchObject({ error: { code: 'ORIGIN_REFUSED' } });
});

test('the secret is in no file, and in the fragment of the address', () => {
  const secret = newLink();
  const path = join(harness.people.dataDir, 'admin-link.json');
  expect(readFileSync(path, 'utf8')).not.toContain(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const url = new URL(adminLinkUrl('https://meet.test/', secret));
  expect([url.pathname, url.search, url.hash]).toEqual(['/auth/admin', '', `#${secret}`]);
});

test('there is none where the setting says so', async () => {
  const other = await RealHarness.create({ PARLEY_AUTH_ADMIN_LINK_TTL: '0' });
  expect(existsSync(join(other.people.dataDir, 'admin-link.json'))).toBe(false);
  const secret = makeAdminLink(other.people.dataDir, 3600);
  expect((await enter(new TestBrowser(other.app, 'http://meet.test'), secret)).status).toBe(403);
  await other.close();
});
