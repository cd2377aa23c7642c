import { createHash, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { readPrivateFile, writePrivateFile } from '../auth/privateFile.ts';
import { newSecret } from '../util/ids.ts';

const AdminLinkFile = Type.Object({
  /** SHA-256 of the secret, in hexadecimal. It is random enough to need no slower hash. */
  secretHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Milliseconds since the epoch. */
  expiresAt: Type.Integer(),
});

const pathIn = (dataDir: string): string => join(dataDir, 'admin-link.json');
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Makes the one admin link of a data folder; one made before opens nothing any more. The hash lies in a file and not in the
 * database, so that the command line can make a link for the server that runs. Gives the secret. Throws PrivateFileError.
 */
export function makeAdminLink(dataDir: string, ttl: number): string {
  const secret = newSecret();
  const file = { secretHash: hashOf(secret).toString('hex'), expiresAt: Date.now() + ttl * 1000 };
  writePrivateFile(pathIn(dataDir), `${JSON.stringify(file)}\n`);
  return secret;
}

/** Whether it is the secret of the link that is valid now; how long that takes tells nothing of it. Throws PrivateFileError. */
export function opensAdminLink(dataDir: string, secret: string): boolean {
  const text = readPrivateFile(pathIn(dataDir));
  const file = text === undefined ? undefined : parse(text);
  const expected = Value.Check(AdminLinkFile, file) ? Buffer.from(file.secretHash, 'hex') : Buffer.alloc(32);
  const fits = timingSafeEqual(hashOf(secret), expected);
  return fits && Value.Check(AdminLinkFile, file) && Date.now() < file.expiresAt;
}

/** The secret is in the fragment, which browsers send to no server, and which stands in no log and no Referer. */
export const adminLinkUrl = (base: string, secret: string): string =>
  `${base.replace(/\/+$/, '')}/auth/admin#${secret}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
