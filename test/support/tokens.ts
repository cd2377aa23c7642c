import { createHmac } from 'node:crypto';
import type { TokenClaims, VideoGrant } from '@parley/protocol';

export const API_KEY = 'test-key';
export const API_SECRET = 'a-secret-for-tests-only-0123456789abcdef';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs whatever it is given, so that forged tokens can be made as well. */
export function signToken(claims: object, options: { secret?: string; header?: object } = {}): string {
  const { secret = API_SECRET, header = { alg: 'HS256', typ: 'JWT' } } = options;
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export function joinToken(
  room: string,
  identity: string,
  options: { video?: VideoGrant; claims?: Partial<TokenClaims> } = {},
): string {
  return signToken({
    iss: API_KEY,
    sub: identity,
    name: identity,
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...options.claims,
    video: { room, roomJoin: true, canUpdateOwnMetadata: true, ...options.video },
  });
}

export function adminToken(): string {
  return signToken({
    iss: API_KEY,
    sub: 'admin',
    exp: Math.floor(Date.now() / 1000) + 3600,
    video: { roomCreate: true, roomList: true, roomAdmin: true },
  });
}
