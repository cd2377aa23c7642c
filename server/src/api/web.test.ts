import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS, ParleyError, type ErrorCode } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-web-'));
});
afterEach(async () => {
  await harness.app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('bad input gets the one error shape', () => {
  const create = (payload: string, headers: Record<string, string> = {}) =>
    harness.app.inject({
      method: 'POST',
      url: '/api/v1/rooms',
      headers: { ...harness.bearer({ roomCreate: true }), 'content-type': 'application/json', ...headers },
      payload,
    });
  test.each<[string, string, Record<string, string>, ErrorCode]>([
    ['no JSON', '{"name":', {}, 'PARSE_ERROR'],
    ['nothing', '', {}, 'INVALID_PARAMS'],
    ['__proto__', '{"name":"a","__proto__":{"polluted":1}}', {}, 'PARSE_ERROR'],
    ['constructor.prototype', '{"name":"a","constructor":{"prototype":{"polluted":1}}}', {}, 'PARSE_ERROR'],
    ['no object', '[]', {}, 'INVALID_PARAMS'],
    ['null', 'null', {}, 'INVALID_PARAMS'],
    ['a missing member', '{}', {}, 'INVALID_PARAMS'],
    ['an unknown member', '{"name":"a","extra":1}', {}, 'INVALID_PARAMS'],
    ['an unknown setting', '{"name":"a","settings":{"extra":1}}', {}, 'INVALID_PARAMS'],
    ['a wrong type', '{"name":"a","settings":{"guestsAllowed":"true"}}', {}, 'INVALID_PARAMS'],
    ['a number too large', '{"name":"a","settings":{"maxParticipants":1e9}}', {}, 'INVALID_PARAMS'],
    ['a name that climbs', '{"name":"../a"}', {}, 'INVALID_PARAMS'],
    ['a name with a line break', '{"name":"a\\n"}', {}, 'INVALID_PARAMS'],
    ['text', 'name=a', { 'content-type': 'text/plain' }, 'INVALID_REQUEST'],
    ['a form', 'name=a', { 'content-type': 'application/x-www-form-urlencoded' }, 'INVALID_REQUEST'],
    ['JSON after a tab', '{"name":1}', { 'content-type': 'application/json\t; a=b' }, 'INVALID_PARAMS'],
    ['64 KiB', JSON.stringify({ name: 'x'.repeat(65_536) }), {}, 'FRAME_TOO_LARGE'],
  ])('%s', async (_name, payload, headers, code) => {
    harness = await startHarness();
    const answer = await create(payload, headers);
    expect(answer.json()).toMatchObject({ error: { code, message: expect.stringMatching(/\.$/) } });
    expect(answer.statusCode).toBe(ERRORS[code].http);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('what is wrong is named by its path', async () => {
    harness = await startHarness();
    const answer = await create('{"name":"a","settings":{"emptyTimeout":-1}}');
    expect(answer.json()).toMatchObject({
      error: {
        details: {
          in: 'body',
          path: '/settings/emptyTimeout',
          problems: [{ message: expect.stringMatching('0') }],
        },
      },
    });
    expect((await create('{"name":"a","extra":1}')).body).toContain('extra');
    expect((await create('{}')).body).toContain('name');
    const query = await harness.app.inject({
      url: '/api/v1/rooms?limit=ten',
      headers: harness.bearer({ roomList: true }),
    });
    expect(query.json()).toMatchObject({ error: { details: { in: 'querystring', path: '/limit' } } });
  });

  test.each([
    ['/nothing', 'NOT_FOUND'],
    ['/api/v1/nothing', 'NOT_FOUND'],
    ['/r/a/b', 'NOT_FOUND'],
    ['/api/v1/rooms/%zz', 'INVALID_REQUEST'],
    ['/%2e%2e/%2e%2e/etc/passwd', 'NOT_FOUND'],
    ['/assets/..%2f..%2fpackage.json', 'NOT_FOUND'],
  ])('%s', async (url, code) => {
    harness = await startHarness({ webApp: folder });
    expect((await harness.app.inject(url)).json()).toMatchObject({ error: { code } });
  });

  test('a fault of the server is logged, and tells nothing', async () => {
    harness = await startHarness();
    harness.rooms.getRoom = () => {
      throw new Error('password of the database is tulip');
    };
    const answer = await harness.app.inject({
      url: '/api/v1/rooms/demo',
      headers: harness.bearer({ roomList: true }),
    });
    expect(answer.statusCode).toBe(500);
    const body = answer.json<{ error: { details: { requestId: string } } }>();
    expect(body).toMatchObject({ error: { code: 'INTERNAL', message: ERRORS.INTERNAL.message } });
    expect(answer.body).not.toContain('tulip');
    const entry = harness.log.find(({ msg }) => msg === 'request failed');
    expect(entry).toMatchObject({ level: 50, requestId: body.error.details.requestId });
    expect(JSON.stringify(entry)).toContain('tulip');
  });

  test('when the server cannot serve now, it says when to come again', async () => {
    harness = await startHarness();
    harness.rooms.getRoom = () => {
      throw new ParleyError('MEDIA_UNAVAILABLE');
    };
    const answer = await harness.app.inject({
      url: '/api/v1/rooms/demo',
      headers: harness.bearer({ roomList: true }),
    });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  });
});

test('each request is one line in the log, without names, queries and tokens', async () => {
  harness = await startHarness();
  const { authorization } = harness.bearer({ roomList: true });
  await harness.app.inject({ url: '/api/v1/rooms/secret-name?token=canary', headers: { authorization } });
  await harness.app.inject('/secret-name?token=canary');
  await harness.app.inject('/healthz');
  expect(harness.log).toMatchObject([
    {
      level: 30,
      msg: 'request',
      method: 'GET',
      route: '/api/v1/rooms/:name',
      status: 404,
      ms: expect.any(Number),
    },
    { level: 30, route: 'unknown', status: 404 },
    { level: 20, route: '/healthz', status: 200 },
  ]);
  expect(JSON.stringify(harness.log)).not.toMatch(/canary|secret-name|eyJ/);
});

describe('health', () => {
  test('alive, ready, measured', async () => {
    const reasons: string[] = [];
    harness = await startHarness({ readiness: () => reasons });
    expect((await harness.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await harness.app.inject('/readyz')).json()).toEqual({ ready: true, reasons: [] });
    reasons.push('A media worker is being replaced.');
    const answer = await harness.app.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reasons }]);
    const metrics = await harness.app.inject('/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toContain('parley_rooms 0');
  });
});

describe('origins', () => {
  const ask = (origin: string, method: 'GET' | 'OPTIONS' = 'GET') =>
    harness.app.inject({
      method,
      url: '/api/v1/openapi.json',
      headers: { origin, host: 'meet.test', 'access-control-request-method': 'GET' },
    });

  test('all may come when none is listed, and no cookie is ever asked for', async () => {
    harness = await startHarness();
    const { statusCode, headers } = await ask('https://elsewhere.test');
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const preflight = await ask('https://elsewhere.test', 'OPTIONS');
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
  });

  test('foreign ones are refused when some are listed', async () => {
    harness = await startHarness({ env: { PARLEY_HTTP_ALLOWED_ORIGINS: 'https://app.test' } });
    for (const method of ['GET', 'OPTIONS'] as const) {
      const refused = await ask('https://elsewhere.test', method);
      expect(refused.json()).toMatchObject({ error: { code: 'ORIGIN_REFUSED' } });
      expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask('https://app.test')).headers['access-control-allow-origin']).toBe('https://app.test');
    expect((await ask('http://meet.test')).statusCode).toBe(200);
  });
});

test('every answer carries the security headers, errors too', async () => {
  harness = await startHarness();
  for (const url of ['/', '/nothing', '/api/docs', '/api/v1/rooms']) {
    const { headers } = await harness.app.inject(url);
    expect(headers, url).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': expect.stringContaining(
        'camera=(self), microphone=(self), display-capture=(self)',
      ),
      'content-security-policy': expect.stringMatching(
        /default-src 'self'; script-src 'self'; worker-src 'self' blob:/,
      ),
    });
  }
  expect((await harness.app.inject('/api/v1/rooms')).headers['cache-control']).toBe('no-store');
});

describe('the web app', () => {
  test('is served at / and at meeting links, hashed files for ever', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<title>app</title>');
    writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'run()');
    writeFileSync(join(folder, '.secret'), 'hidden');
    harness = await startHarness({ webApp: folder });
    for (const url of ['/', '/r/demo', '/r/demo?x=1', '/live/LV_1']) {
      const page = await harness.app.inject(url);
      expect([page.statusCode, page.body]).toEqual([200, '<title>app</title>']);
      expect(page.headers['cache-control']).toBe('no-cache');
      expect(page.headers['content-type']).toContain('text/html');
    }
    const script = await harness.app.inject('/assets/app-1a2b.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('javascript');
    expect((await harness.app.inject('/.secret')).statusCode).toBe(404);
    expect((await harness.app.inject('/assets/app-none.js')).json()).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });

  test('a person who mistyped an address gets the page, a program the error', async () => {
    writeFileSync(join(folder, 'index.html'), '<title>app</title>');
    harness = await startHarness({ webApp: folder });
    const html = { accept: 'text/html,application/xhtml+xml' };
    const page = await harness.app.inject({ url: '/nope', headers: html });
    expect([page.statusCode, page.body]).toEqual([404, '<title>app</title>']);
    for (const request of [{ url: '/nope' }, { url: '/api/v1/nope', headers: html }])
      expect((await harness.app.inject(request)).json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('when it is not built, the page says what to run', async () => {
    harness = await startHarness({ webApp: folder });
    const page = await harness.app.inject('/r/demo');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm start');
  });
});

describe('the API document', () => {
  test('is OpenAPI 3.1, says what each route wants and answers, and hides nothing behind names', async () => {
    harness = await startHarness({ version: '1.2.3' });
    const document = (await harness.app.inject('/api/v1/openapi.json')).json<Record<string, unknown>>();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    const operations = Object.values(document['paths'] as Record<string, Record<string, object>>).flatMap(
      (item) => Object.values(item),
    );
    expect(operations.length).toBeGreaterThan(20);
    for (const operation of operations) {
      expect(operation).toMatchObject({
        summary: expect.any(String),
        operationId: expect.any(String),
        responses: {
          400: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } } },
        },
      });
    }
    // What needs no token: what everybody may know, what a signed-in host has a cookie for, and files, by tickets.
    const open = operations.filter((operation) => !('security' in operation));
    const ids = open.map((operation) => ('operationId' in operation ? operation.operationId : undefined));
    expect(ids.toSorted()).toEqual([
      ...[
        'createOwnToken',
        'downloadFile',
        'getLiveStream',
        'getMe',
        'getRoomNotice',
        'getServer',
        'joinAsGuest',
        'uploadFile',
      ],
    ]);
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    const schemas = Object.keys((document['components'] as { schemas: object }).schemas);
    expect([...new Set(names)].toSorted()).toEqual(schemas.toSorted());
  });

  test('has a page, which loads nothing from elsewhere', async () => {
    harness = await startHarness();
    const page = await harness.app.inject('/api/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    const script = await harness.app.inject('/api/docs/static/swagger-ui-bundle.js');
    expect(script.statusCode).toBe(200);
    const [own, read] = await Promise.all(
      ['/api/docs/json', '/api/v1/openapi.json'].map((url) => harness.app.inject(url)),
    );
    expect(own?.json()).toEqual(read?.json());
  });
});
