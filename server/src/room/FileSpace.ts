import { ParleyError } from '@parley/protocol';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import { extensionOf } from './fileNames.ts';
import type { FileContents, FileStore, Stores } from './ports.ts';

export type FileLimits = Config['chat']['files'];

/** How long an upload that no message has is kept, ms. */
const UNSENT_TTL_MS = 3_600_000;
const SWEEP_INTERVAL_MS = 60_000;

/** The space that the files of all rooms share: what fits in, and that nothing stays in it that nobody can reach. */
export class FileSpace {
  readonly store: FileStore;
  readonly contents: FileContents;
  readonly #limits: FileLimits;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  /** Bytes of uploads under way, by roomId. */
  readonly #reserved = new Map<string, number>();
  #sweeping: Promise<void> = Promise.resolve();

  constructor({ files, contents }: Pick<Stores, 'files' | 'contents'>, limits: FileLimits, logger: Logger) {
    this.store = files;
    this.contents = contents;
    this.#limits = limits;
    this.#logger = logger;
    this.#timer = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
    void this.sweep();
  }

  /** Throws FILE_REFUSED, FILE_TOO_LARGE. */
  assertShareable(name: string, size: number): void {
    const { maxBytes, allowedExtensions, blockedExtensions } = this.#limits;
    const isListed = (list: readonly string[]): boolean =>
      list.some((entry) => entry.toLowerCase().replace(/^\./, '') === extensionOf(name));
    if ((allowedExtensions.length > 0 && !isListed(allowedExtensions)) || isListed(blockedExtensions))
      throw new ParleyError('FILE_REFUSED', { details: { allowedExtensions, blockedExtensions } });
    if (size > maxBytes) throw new ParleyError('FILE_TOO_LARGE', { details: { maxBytes } });
  }

  /** Throws QUOTA_EXCEEDED. */
  assertFits(roomId: string, size: number): void {
    const { quotaBytesPerRoom, quotaBytesTotal } = this.#limits;
    const inRoom = this.store.usedBytes(roomId) + (this.#reserved.get(roomId) ?? 0);
    if (inRoom + size > quotaBytesPerRoom)
      throw new ParleyError('QUOTA_EXCEEDED', {
        details: { quotaBytes: quotaBytesPerRoom, usedBytes: inRoom },
      });
    const total = this.store.usedBytes() + [...this.#reserved.values()].reduce((sum, each) => sum + each, 0);
    if (quotaBytesTotal > 0 && total + size > quotaBytesTotal)
      throw new ParleyError('QUOTA_EXCEEDED', {
        message: 'The server has no space left for files. Tell its operator.',
      });
  }

  /** Keeps space for an upload until the function that it gives is called. Throws QUOTA_EXCEEDED. */
  reserve(roomId: string, size: number): () => void {
    this.assertFits(roomId, size);
    this.#change(roomId, size);
    return () => this.#change(roomId, -size);
  }

  /** Deletes what was removed from the database. Resolves when what was removed before the call is gone. */
  sweep(): Promise<void> {
    this.#sweeping = this.#sweeping.then(() => this.#sweep());
    return this.#sweeping;
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.#sweeping;
  }

  #change(roomId: string, by: number): void {
    const reserved = (this.#reserved.get(roomId) ?? 0) + by;
    if (reserved > 0) this.#reserved.set(roomId, reserved);
    else this.#reserved.delete(roomId);
  }

  async #sweep(): Promise<void> {
    try {
      this.store.removeUnsent(Date.now() - UNSENT_TTL_MS);
      for (const fileId of this.store.removed()) {
        await this.contents.delete(fileId);
        this.store.forget(fileId);
      }
    } catch (error) {
      this.#logger.error({ err: error }, 'deleting removed files failed');
    }
  }
}
