import { openVault, type VaultKey } from '../vault/index.ts';
import { finishRecording } from './finishRecording.ts';
import type { FinishedFile, FinishOptions } from './types.ts';

export interface RecoverOptions extends Omit<FinishOptions, 'source'> {
  /** The part that nobody writes any more. */
  part: string;
  /** The present key and former ones. */
  keys: readonly VaultKey[];
}

/**
 * Finishes a part whose writer was killed or whose disk was full: all that was complete is in the finished file.
 * The part stays as it is; remove it when the finished file is where it should be.
 * @throws {FilesError} MEDIA_EMPTY when there is nothing in it to keep; all of `finishRecording`
 * @throws {VaultError} all of `openVault`
 */
export async function recoverPart(options: RecoverOptions): Promise<FinishedFile> {
  const { part, keys, ...finish } = options;
  const source = await openVault(part, { keys, salvage: true });
  try {
    return await finishRecording({ ...finish, source });
  } finally {
    await source.close();
  }
}
