/**
 * Files that are encrypted at rest (AES-256-GCM): growing ones while a recording goes on, sealed ones that seek by
 * arithmetic when it has ended, and readers of both for HTTP range requests. Stands alone: it imports nothing of ours.
 */
export { FileSource, type ByteSource } from './ByteSource.ts';
export { GrowingFile, type VaultWriteOptions } from './GrowingFile.ts';
export { openVault, type VaultReadOptions } from './openVault.ts';
export { sealBytes, SealedFile } from './SealedFile.ts';
export { VAULT_ERRORS, VaultError, type VaultErrorCode } from './VaultError.ts';
export { VaultKey } from './VaultKey.ts';
export { VaultReader } from './VaultReader.ts';
