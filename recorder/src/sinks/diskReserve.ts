import { statfs } from 'node:fs/promises';
import { VaultError } from '../vault/index.ts';
import type { RecordingTrouble } from './RecordingWriter.ts';

/** @throws {VaultError} VAULT_DISK_FULL where less is free than what others are to have */
export async function assertReserve({
  folder,
  reserveBytes,
}: {
  folder: string;
  reserveBytes: number;
}): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < reserveBytes) throw new VaultError('VAULT_DISK_FULL', { detail: 'reserve' });
}

/** What an error in writing means for people. */
export function troubleOf(error: unknown): RecordingTrouble {
  const cause = VaultError.fromSystem(error);
  if (cause.code !== 'VAULT_DISK_FULL') return { code: 'RECORDING_WRITE_FAILED', message: cause.message };
  return {
    code: 'RECORDING_DISK_FULL',
    message:
      'The disk has no more room than what is reserved for the rest of the server, so the recording was ended. ' +
      'What was recorded is kept. Delete recordings or enlarge the disk, then start anew.',
  };
}
