import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TokenClaims } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TokenService } from '../auth/TokenService.ts';
import { joinGrantsOf } from '../auth/grants.ts';
import { loadSecrets } from '../auth/secrets.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { checkAddresses, checkNode, checkWorker } from './checks.ts';
import { run } from './run.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-cli-'));
  // As the server does when it starts.
  loadSecrets(loadConfig({ PARLEY_DATA_DIR: dataDir }));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function parley(args: string[], more: { isTty?: boolean; env?: Record<string, string> } = {}) {
  const result = { code: 0, out: '', err: '' };
  const env = { PATH: process.env['PATH'], PARLEY_DATA_DIR: dataDir, ...more.env };
  const io = {
    env,
    isTty: more.isTty ?? false,
    out: (text: string) => void (result.out += text),
    err: (text: string) => void (result.err += text),
  };
  result.code = await run(args, io);
  return result;
}

async function claimsOf(args: string[]): Promise<TokenClaims> {
  const { code, out, err } = await parley(['token', ...args]);
  expect([code, err]).toEqual([0, '']);
  const config = loadConfig({ PARLEY_DATA_DIR: dataDir });
  const tokens = await TokenService.create(loadSecrets(config), config.auth);
  return tokens.verify(out.trimEnd());
}

describe('token', () => {
  test('for a host', async () => {
    const claims = await claimsOf(['--room', 'demo', '--identity', 'ann', '--role', 'host', '--name', 'Ann']);
    expect(claims.exp - (claims.iat ?? 0)).toBe(6 * 3600);
    expect(joinGrantsOf(claims)).toMatchObject({
      room: 'demo',
      identity: 'ann',
      displayName: 'Ann',
      role: 'host',
      grant: { canUpdateOwnMetadata: true },
    });
  });

  test('with all there is', async () => {
    const claims = await claimsOf(
      '--room demo --identity bob --ttl 15m --metadata {"a":1} --attribute a=1 --attribute b=x=y --sources camera,screen_share --no-can-subscribe --can-publish-data --no-can-update-own-metadata --hidden --room-admin'.split(
        ' ',
      ),
    );
    expect(claims.exp - (claims.iat ?? 0)).toBe(900);
    expect(claims).toMatchObject({
      sub: 'bob',
      metadata: '{"a":1}',
      attributes: { a: '1', b: 'x=y' },
      video: {
        room: 'demo',
        roomJoin: true,
        roomAdmin: true,
        canPublishSources: ['camera', 'screen_share'],
        canSubscribe: false,
        canPublishData: true,
        canUpdateOwnMetadata: false,
        hidden: true,
      },
    });
  });

  test('for the REST API', async () => {
    expect((await claimsOf(['--room-list', '--room-create'])).video).toEqual({
      roomCreate: true,
      roomList: true,
    });
  });

  test('for a person also the link, with the token where no server sees it', async () => {
    const { out } = await parley(['token', '--room', 'demo', '--identity', 'ann'], { isTty: true });
    expect(out).toMatch(/^(\S+)\n\nTo join, open\nhttp:\/\/localhost:8080\/r\/demo#token=\1\n$/);
    const env = { PARLEY_HTTP_PUBLIC_URL: 'https://meet.test/' };
    const open = await parley(['token', '--room', 'demo', '--identity', 'ann'], { isTty: true, env });
    expect(open.out).toContain('https://meet.test/r/demo#token=');
  });

  test.each([
    ['', '--room is missing'],
    ['--room demo', '--identity is missing'],
    ['--room a/b --identity ann', '--room must be'],
    ['--room demo --identity a\nb', '--identity must'],
    ['--room demo --identity ann --role king', '--role must be one of owner, host'],
    ['--room demo --identity ann --ttl 6', '"6" is no time'],
    ['--room demo --identity ann --ttl 0h', '"0h" is no time'],
    ['--room demo --identity ann --sources face', '"face" is none of camera'],
    ['--room demo --identity ann --attribute x', 'KEY=VALUE'],
    [`--room demo --identity ann --name ${'x'.repeat(200)}`, '--name: must not have more than 128'],
    ['--room demo --identity ann --wrong', "Unknown option '--wrong'"],
    ['--room demo --identity ann stray', "Unexpected argument 'stray'"],
    ['--room', "Option '--room <value>' argument missing"],
  ])('%j is answered in words', async (args, words) => {
    const { code, out, err } = await parley(['token', ...args.split(' ').filter(Boolean)]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
    expect(err).not.toMatch(/at .*\.ts/);
  });
});

test.each([['token', '--room', 'demo', '--identity', 'ann'], ['secrets']])(
  '%s makes no secrets in a folder that has none',
  async (...args) => {
    const wrong = join(dataDir, 'wrong');
    const { code, out, err } = await parley(args, { env: { PARLEY_DATA_DIR: wrong } });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`no secrets in the data folder ${wrong}. Set PARLEY_DATA_DIR`);
    expect(existsSync(wrong)).toBe(false);
    const keys = {
      PARLEY_AUTH_API_KEY: 'key',
      PARLEY_AUTH_API_SECRET: 'a-secret-that-is-long-enough-0123456789',
    };
    expect((await parley(args, { env: { PARLEY_DATA_DIR: wrong, ...keys } })).code).toBe(0);
  },
);

test('secrets are those that sign', async () => {
  const { code, out } = await parley(['secrets']);
  const kept = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as {
    apiKey: string;
    apiSecret: string;
  };
  expect([code, out]).toEqual([0, `API key     ${kept.apiKey}\nAPI secret  ${kept.apiSecret}\n`]);
  chmodSync(join(dataDir, 'secrets.json'), 0o644);
  const refused = await parley(['secrets']);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('chmod 600')]);
});

test('config shows what is set and hides what is secret', async () => {
  const env = {
    PARLEY_HTTP_PORT: '9000',
    PARLEY_AUTH_API_SECRET: 'tulip'.repeat(8),
    PARLEY_MEDIA_ICE_SERVERS: '[{"urls":["turn:t"],"username":"u","credential":"tulip"}]',
  };
  const { code, out } = await parley(['config'], { env });
  expect(code).toBe(0);
  expect(out).toContain('http.port = 9000   (default: 8080)\n    PARLEY_HTTP_PORT\n');
  expect(out).toContain('auth.apiSecret = (hidden)');
  expect(out).toContain('"credential":"(hidden)"');
  expect(out).not.toContain('tulip');
  const wrong = await parley(['config'], { env: { PARLEY_HTTP_PORT: 'many' } });
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('PARLEY_HTTP_PORT')]);
});

test('help, and what is not known', async () => {
  for (const args of [[], ['help'], ['--help'], ['doctor', '--help']]) {
    expect(await parley(args)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Usage: npm run parley'),
    });
  }
  expect((await parley(['token', '--help'])).out).toContain('--ttl');
  expect(await parley(['toString'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('no command "toString"'),
  });
});

describe('doctor', () => {
  const lineOf = (out: string, about: string): string =>
    out.split('\n').find((line) => line.includes(about)) ?? '';

  test('finds what is wrong, says what to do, and changes nothing', async () => {
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    writeFileSync(join(dataDir, 'secrets.json'), 'broken', { mode: 0o600 });
    chmodSync(dataDir, 0o755);
    const env = {
      PATH: dataDir,
      PARLEY_HTTP_PORT: port,
      PARLEY_HTTP_LAN_HTTPS_PORT: '0',
      PARLEY_MEDIA_PORT: '0',
      PARLEY_MEDIA_WORKER_BIN: join(dataDir, 'none'),
    };
    const { code, out } = await parley(['doctor'], { env });
    taken.close();
    expect(code).toBe(1);
    expect(lineOf(out, 'Node')).toMatch(/^ok /);
    expect(lineOf(out, 'media worker')).toMatch(/^fail .*There is none at .*npm start/);
    expect(lineOf(out, 'ffmpeg')).toMatch(/^warn .*Install it/);
    expect(lineOf(out, 'http.port')).toMatch(/^fail .*is taken.*set http.port/);
    expect(lineOf(out, 'data folder')).toMatch(/^warn .*chmod 700/);
    expect(lineOf(out, 'secrets')).toMatch(/^fail .*is damaged/);
    expect(out).toMatch(/\n3 failed, \d to look at\.\n$/);
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe('broken');
  });

  test('names the setting that is wrong', async () => {
    writeFileSync(join(dataDir, 'file'), '');
    const env = { FFMPEG_BIN: join(dataDir, 'none'), PARLEY_RECORDER_FOLDER: join(dataDir, 'file') };
    const { out } = await parley(['doctor'], { env });
    expect(lineOf(out, 'ffmpeg')).toMatch(/^warn .*FFMPEG_BIN/);
    expect(lineOf(out, 'recordings folder')).toMatch(/^fail .*PARLEY_RECORDER_FOLDER/);
  });

  test('makes nothing where nothing is', async () => {
    const env = { PARLEY_DATA_DIR: join(dataDir, 'new', 'data') };
    expect(lineOf((await parley(['doctor'], { env })).out, 'data folder')).toMatch(
      /^ok .*made at the first start/,
    );
    expect(existsSync(join(dataDir, 'new'))).toBe(false);
  });

  test.each([
    ['18.20.0', 'fail'],
    ['22.17.1', 'fail'],
    ['22.18.0', 'ok'],
    ['24.0.0', 'ok'],
  ])('Node %s: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  test.each([
    [[], ['192.168.1.5', 'fd00::2'], 'warn'],
    [[], [], 'warn'],
    [[], ['192.168.1.5', '203.0.113.7'], 'ok'],
    [['203.0.113.7'], ['192.168.1.5'], 'ok'],
    [['meet.example.org'], [], 'ok'],
  ])('announced %j, found %j: %s', (announced, found, state) => {
    expect(checkAddresses(announced, found).state).toBe(state);
  });

  test('a worker that cannot run here', () => {
    const path = join(dataDir, 'worker');
    writeFileSync(path, 'no program', { mode: 0o755 });
    expect(checkWorker(path)).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('does not run here'),
    });
    writeFileSync(path, '#!/bin/sh\nexit 40\n');
    expect(checkWorker(path).state).toBe('ok');
  });
});

test('as a process: the exit code, and errors beside the output', async () => {
  const cli = join(import.meta.dirname, '../cli.ts');
  const start = promisify(execFile);
  const env = { ...process.env, PARLEY_DATA_DIR: dataDir };
  const { stdout } = await start(process.execPath, [cli, 'token', '--room', 'demo', '--identity', 'ann'], {
    env,
  });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const failed = start(process.execPath, [cli, 'token'], { env });
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--room is missing'),
  });
});

describe('recordings', () => {
  test.each([
    [['list'], /Say which recording/],
    [['compose', 'RC_x'], /Say which recording/],
    [['compose', 'RC_x', 'film.avi'], /must end in \.mp4 or \.webm/],
    [['compose', 'RC_x', '/no/such/folder/film.mp4'], /There is no folder/],
    [['compose', '../../etc', join(tmpdir(), 'film.mp4')], /There is no recording/],
    [['compose', `RC_${'a'.repeat(22)}`, join(tmpdir(), 'film.mp4')], /There is no recording/],
    [['compose', 'RC_x', 'film.mp4', '--layout', 'mosaic'], /--layout must be one of screen/],
  ])('%j is refused with the reason', async (args, reason) => {
    const { code, err } = await parley(['recordings', ...args]);
    expect([code, err]).toEqual([2, expect.stringMatching(reason)]);
  });

  test('--help says how', async () => {
    expect((await parley(['recordings', '--help'])).out).toMatch(/compose RECORDING FILE/);
  });
});
