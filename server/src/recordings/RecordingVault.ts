import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/protocol';
import type { BucketSettings } from '@parley/protocol/recorder';
import { FilesError } from '@parley/recorder/s3';
import { openVault, VaultError, VaultKey, type VaultReader } from '@parley/recorder/vault';
import { BucketCopies, isUploadNote } from './BucketCopies.ts';
import type { RecordingCopies, RecordingFileReader, RecordingFolder } from './ports.ts';

export interface RecordingVaultOptions {
  folder: string;
  /** 32 bytes in base64; null where files are not encrypted. Those that are not are read with a key, too. */
  key: string | null;
  /** Where recorders copy them to. */
  bucket?: BucketSettings | null;
}

/** What `newLongId` makes, and what recorders call their files. Nothing else becomes a path. */
const RECORDING_ID = /^RC_[\w-]{22}$/;
const FILE = /^[\w-][\w.-]*$/;
/** What happened during a part, beside the sidecar in which all of it is. */
const LOG = /^part-\d+\.events$/;

/**
 * The folder of recordings: one folder for each, whose files are encrypted where the configuration says so. What is not (any
 * more) there is read from the bucket.
 */
export class RecordingVault implements RecordingFolder {
  readonly #folder: string;
  readonly #keys: VaultKey[];

  readonly copies?: RecordingCopies;
  readonly #bucket: BucketCopies | undefined;

  constructor({ folder, key, bucket = null }: RecordingVaultOptions) {
    this.#folder = folder;
    this.#keys = key === null ? [] : [VaultKey.parse(key)];
    this.#bucket = bucket ? new BucketCopies(bucket) : undefined;
    if (this.#bucket) this.copies = this.#copiesIn(this.#bucket);
  }

  async open(recordingId: string, file: string): Promise<RecordingFileReader> {
    if (!FILE.test(file)) throw new ParleyError('RECORDING_NOT_FOUND');
    const [path, keys] = [join(this.#folderOf(recordingId), file), this.#keys];
    try {
      return readerOf(await openVault(path, { keys }));
    } catch (cause) {
      if (!this.#bucket || !isMissing(cause)) throw explain(cause);
    }
    try {
      return readerOf(await openVault(this.#bucket.source(recordingId, file), { keys }));
    } catch (cause) {
      throw explain(cause);
    }
  }

  async delete(recordingId: string): Promise<void> {
    const folder = this.#folderOf(recordingId);
    if (!this.#bucket) return rm(folder, { recursive: true, force: true });
    // Notes of uploads stay until those have been given up, too.
    for (const name of await readdir(folder).catch(() => []))
      if (!isUploadNote(name)) await rm(join(folder, name), { recursive: true, force: true });
    await rmdir(folder).catch(() => undefined);
  }

  #copiesIn(bucket: BucketCopies): RecordingCopies {
    return {
      delete: async (recordingId, signal) => {
        const folder = this.#folderOf(recordingId);
        await bucket.delete(recordingId, folder, signal);
        await rm(folder, { recursive: true, force: true });
      },
      freeable: async () => {
        if (bucket.keepLocal) return [];
        const names = await readdir(this.#folder).catch(() => []);
        return names.filter((name) => RECORDING_ID.test(name));
      },
      free: async (recordingId, files) => {
        const folder = this.#folderOf(recordingId);
        await bucket.free(
          recordingId,
          folder,
          files.filter((file) => FILE.test(file)),
        );
        await removeLogs(folder);
        // Where something else is left in it, it stays.
        await rmdir(folder).catch(() => undefined);
      },
    };
  }

  #folderOf(recordingId: string): string {
    if (!RECORDING_ID.test(recordingId)) throw new ParleyError('RECORDING_NOT_FOUND');
    return join(this.#folder, recordingId);
  }
}

/** Where nothing but the logs of parts is left, they say nothing that is not in the copies. */
async function removeLogs(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (!names.every((name) => LOG.test(name))) return;
  for (const name of names) await rm(join(folder, name), { force: true });
}

const readerOf = (vault: VaultReader): RecordingFileReader => ({
  size: vault.size,
  read: (start, end) => vault.read(start, end),
  close: () => vault.close(),
});

const isMissing = (cause: unknown): boolean => cause instanceof VaultError && cause.code === 'VAULT_IO';

function explain(cause: unknown): unknown {
  if (cause instanceof FilesError) {
    if (cause.code === 'S3_NOT_FOUND') return new ParleyError('RECORDING_NOT_FOUND', { cause });
    return new ParleyError('RECORDING_FAILED', {
      message:
        'The recording cannot be read now: the store in which it lies does not answer. Try again later, or ask the operator of the server.',
      cause,
    });
  }
  if (!(cause instanceof VaultError)) return cause;
  if (cause.code === 'VAULT_IO') return new ParleyError('RECORDING_NOT_FOUND', { cause });
  const message =
    cause.code === 'VAULT_WRONG_KEY'
      ? 'The recording cannot be read: it was encrypted with another key. Its operator has to put that key back as recorder.key.'
      : 'The recording cannot be read: its file is damaged. It can be restored from a backup only.';
  return new ParleyError('RECORDING_FAILED', { message, cause });
}
