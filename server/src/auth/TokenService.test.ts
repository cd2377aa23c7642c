import { createHmac, generateKeyPairSync, sign as signRaw } from 'node:crypto';
import { ParleyError, type ErrorCode } from '@parley/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenService } from './TokenService.ts';

const KEYS = { apiKey: 'PKtest', apiSecret: 'a secret of more than thirty-two characters' };
const NOW = Math.floor(Date.now() / 1000);
const CLAIMS = {
  iss: KEYS.apiKey,
  sub: 'ann',
  nbf: NOW - 10,
  exp: NOW + 600,
  video: { room: 'demo', roomJoin: true },
};
const HEADER = { alg: 'HS256', typ: 'JWT' };

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const hmac = (input: string, key: string | Buffer, hash = 'sha256'): string =>
  createHmac(hash, key).update(input).digest('base64url');
/** A token made by hand, so that nothing stops us from making a bad one. */
function forge(header: unknown, claims: unknown, key: string | Buffer = KEYS.apiSecret): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${hmac(input, key)}`;
}

let tokens: TokenService;
beforeAll(async () => {
  tokens = await TokenService.create(KEYS, { clockLeeway: 60 });
});
const codeOf = (token: string): Promise<ErrorCode | 'accepted'> =>
  tokens.verify(token).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ParleyError ? error.code : 'INTERNAL'),
  );

test('what was signed is accepted, with issuer and times', async () => {
  const token = tokens.sign({ sub: 'ann', name: 'Ann', role: 'host', video: CLAIMS.video }, 600);
  const claims = await tokens.verify(token);
  expect(claims).toMatchObject({
    iss: KEYS.apiKey,
    sub: 'ann',
    name: 'Ann',
    role: 'host',
    video: CLAIMS.video,
  });
  expect(claims.exp - (claims.iat ?? 0)).toBe(600);
});

describe('tokens of other signers are accepted', () => {
  test.each<[string, unknown, unknown]>([
    ['made by hand', HEADER, CLAIMS],
    ['without typ', { alg: 'HS256' }, CLAIMS],
    ['with another typ', { alg: 'HS256', typ: 'at+jwt' }, CLAIMS],
    ['with a kid, which is ignored', { ...HEADER, kid: 'one' }, CLAIMS],
    [
      'with claims we do not know',
      HEADER,
      { ...CLAIMS, kind: 'standard', video: { ...CLAIMS.video, agent: false } },
    ],
    ['expired within the leeway', HEADER, { ...CLAIMS, exp: NOW - 30 }],
    ['valid from within the leeway', HEADER, { ...CLAIMS, nbf: NOW + 30 }],
    ['without nbf and iat', HEADER, { iss: KEYS.apiKey, exp: NOW + 10 }],
  ])('%s', async (_name, header, claims) => {
    expect(await codeOf(forge(header, claims))).toBe('accepted');
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: typeof rsa.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();
const without = (claim: keyof typeof CLAIMS): object =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
function signedBy(alg: 'RS256' | 'ES256', key: typeof rsa.privateKey): string {
  const input = `${encode({ alg, typ: 'JWT', jwk: rsa.publicKey.export({ format: 'jwk' }) })}.${encode(CLAIMS)}`;
  const signature = signRaw('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
function tampered(change: (parts: [string, string, string]) => void): string {
  const parts = forge(HEADER, CLAIMS).split('.') as [string, string, string];
  change(parts);
  return parts.join('.');
}
const stretched = `{"iss":"${KEYS.apiKey}","exp":${NOW - 9999},"exp":${NOW + 600}}`;
const twoRooms = JSON.stringify(CLAIMS).replace('"room":', '"room":"other","r\\u006fom":');

describe('forged tokens are refused', () => {
  const algorithms = [
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    'hs256',
    'HS384',
    'HS512',
    'RS256',
    null,
    ['HS256'],
    256,
  ];
  test.each(algorithms)('the algorithm %j', async (alg) => {
    for (const claims of [CLAIMS, { ...CLAIMS, video: { roomAdmin: true } }]) {
      const input = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
      const hash = alg === 'HS384' ? 'sha384' : alg === 'HS512' ? 'sha512' : 'sha256';
      expect(await codeOf(`${input}.`)).toBe('TOKEN_INVALID');
      expect(await codeOf(`${input}.${hmac(input, KEYS.apiSecret, hash)}`)).toBe('TOKEN_INVALID');
      expect(await codeOf(`${input}.${hmac(input, '')}`)).toBe('TOKEN_INVALID');
    }
  });

  const refused: [string, string][] = [
    ['another key', forge(HEADER, CLAIMS, 'another secret of more than thirty-two characters')],
    ['an empty key', forge(HEADER, CLAIMS, '')],
    ['a key of NUL bytes', forge(HEADER, CLAIMS, Buffer.alloc(32))],
    ['the API key as the secret', forge(HEADER, CLAIMS, KEYS.apiKey)],
    ['the secret with a newline', forge(HEADER, CLAIMS, `${KEYS.apiSecret}\n`)],
    ['RS256 with a key of their own', signedBy('RS256', rsa.privateKey)],
    ['ES256 with a key of their own', signedBy('ES256', ec.privateKey)],
    ['HS256 with an RSA public key', forge(HEADER, CLAIMS, pem(rsa.publicKey))],
    ['HS256 with an RSA public key after white space', forge(HEADER, CLAIMS, ` \n\t${pem(rsa.publicKey)}`)],
    ['HS256 with an EC public key', forge(HEADER, CLAIMS, pem(ec.publicKey))],
    ['a kid that climbs, and an empty key', forge({ ...HEADER, kid: '../../../dev/null' }, CLAIMS, '')],
    ['a kid with SQL, and its own key', forge({ ...HEADER, kid: "' UNION SELECT 'k" }, CLAIMS, 'k')],
    ['a jwk header, rightly signed', forge({ ...HEADER, jwk: { kty: 'oct', k: 'AA' } }, CLAIMS)],
    ['a jku header, rightly signed', forge({ ...HEADER, jku: 'https://example.org/keys' }, CLAIMS)],
    ['an x5u header, rightly signed', forge({ ...HEADER, x5u: 'https://example.org/keys' }, CLAIMS)],
    ['an x5c header, rightly signed', forge({ ...HEADER, x5c: ['AA'] }, CLAIMS)],
    ['an unknown crit', forge({ ...HEADER, crit: ['x-new'], 'x-new': true }, CLAIMS)],
    ['an empty crit', forge({ ...HEADER, crit: [] }, CLAIMS)],
    ['a crit of null', forge({ ...HEADER, crit: null }, CLAIMS)],
    ['crit b64', forge({ ...HEADER, crit: ['b64'], b64: false }, CLAIMS)],
    ['not valid yet, beyond the leeway', forge(HEADER, { ...CLAIMS, nbf: NOW + 120 })],
    ['another issuer', forge(HEADER, { ...CLAIMS, iss: 'PKother' })],
    ['no issuer', forge(HEADER, without('iss'))],
    ['an empty issuer', forge(HEADER, { ...CLAIMS, iss: '' })],
    ['a list of issuers', forge(HEADER, { ...CLAIMS, iss: [KEYS.apiKey] })],
    ['no expiry', forge(HEADER, without('exp'))],
    ['an expiry of null', forge(HEADER, { ...CLAIMS, exp: null })],
    ['an expiry in text', forge(HEADER, { ...CLAIMS, exp: String(NOW + 600) })],
    ['an endless expiry', forge(HEADER, JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e999'))],
    ['a claim twice', forge(HEADER, stretched)],
    ['a grant twice, once in disguise', forge(HEADER, twoRooms)],
    ['a header twice', forge('{"alg":"HS256","alg":"HS256"}', CLAIMS)],
    ['10 KB', forge(HEADER, { ...CLAIMS, padding: 'x'.repeat(10_000) })],
    ['a grant of the wrong type', forge(HEADER, { ...CLAIMS, video: { roomAdmin: 'true' } })],
    ['a role there is not', forge(HEADER, { ...CLAIMS, role: 'root' })],
    ['an identity with a line break', forge(HEADER, { ...CLAIMS, sub: 'ann\nhost' })],
    ['claims that are no object', forge(HEADER, [CLAIMS])],
    ['a changed payload', tampered((parts) => (parts[1] = encode({ ...CLAIMS, sub: 'bob' })))],
    ['a changed header', tampered((parts) => (parts[0] = encode({ ...HEADER, kid: 'x' })))],
    ['a cut signature', tampered((parts) => (parts[2] = parts[2].slice(0, -4)))],
    ['a padded signature', tampered((parts) => (parts[2] += '='))],
    ['no signature', tampered((parts) => (parts[2] = ''))],
    ['white space', ` ${forge(HEADER, CLAIMS)}`],
    ['two parts', forge(HEADER, CLAIMS).split('.').slice(0, 2).join('.')],
    ['four parts', `${forge(HEADER, CLAIMS)}.x`],
    ['nothing', ''],
    ['three dots', '...'],
    ['no token at all', 'undefined'],
  ];
  test.each(refused)('%s', async (_name, token) => {
    expect(await codeOf(token)).toBe('TOKEN_INVALID');
  });

  test('expired beyond the leeway, and only then so named', async () => {
    expect(await codeOf(forge(HEADER, { ...CLAIMS, exp: NOW - 120 }))).toBe('TOKEN_EXPIRED');
    expect(await codeOf(forge(HEADER, { ...CLAIMS, exp: NOW - 120 }, 'x'.repeat(40)))).toBe('TOKEN_INVALID');
  });

  test('the error tells a client nothing about why', async () => {
    const error: unknown = await tokens
      .verify(forge(HEADER, CLAIMS, 'x'.repeat(40)))
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'TOKEN_INVALID', details: undefined });
    expect(String(error)).not.toMatch(/signature|HS256|secret/i);
  });
});
