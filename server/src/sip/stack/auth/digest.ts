import { createHash } from 'node:crypto';

/** Best first. `-sess` variants are not asked for, and not answered. */
export const ALGORITHMS = ['SHA-256', 'MD5'] as const;
export type DigestAlgorithm = (typeof ALGORITHMS)[number];

const HASHES: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };

export const findAlgorithm = (name: string | undefined): DigestAlgorithm | undefined =>
  ALGORITHMS.find((algorithm) => algorithm === (name ?? 'MD5').toUpperCase());

export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent: as RFC 2069 has it, for peers that do not say `qop`. */
  readonly qop?: { readonly cnonce: string; readonly nc: string };
}

/** The response to a challenge (RFC 7616, section 3.4.1; RFC 8760 for SHA-256). */
export function digestResponse(input: DigestInput): string {
  const { algorithm, username, realm, password, method, uri, nonce, qop } = input;
  const hash = (...parts: string[]): string =>
    createHash(HASHES[algorithm]).update(parts.join(':'), 'latin1').digest('hex');
  const secret = hash(username, realm, password);
  const request = hash(method, uri);
  return qop ? hash(secret, nonce, qop.nc, qop.cnonce, 'auth', request) : hash(secret, nonce, request);
}
