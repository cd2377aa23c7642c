import { createCipheriv } from 'node:crypto';

/** Suites that SDES may name (RFC 4568, section 6.2). */
export const SUITES = {
  AES_CM_128_HMAC_SHA1_80: { keyLength: 16, tagLength: 10 },
  AES_CM_128_HMAC_SHA1_32: { keyLength: 16, tagLength: 4 },
  AES_256_CM_HMAC_SHA1_80: { keyLength: 32, tagLength: 10 },
  AES_256_CM_HMAC_SHA1_32: { keyLength: 32, tagLength: 4 },
} as const;
export type SrtpSuite = keyof typeof SUITES;

export const SALT_LENGTH = 14;
const AUTH_KEY_LENGTH = 20;

/** How long what `inline:` carries is, bytes. */
export const masterLength = (suite: SrtpSuite): number => SUITES[suite].keyLength + SALT_LENGTH;

export interface SessionKeys {
  readonly cipher: Buffer;
  readonly salt: Buffer;
  readonly auth: Buffer;
}

/** Labels of RFC 3711, section 4.3.2. */
const LABELS = { rtp: { cipher: 0, auth: 1, salt: 2 }, rtcp: { cipher: 3, auth: 4, salt: 5 } };

/** Session keys of a master key and salt, which follow one another in `master` (RFC 3711, section 4.3; RFC 6188 for 256 bits). */
export function deriveKeys(master: Buffer, suite: SrtpSuite, kind: 'rtp' | 'rtcp'): SessionKeys {
  const { keyLength } = SUITES[suite];
  const key = master.subarray(0, keyLength);
  const salt = master.subarray(keyLength, keyLength + SALT_LENGTH);
  const derive = (label: number, length: number): Buffer => {
    const iv = Buffer.concat([salt, Buffer.alloc(2)]);
    iv[7] = (iv[7] ?? 0) ^ label;
    return keyStream(key, iv, Buffer.alloc(length));
  };
  const { cipher, auth, salt: saltLabel } = LABELS[kind];
  return {
    cipher: derive(cipher, keyLength),
    auth: derive(auth, AUTH_KEY_LENGTH),
    salt: derive(saltLabel, SALT_LENGTH),
  };
}

/** AES in counter mode over data (RFC 3711, section 4.1.1). */
export function keyStream(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  return createCipheriv(key.length === 16 ? 'aes-128-ctr' : 'aes-256-ctr', key, iv).update(data);
}

/** The first counter of a packet: salt, SSRC and index (RFC 3711, section 4.1.1). */
export function packetIv(salt: Buffer, ssrc: number, index: number): Buffer {
  const iv = Buffer.concat([salt, Buffer.alloc(2)]);
  iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4);
  iv.writeUInt16BE(iv.readUInt16BE(8) ^ (Math.floor(index / 2 ** 32) & 0xffff), 8);
  iv.writeUInt32BE((iv.readUInt32BE(10) ^ (index % 2 ** 32)) >>> 0, 10);
  return iv;
}
