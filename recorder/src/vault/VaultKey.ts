import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { VaultError } from './VaultError.ts';

const KEY_BYTES = 32;
export const KEY_ID_BYTES = 8;

/**
 * The secret of all files of an installation, 32 bytes. It encrypts nothing itself: each file has a key of its own,
 * derived by HKDF (RFC 5869) from this one and the random id of the file, so that nonces of two files never meet.
 */
export class VaultKey {
  readonly #bytes: Buffer;
  /** Tells keys apart and says nothing of them; stands in each file so that the right key is found after a change. */
  readonly id: Buffer;

  /** @throws {VaultError} VAULT_KEY_INVALID unless there are 32 bytes */
  constructor(bytes: Uint8Array) {
    if (bytes.byteLength !== KEY_BYTES) throw new VaultError('VAULT_KEY_INVALID');
    this.#bytes = Buffer.from(bytes);
    this.id = this.#derive(Buffer.alloc(0), 'parley vault: key id').subarray(0, KEY_ID_BYTES);
  }

  static generate(): VaultKey {
    return new VaultKey(randomBytes(KEY_BYTES));
  }

  /**
   * A key as it stands in a configuration: 64 hexadecimal digits, or 32 bytes as base64 (either alphabet).
   * @throws {VaultError} VAULT_KEY_INVALID
   */
  static parse(text: string): VaultKey {
    const trimmed = text.trim();
    if (/^[0-9a-f]{64}$/i.test(trimmed)) return new VaultKey(Buffer.from(trimmed, 'hex'));
    if (!/^[\w+/-]{43}=?$/.test(trimmed)) throw new VaultError('VAULT_KEY_INVALID');
    return new VaultKey(Buffer.from(trimmed, 'base64'));
  }

  /** For a file that keeps the key, and for the child process that records; never for a log. */
  toBytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** The key of one file. */
  fileKey(fileId: Uint8Array, purpose: string): Buffer {
    return this.#derive(fileId, `parley vault: ${purpose}`);
  }

  hasId(id: Uint8Array): boolean {
    return id.byteLength === KEY_ID_BYTES && timingSafeEqual(this.id, id);
  }

  /** A name for people and logs. */
  toString(): string {
    return `VaultKey ${createHash('sha256').update(this.id).digest('hex').slice(0, 8)}`;
  }

  #derive(salt: Uint8Array, info: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#bytes, salt, info, KEY_BYTES));
  }
}
