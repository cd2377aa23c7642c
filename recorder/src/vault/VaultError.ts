/** What can go wrong with a vault file; stable, for programs to compare. */
export const VAULT_ERRORS = {
  VAULT_KEY_INVALID: 'A recording key is 32 bytes, written as base64 or as 64 hexadecimal digits.',
  VAULT_WRONG_KEY:
    'The file was encrypted with another key than those configured. Add the key it was made with to the configuration.',
  VAULT_TAMPERED:
    'A piece of the file is not what was written: it was changed or moved. Restore it from a backup.',
  VAULT_TRUNCATED: 'The file is shorter than it was when it was finished. Restore it from a backup.',
  VAULT_UNSUPPORTED: 'The file was written by a newer version of Parley. Update this one.',
  VAULT_RANGE: 'The range lies outside the file.',
  VAULT_DISK_FULL:
    'There is no space left on the disk. What was written before can be read; free some space.',
  VAULT_IO: 'The file cannot be read or written.',
  VAULT_CLOSED: 'The file has been closed.',
} as const;

export type VaultErrorCode = keyof typeof VAULT_ERRORS;

/** An error with a stable `code` and a sentence that says what happened and what to do. */
export class VaultError extends Error {
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { detail, cause } = options;
    const text = detail === undefined ? VAULT_ERRORS[code] : `${VAULT_ERRORS[code]} (${detail})`;
    super(text, cause === undefined ? undefined : { cause });
    this.name = 'VaultError';
    this.code = code;
  }

  /** What the system said about a file, as an error of ours. */
  static fromSystem(error: unknown): VaultError {
    if (error instanceof VaultError) return error;
    const system = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const code = system === 'ENOSPC' || system === 'EDQUOT' ? 'VAULT_DISK_FULL' : 'VAULT_IO';
    return new VaultError(code, { detail: system, cause: error });
  }
}
