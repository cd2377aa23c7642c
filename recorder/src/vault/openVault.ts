import { FileSource, type ByteSource } from './ByteSource.ts';
import { HEADER_BYTES, isEncrypted, parseHeader } from './format.ts';
import { GrowingReader } from './GrowingReader.ts';
import { PlainReader } from './PlainReader.ts';
import { SealedReader } from './SealedReader.ts';
import { VaultError } from './VaultError.ts';
import type { VaultKey } from './VaultKey.ts';
import type { VaultReader } from './VaultReader.ts';

export interface VaultReadOptions {
  /** The present key and all former ones; a file names the one it was written with. Empty: only plain files open. */
  keys: readonly VaultKey[];
  /** Keeps the authentic beginning of a growing file that was damaged, instead of an error. Reads the whole file. */
  salvage?: boolean;
}

/**
 * Opens a file of any kind: growing, sealed, or plain (whatever has not our first bytes). Close the reader when done.
 * @param from a path, or where else the bytes lie; closed with the reader, and when this fails
 * @throws {VaultError} VAULT_WRONG_KEY, VAULT_TRUNCATED, VAULT_TAMPERED, VAULT_UNSUPPORTED, VAULT_IO
 */
export async function openVault(from: string | ByteSource, options: VaultReadOptions): Promise<VaultReader> {
  const source = typeof from === 'string' ? await FileSource.open(from) : from;
  try {
    return await openSource(source, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openSource(source: ByteSource, options: VaultReadOptions): Promise<VaultReader> {
  const start = await source.read(0, HEADER_BYTES);
  if (!isEncrypted(start)) return PlainReader.open(source);
  const header = parseHeader(start);
  const key = options.keys.find((candidate) => candidate.hasId(header.keyId));
  if (!key) throw new VaultError('VAULT_WRONG_KEY');
  if (header.kind === 'sealed') return SealedReader.open(source, { header, key });
  return GrowingReader.open(source, { header, key, salvage: options.salvage ?? false });
}
