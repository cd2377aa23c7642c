import { describe, expect, it } from 'vitest';
import { answerTo } from '../transport/receive.ts';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, type SipRequest } from '../message/SipMessage.ts';
import { DigestClient } from './DigestClient.ts';
import { DigestServer } from './DigestServer.ts';
import { digestResponse } from './digest.ts';

const invite = (): SipRequest => ({
  ...{ kind: 'request', method: 'INVITE', uri: 'sip:bob@example.org', body: NO_BODY },
  headers: Headers.of({
    Via: 'SIP/2.0/UDP a',
    From: '<sip:a@b>;tag=1',
    To: '<sip:b@b>',
    'Call-ID': '1',
    CSeq: '1 INVITE',
  }),
});

/** What a request becomes when a client has answered the challenge of a server. */
function answered(
  server: DigestServer,
  client: DigestClient,
  { stale = false, had = false } = {},
): SipRequest | undefined {
  const challenge = answerTo(invite(), { status: 401, reason: 'Unauthorized' });
  for (const line of server.challenges({ stale })) challenge.headers.add('www-authenticate', line);
  if (!client.accept(challenge, had)) return undefined;
  const request = invite();
  client.authorize(request);
  return request;
}

const HERE = '192.0.2.1';
const passwords = (username: string): string | undefined => (username === 'ann' ? 'tulip' : undefined);

describe('digest', () => {
  it('is as RFC 7616, section 3.9.1 has it', () => {
    const input = {
      ...{ username: 'Mufasa', realm: 'http-auth@example.org', password: 'Circle of Life' },
      ...{ method: 'GET', uri: '/dir/index.html', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v' },
      qop: { cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', nc: '00000001' },
    };
    expect(digestResponse({ ...input, algorithm: 'MD5' })).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(digestResponse({ ...input, algorithm: 'SHA-256' })).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('is answered with the best algorithm, and taken once', () => {
    const server = new DigestServer('parley');
    const request = answered(server, new DigestClient({ username: 'ann', password: 'tulip' }));
    expect(request?.headers.get('authorization')).toMatch(/algorithm=SHA-256.*qop=auth, nc=00000001/);
    expect(request && server.verify(request, HERE, passwords)).toEqual({ ok: true, username: 'ann' });
    expect(request && server.verify(request, HERE, passwords)).toEqual({
      ok: false,
      stale: true,
      locked: false,
    });
  });

  it.each([
    ['a wrong password', { username: 'ann', password: 'rose' }],
    ['somebody unknown', { username: 'eve', password: '' }],
  ])('refuses %s', (_, credentials) => {
    const server = new DigestServer('parley');
    const request = answered(server, new DigestClient(credentials));
    expect(request && server.verify(request, HERE, passwords)).toEqual({
      ok: false,
      stale: false,
      locked: false,
    });
  });

  it('refuses who has a name of more than 64 characters, without a word', () => {
    const server = new DigestServer('parley');
    const told: string[] = [];
    server.onWrong = (username) => told.push(username);
    const request = answered(server, new DigestClient({ username: 'x'.repeat(65), password: 'tulip' }));
    expect(request && server.verify(request, HERE, () => 'tulip')).toMatchObject({ ok: false });
    expect(told).toEqual([]);
  });

  it('is not looked at any more after ten wrong ones for a name from an address, for five minutes', () => {
    let now = 1_000_000;
    const server = new DigestServer('parley', () => now);
    const told: string[] = [];
    server.onWrong = (username, source) => told.push(`${username} ${source}`);
    const tryWith = (password: string, source = HERE) => {
      const request = answered(server, new DigestClient({ username: 'ann', password }));
      return request && server.verify(request, source, passwords);
    };
    for (let times = 0; times < 10; times += 1) expect(tryWith('rose')).toMatchObject({ locked: false });
    expect(tryWith('tulip')).toEqual({ ok: false, stale: false, locked: true });
    expect(tryWith('tulip', '192.0.2.2')).toEqual({ ok: true, username: 'ann' });
    expect(told).toEqual([`ann ${HERE}`]);
    now += 300_000;
    expect(tryWith('tulip')).toEqual({ ok: true, username: 'ann' });
  });

  it('refuses an answer that is meant for another method', () => {
    const server = new DigestServer('parley');
    const request = answered(server, new DigestClient({ username: 'ann', password: 'tulip' }));
    expect(request && server.verify({ ...request, method: 'BYE' }, HERE, passwords)).toEqual({
      ok: false,
      stale: false,
      locked: false,
    });
  });

  it('takes no nonce that is old, and says so', () => {
    let now = 1_000_000;
    const server = new DigestServer('parley', () => now);
    const client = new DigestClient({ username: 'ann', password: 'tulip' });
    const request = answered(server, client);
    now += 301_000;
    expect(request && server.verify(request, HERE, passwords)).toEqual({
      ok: false,
      stale: true,
      locked: false,
    });
    const again = answered(server, client, { stale: true, had: true });
    expect(again && server.verify(again, HERE, passwords)).toEqual({ ok: true, username: 'ann' });
  });

  it('does not answer again who refused the answer, nor a stranger', () => {
    const server = new DigestServer('parley');
    expect(
      answered(server, new DigestClient({ username: 'ann', password: 'x' }), { had: true }),
    ).toBeUndefined();
    const other = new DigestClient({ username: 'ann', password: 'x', realm: 'carrier' });
    expect(answered(server, other)).toBeUndefined();
  });
});
