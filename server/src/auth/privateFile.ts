/** Files that nobody but the server's own user may read: secrets and keys. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A private file cannot be read or written; the message says why and what to do. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError';
}

const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** The text of a file, or undefined when there is none. Throws PrivateFileError, also when others may read the file. */
export function readPrivateFile(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return undefined;
    throw new PrivateFileError(`${path} cannot be read (${(cause as Error).message}). Check who owns it.`, {
      cause,
    });
  }
  try {
    // The mode is asked of the open file, so that it is the mode of what is read.
    const mode = fstatSync(descriptor).mode & 0o777;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new PrivateFileError(
        `${path} can be read by other users of this machine (mode ${mode.toString(8)}). ` +
          `Run \`chmod 600 ${path}\`, and replace the secrets in it if others may have seen them.`,
      );
    }
    return readFileSync(descriptor, 'utf8');
  } catch (cause) {
    if (cause instanceof PrivateFileError) throw cause;
    throw new PrivateFileError(`${path} cannot be read (${(cause as Error).message}).`, { cause });
  } finally {
    closeSync(descriptor);
  }
}

/** Creates a folder, and those above it, for nobody but this user. One that exists is left as it is. `setting`: what to change where that cannot be. */
export function ensurePrivateFolder(path: string, setting = 'dataDir (PARLEY_DATA_DIR)'): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PrivateFileError(
      `The folder ${path} cannot be made (${(cause as Error).message}). ` +
        `Make it yourself, or set ${setting} to one that this user may write to.`,
      { cause },
    );
  }
}

/**
 * Writes a file whole or not at all, mode 0600, and on disk when this returns. With `exclusive`, answers false, and
 * changes nothing, when the file is there already; another process may have made it a moment ago.
 */
export function writePrivateFile(path: string, text: string, options: { exclusive?: boolean } = {}): boolean {
  const folder = dirname(path);
  ensurePrivateFolder(folder);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeDurably(temporary, text);
    const written = options.exclusive ? moveUnlessThere(temporary, path) : move(temporary, path);
    syncFolder(folder);
    return written;
  } catch (cause) {
    throw new PrivateFileError(
      `${path} cannot be written (${(cause as Error).message}). Check the owner and the free space of ${folder}.`,
      { cause },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function move(from: string, to: string): true {
  renameSync(from, to);
  return true;
}

/** A hard link fails where a rename would overwrite. Some file systems have none; there the rename must do. */
function moveUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if (isErrno(cause, 'EEXIST')) return false;
    if (isErrno(cause, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) return move(from, to);
    throw cause;
  }
}

/** The name of a new file is safe only once its folder is on disk, too. Not every system can do this. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
