import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VaultError } from './VaultError.ts';
import { KEY_ID_BYTES, type VaultKey } from './VaultKey.ts';

/*
 * All numbers big-endian. Every encrypted file begins with
 *   magic (4) | version (1) | kind (1) | 0 (2) | file id (16) | key id (8)
 * A growing file goes on with records, each `length of the ciphertext (4) | nonce (12) | ciphertext | tag (16)`; a record
 * of length 0 is the last one and says that the file was closed. Nonces are random since a write that failed is repeated
 * with other content; the associated data is the header and the number of the record.
 * A sealed file goes on with `size of the plain text (8)` and chunks of 64 KiB, each followed by its tag; only the last is
 * shorter. The nonce is the number of the chunk; the last one is marked in it, and the size is associated with it.
 */
const MAGIC = Buffer.from([0x89, 0x50, 0x56, 0x54]);
const VERSION = 1;
export const HEADER_BYTES = 32;
export const SEALED_HEADER_BYTES = HEADER_BYTES + 8;
export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;
export const CHUNK_BYTES = 65_536;
export const RECORD_OVERHEAD = 4 + NONCE_BYTES + TAG_BYTES;
/** More is written as several records, since a reader holds a whole record in memory. */
export const MAX_RECORD_BYTES = 1_048_576;

const kinds = { growing: 1, sealed: 2 } as const;
export type EncryptedKind = keyof typeof kinds;

export interface Header {
  kind: EncryptedKind;
  /** The 32 bytes as they stand in the file. */
  bytes: Buffer;
  fileId: Buffer;
  keyId: Buffer;
}

export function makeHeader(kind: EncryptedKind, key: VaultKey): Header {
  const fileId = randomBytes(16);
  const bytes = Buffer.concat([MAGIC, Buffer.from([VERSION, kinds[kind], 0, 0]), fileId, key.id]);
  return { kind, bytes, fileId, keyId: key.id };
}

/** Whether a file that begins so is one of ours. None of the formats kept here begins with these bytes. */
export function isEncrypted(start: Buffer): boolean {
  return start.length > 0 && MAGIC.subarray(0, start.length).equals(start.subarray(0, MAGIC.length));
}

/** @throws {VaultError} VAULT_TRUNCATED, VAULT_UNSUPPORTED, VAULT_TAMPERED */
export function parseHeader(start: Buffer): Header {
  if (start.length < HEADER_BYTES) throw new VaultError('VAULT_TRUNCATED');
  const bytes = Buffer.from(start.subarray(0, HEADER_BYTES));
  if (bytes[4] !== VERSION) throw new VaultError('VAULT_UNSUPPORTED');
  const kind = bytes[5] === kinds.growing ? 'growing' : 'sealed';
  if (bytes[5] !== kinds[kind]) throw new VaultError('VAULT_TAMPERED');
  return { kind, bytes, fileId: bytes.subarray(8, 24), keyId: bytes.subarray(24, 24 + KEY_ID_BYTES) };
}

export function deriveFileKey(header: Header, key: VaultKey): Buffer {
  return key.fileKey(header.fileId, header.kind);
}

export function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** What a piece of a file is encrypted with. */
export interface Seal {
  key: Buffer;
  nonce: Buffer;
  /** Associated data. */
  aad: Buffer;
}

export function encrypt(seal: Seal, plain: Uint8Array): { ciphertext: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', seal.key, seal.nonce);
  cipher.setAAD(seal.aad);
  const ciphertext = cipher.update(plain);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** Undefined when the piece is not what was encrypted there. */
export function decrypt(seal: Seal, ciphertext: Uint8Array, tag: Uint8Array): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', seal.key, seal.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(seal.aad);
  decipher.setAuthTag(tag);
  const plain = decipher.update(ciphertext);
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

export function recordAad(header: Header, index: number): Buffer {
  return Buffer.concat([header.bytes, u64(index)]);
}

/** What chunk number `index` is encrypted with; `size` is that of the plain text and given for the last chunk only. */
export function chunkSeal(header: Header, key: Buffer, at: { index: number; size?: number }): Seal {
  const isLast = at.size !== undefined;
  return {
    key,
    nonce: Buffer.concat([Buffer.from([0, 0, 0, isLast ? 1 : 0]), u64(at.index)]),
    aad: at.size === undefined ? header.bytes : Buffer.concat([header.bytes, u64(at.size)]),
  };
}

/** Chunks of a sealed file with so much plain text. There is always one, so that even an empty file is authentic. */
export function chunkCount(size: number): number {
  return Math.max(1, Math.ceil(size / CHUNK_BYTES));
}

export function sealedFileSize(size: number): number {
  return SEALED_HEADER_BYTES + size + chunkCount(size) * TAG_BYTES;
}
