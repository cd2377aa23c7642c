import type { ByteSource } from './ByteSource.ts';
import {
  CHUNK_BYTES,
  chunkCount,
  chunkSeal,
  decrypt,
  deriveFileKey,
  HEADER_BYTES,
  SEALED_HEADER_BYTES,
  sealedFileSize,
  TAG_BYTES,
  type Header,
} from './format.ts';
import { VaultError } from './VaultError.ts';
import type { VaultKey } from './VaultKey.ts';
import { READ_AHEAD_BYTES, VaultReader } from './VaultReader.ts';

const STORED_CHUNK = CHUNK_BYTES + TAG_BYTES;

/** Reads finished files: where a byte lies is arithmetic. */
export class SealedReader extends VaultReader {
  readonly kind = 'sealed';
  readonly isComplete = true;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #header: Header;
  readonly #key: Buffer;
  readonly #chunks: number;

  private constructor(source: ByteSource, at: { header: Header; key: Buffer; size: number }) {
    super();
    this.#source = source;
    this.#header = at.header;
    this.#key = at.key;
    this.size = at.size;
    this.#chunks = chunkCount(at.size);
  }

  /**
   * Looks at both ends, so that a file that was cut or whose size was changed is not begun with.
   * @throws {VaultError} VAULT_TRUNCATED, VAULT_TAMPERED
   */
  static async open(source: ByteSource, at: { header: Header; key: VaultKey }): Promise<SealedReader> {
    const stored = await source.read(HEADER_BYTES, SEALED_HEADER_BYTES - HEADER_BYTES);
    if (stored.length < 8) throw new VaultError('VAULT_TRUNCATED');
    const size = Number(stored.readBigUInt64BE());
    const fileSize = await source.size();
    if (fileSize < sealedFileSize(size)) throw new VaultError('VAULT_TRUNCATED');
    if (fileSize > sealedFileSize(size)) throw new VaultError('VAULT_TAMPERED', { detail: 'it is too long' });
    const key = deriveFileKey(at.header, at.key);
    const reader = new SealedReader(source, { header: at.header, key, size });
    await reader.#readChunks(reader.#chunks - 1, reader.#chunks);
    return reader;
  }

  async refresh(): Promise<void> {
    // A finished file does not grow.
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  protected async *readRange(start: number, end: number): AsyncGenerator<Buffer> {
    const perRead = READ_AHEAD_BYTES / CHUNK_BYTES;
    const until = Math.ceil(end / CHUNK_BYTES);
    for (let first = Math.floor(start / CHUNK_BYTES); first < until && start < end; first += perRead) {
      const plain = await this.#readChunks(first, Math.min(first + perRead, until));
      const offset = first * CHUNK_BYTES;
      yield plain.subarray(Math.max(0, start - offset), Math.min(plain.length, end - offset));
    }
  }

  /** Chunks `first` until just before `until`, in plain. */
  async #readChunks(first: number, until: number): Promise<Buffer> {
    const stored = await this.#source.read(
      SEALED_HEADER_BYTES + first * STORED_CHUNK,
      (until - first) * STORED_CHUNK,
    );
    const plain: Buffer[] = [];
    for (let index = first; index < until; index += 1) {
      const at = (index - first) * STORED_CHUNK;
      plain.push(this.#open(index, stored.subarray(at, at + STORED_CHUNK)));
    }
    const [only] = plain;
    return plain.length === 1 && only ? only : Buffer.concat(plain);
  }

  #open(index: number, stored: Buffer): Buffer {
    const isLast = index === this.#chunks - 1;
    const length = isLast ? this.size - index * CHUNK_BYTES : CHUNK_BYTES;
    if (stored.length < length + TAG_BYTES) throw new VaultError('VAULT_TRUNCATED');
    const seal = chunkSeal(this.#header, this.#key, { index, ...(isLast && { size: this.size }) });
    const plain = decrypt(seal, stored.subarray(0, length), stored.subarray(length, length + TAG_BYTES));
    if (!plain) throw new VaultError('VAULT_TAMPERED', { detail: `chunk ${String(index)}` });
    return plain;
  }
}
