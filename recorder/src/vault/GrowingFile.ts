import { randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import {
  deriveFileKey,
  encrypt,
  makeHeader,
  MAX_RECORD_BYTES,
  NONCE_BYTES,
  recordAad,
  type Header,
} from './format.ts';
import { VaultError } from './VaultError.ts';
import type { VaultKey } from './VaultKey.ts';

/** Null leaves files as they are: `encryption: off`. */
export interface VaultWriteOptions {
  key: VaultKey | null;
}

interface Encryption {
  header: Header;
  key: Buffer;
}

/**
 * A file that is written while a recording goes on, and can be read up to the last `flush()` whatever happens: to the
 * process (kill -9 at any moment) or to the disk (full). It is written once, by one process: never opened to go on.
 */
export class GrowingFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #encryption: Encryption | null;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #flushedBytes = 0;
  #fileBytes: number;
  #records = 0;
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, at: { file: FileHandle; encryption: Encryption | null }) {
    this.path = path;
    this.#file = at.file;
    this.#encryption = at.encryption;
    this.#fileBytes = at.encryption ? at.encryption.header.bytes.length : 0;
  }

  /**
   * Makes a new file that only this user may read.
   * @throws {VaultError} VAULT_IO (there is one already, no such folder), VAULT_DISK_FULL
   */
  static async create(path: string, options: VaultWriteOptions): Promise<GrowingFile> {
    try {
      const file = await open(path, 'wx', 0o600);
      const { key } = options;
      if (!key) return new GrowingFile(path, { file, encryption: null });
      const header = makeHeader('growing', key);
      await file.write(header.bytes, 0, header.bytes.length, 0);
      return new GrowingFile(path, { file, encryption: { header, key: deriveFileKey(header, key) } });
    } catch (error) {
      throw VaultError.fromSystem(error);
    }
  }

  /** Bytes of plain text that a reader finds, thus those of all flushes. */
  get size(): number {
    return this.#flushedBytes;
  }

  /** Bytes that wait for a flush; they stay so when it fails. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes the bytes without a copy: do not change them before the next flush has ended. Writes nothing yet. */
  append(bytes: Uint8Array): void {
    if (this.#closed) throw new VaultError('VAULT_CLOSED');
    if (bytes.byteLength === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
  }

  /**
   * Hands all that was appended to the system in one write: from here on it survives this process.
   * After an error the file is as long as before, and a later flush tries the same bytes again.
   * @throws {VaultError} VAULT_DISK_FULL, VAULT_IO, VAULT_CLOSED
   */
  flush(): Promise<void> {
    if (this.#closed) return Promise.reject(new VaultError('VAULT_CLOSED'));
    return this.#enqueue(() => this.#flushPending());
  }

  /** Flushes, and waits until the disk has it: from here on it survives the loss of power. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#enqueue(() => this.#file.datasync());
  }

  /** Flushes, marks the file as closed by its owner, and frees it. What cannot be flushed any more is lost. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return this.#queue;
    this.#closed = true;
    await this.#enqueue(async () => {
      try {
        await this.#flushPending();
        if (this.#encryption) await this.#write(this.#record(this.#encryption, Buffer.alloc(0)), 0);
        await this.#file.datasync();
      } finally {
        await this.#file.close();
      }
    });
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(task).catch((error: unknown) => {
      throw VaultError.fromSystem(error);
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #flushPending(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    const plain = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    const size = plain.byteLength;
    this.#pending = [];
    const records = this.#records;
    try {
      await this.#write(this.#encryption ? this.#encode(this.#encryption, plain) : plain, size);
    } catch (error) {
      this.#records = records;
      this.#pending = [plain, ...this.#pending];
      throw error;
    }
    this.#pendingBytes -= size;
  }

  #encode(encryption: Encryption, plain: Uint8Array): Buffer {
    const pieces: Buffer[] = [];
    for (let at = 0; at < plain.byteLength; at += MAX_RECORD_BYTES)
      pieces.push(this.#record(encryption, plain.subarray(at, at + MAX_RECORD_BYTES)));
    const [first] = pieces;
    return pieces.length === 1 && first ? first : Buffer.concat(pieces);
  }

  #record({ header, key }: Encryption, plain: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const { ciphertext, tag } = encrypt({ key, nonce, aad: recordAad(header, this.#records) }, plain);
    this.#records += 1;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(ciphertext.length);
    return Buffer.concat([length, nonce, ciphertext, tag]);
  }

  async #write(bytes: Uint8Array, plainBytes: number): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.byteLength) {
        const left = bytes.byteLength - written;
        written += (await this.#file.write(bytes, written, left, this.#fileBytes + written)).bytesWritten;
      }
    } catch (error) {
      // Part of it may have been written before the disk was full; a later flush begins at the same place.
      await this.#file.truncate(this.#fileBytes).catch(() => undefined);
      throw error;
    }
    this.#fileBytes += written;
    this.#flushedBytes += plainBytes;
  }
}
