import { createHash, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** What an attacker pays for one guess: 32 MiB and some 60 ms (https://cheatsheetseries.owasp.org, scrypt). */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const MAX_MEMORY = 64 * 1024 * 1024;
const KEY_BYTES = 32;

/** A hash for storage, by scrypt (RFC 7914): `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFKC'), salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY });
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** A hash that no password fits, and that takes as long to try: for rooms that are not there, or have no password. */
const NO_HASH = ['scrypt', COST.N, COST.r, COST.p, randomBytes(16).toString('base64url'), ''].join('$');

/** Whether the password fits. Takes the same time when there is no hash. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = (hash ?? NO_HASH).split('$');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: MAX_MEMORY };
  const derived = await derive(
    password.normalize('NFKC'),
    Buffer.from(salt, 'base64url'),
    KEY_BYTES,
    options,
  );
  const expected = Buffer.from(key, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** Stands in a token for having shown the password that has this hash. It is worth nothing once the password changes. */
export function fingerprintOf(hash: string): string {
  return createHash('sha256').update(hash).digest('base64url').slice(0, 22);
}
