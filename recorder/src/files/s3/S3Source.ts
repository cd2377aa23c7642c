import type { ByteSource } from '../../vault/index.ts';
import { FilesError } from '../FilesError.ts';
import type { S3Store } from './S3Store.ts';

/** An object in a store as the place of a vault file: `openVault(new S3Source(store, key), { keys })`. */
export class S3Source implements ByteSource {
  readonly #store: S3Store;
  readonly #key: string;
  #size: number | undefined;

  constructor(store: S3Store, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** @throws {FilesError} S3_NOT_FOUND */
  async size(): Promise<number> {
    if (this.#size !== undefined) return this.#size;
    const head = await this.#store.head(this.#key);
    if (!head) throw new FilesError('S3_NOT_FOUND');
    this.#size = head.size;
    return head.size;
  }

  async read(position: number, length: number): Promise<Buffer> {
    const available = (await this.size()) - position;
    if (available <= 0 || length === 0) return Buffer.alloc(0);
    return this.#store.read(this.#key, position, Math.min(length, available));
  }

  async close(): Promise<void> {
    // There is nothing to free: each read is a request of its own.
  }
}
