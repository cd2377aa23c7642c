import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BucketSettings } from '@parley/protocol/recorder';
import { objectKey, removeObjects, S3Source, S3Store, S3Upload } from '@parley/recorder/s3';

/** Somebody waits for the answer. */
const PATIENCE = { attempts: 3, timeoutMs: 30_000 } as const;

/** Beside a file, how far it has been brought to the bucket. */
export const isUploadNote = (name: string): boolean => name.endsWith('.upload');

/** What lies of recordings in the bucket, as the recorders have brought it there: encrypted where the files are. */
export class BucketCopies {
  /** Whether files stay on the disk as well. */
  readonly keepLocal: boolean;
  readonly #store: S3Store;
  readonly #prefix: string;

  constructor({ prefix, keepLocal, ...bucket }: BucketSettings) {
    this.keepLocal = keepLocal;
    this.#prefix = prefix;
    this.#store = new S3Store({ ...bucket, ...PATIENCE });
  }

  source(recordingId: string, file: string): S3Source {
    return new S3Source(this.#store, objectKey(this.#prefix, recordingId, file));
  }

  /**
   * Everything of a recording, and what was begun to be brought there: of that, notes lie in `folder`, as not every store can list
   * it. Rejects with FilesError; nothing is lost by trying again.
   */
  async delete(recordingId: string, folder: string, signal: AbortSignal): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!isUploadNote(name)) continue;
      const statePath = join(folder, name);
      await new S3Upload({ store: this.#store, key: '', path: '', statePath, signal }).abandon();
    }
    await removeObjects(this.#store, objectKey(this.#prefix, recordingId), signal);
  }

  /** Removes those files from a folder on the disk that are in the bucket, whole. Rejects with FilesError. */
  async free(recordingId: string, folder: string, files: readonly string[]): Promise<void> {
    for (const file of files) {
      const path = join(folder, file);
      const local = await stat(path).catch(() => undefined);
      const copy = local && (await this.#store.head(objectKey(this.#prefix, recordingId, file)));
      if (copy && copy.size === local.size) await rm(path, { force: true });
    }
  }
}
