import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import {
  CHUNK_BYTES,
  chunkSeal,
  deriveFileKey,
  encrypt,
  HEADER_BYTES,
  makeHeader,
  u64,
  type Header,
} from './format.ts';
import type { VaultWriteOptions } from './GrowingFile.ts';
import { VaultError } from './VaultError.ts';

/** What is given out at once, in chunks. */
const BATCH_CHUNKS = 16;

interface Encryption {
  header: Header;
  key: Buffer;
}

/**
 * Writes a finished file, from its beginning to its end, in chunks that are found by arithmetic. It stands beside its
 * place (`….unfinished`) until `close()`, so that there is either the whole file or none.
 */
export class SealedFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #encryption: Encryption | null;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #chunks = 0;
  #batch: Buffer[] = [];
  #size = 0;
  #position: number;
  #state: 'open' | 'closed' = 'open';

  private constructor(path: string, at: { file: FileHandle; encryption: Encryption | null }) {
    this.path = path;
    this.#file = at.file;
    this.#encryption = at.encryption;
    this.#position = 0;
  }

  /** @throws {VaultError} VAULT_IO, VAULT_DISK_FULL */
  static async create(path: string, options: VaultWriteOptions): Promise<SealedFile> {
    try {
      const file = await open(temporaryPath(path), 'w', 0o600);
      const { key } = options;
      if (!key) return new SealedFile(path, { file, encryption: null });
      const header = makeHeader('sealed', key);
      const sealed = new SealedFile(path, { file, encryption: { header, key: deriveFileKey(header, key) } });
      sealed.#batch.push(header.bytes, u64(0));
      return sealed;
    } catch (error) {
      throw VaultError.fromSystem(error);
    }
  }

  /** Bytes of plain text written until now. */
  get size(): number {
    return this.#size;
  }

  /**
   * Goes on with these bytes, which are copied. Wait for it before the next: no more than a mebibyte is kept in memory.
   * @throws {VaultError} VAULT_DISK_FULL, VAULT_IO, VAULT_CLOSED; `abort()` is what is left to do
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#state === 'closed') throw new VaultError('VAULT_CLOSED');
    this.#size += bytes.byteLength;
    for (let at = 0; at < bytes.byteLength;) {
      // A full chunk waits until there is more, since the last one is marked as such.
      if (this.#filled === CHUNK_BYTES) await this.#endChunk();
      const piece = bytes.subarray(at, at + CHUNK_BYTES - this.#filled);
      this.#chunk.set(piece, this.#filled);
      this.#filled += piece.byteLength;
      at += piece.byteLength;
    }
  }

  /** Ends the file, waits until the disk has it, and puts it in its place, instead of what was there before. */
  async close(): Promise<void> {
    if (this.#state === 'closed') throw new VaultError('VAULT_CLOSED');
    try {
      await this.#endChunk({ size: this.#size });
      await this.#writeBatch();
      if (this.#encryption) await this.#file.write(u64(this.#size), 0, 8, HEADER_BYTES);
      await this.#file.sync();
      this.#state = 'closed';
      await this.#file.close();
      await rename(temporaryPath(this.path), this.path);
    } catch (error) {
      await this.abort();
      throw VaultError.fromSystem(error);
    }
  }

  /** Gives up and leaves nothing behind. Idempotent; after `close()` it does nothing. */
  async abort(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    await this.#file.close().catch(() => undefined);
    await rm(temporaryPath(this.path), { force: true }).catch(() => undefined);
  }

  async #endChunk(last: { size?: number } = {}): Promise<void> {
    const plain = this.#chunk.subarray(0, this.#filled);
    this.#batch.push(...this.#seal(plain, last));
    this.#chunks += 1;
    this.#filled = 0;
    if (this.#chunks % BATCH_CHUNKS === 0) await this.#writeBatch();
  }

  #seal(plain: Buffer, last: { size?: number }): Buffer[] {
    if (!this.#encryption) return [Buffer.from(plain)];
    const { header, key } = this.#encryption;
    const { ciphertext, tag } = encrypt(chunkSeal(header, key, { index: this.#chunks, ...last }), plain);
    return [ciphertext, tag];
  }

  async #writeBatch(): Promise<void> {
    const bytes = Buffer.concat(this.#batch);
    this.#batch = [];
    let written = 0;
    try {
      while (written < bytes.length) {
        const left = bytes.length - written;
        written += (await this.#file.write(bytes, written, left, this.#position + written)).bytesWritten;
      }
    } catch (error) {
      throw VaultError.fromSystem(error);
    }
    this.#position += written;
  }
}

function temporaryPath(path: string): string {
  return `${path}.unfinished`;
}

/** Writes a small file at once. */
export async function sealBytes(path: string, bytes: Uint8Array, options: VaultWriteOptions): Promise<void> {
  const file = await SealedFile.create(path, options);
  try {
    await file.write(bytes);
    await file.close();
  } finally {
    await file.abort();
  }
}
