import { open, type FileHandle } from 'node:fs/promises';
import { VaultError } from './VaultError.ts';

/** Where the bytes of a vault file lie: a local file, or an object in a store that answers range requests. */
export interface ByteSource {
  /** Bytes that are there; asked again by `refresh()` of a reader, since a file may grow. */
  size(): Promise<number>;
  /** Up to `length` bytes from `position` on; fewer only at the end. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** A local file. */
export class FileSource implements ByteSource {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws {VaultError} VAULT_IO */
  static async open(path: string): Promise<FileSource> {
    try {
      return new FileSource(await open(path, 'r'));
    } catch (error) {
      throw VaultError.fromSystem(error);
    }
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    try {
      while (filled < length) {
        const { bytesRead } = await this.#file.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw VaultError.fromSystem(error);
    }
    return buffer.subarray(0, filled);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
