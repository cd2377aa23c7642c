import { constants, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/protocol';
import { ensurePrivateFolder } from '../auth/privateFile.ts';
import type { FileContents } from '../room/ports.ts';

/** A file that is being written, and is no file yet. */
const UNFINISHED = '.part';
/** What `newId` makes. Nothing else becomes a name on disk. */
const FILE_ID = /^FI_[\w-]{16}$/;

/** The folder `files` of a data folder. What people shared lies there under names that nobody chose. */
export class FileFolder implements FileContents {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Makes the folder where there is none. What a process that was killed left in it, unfinished or not entered in the
   * database, is deleted; `isKnown` says what is entered.
   */
  static open(dataDir: string, isKnown: (fileId: string) => boolean): FileFolder {
    const path = join(dataDir, 'files');
    ensurePrivateFolder(path);
    for (const name of readdirSync(path)) {
      // What this server did not put there is none of its business.
      const fileId = name.endsWith(UNFINISHED) ? name.slice(0, -UNFINISHED.length) : name;
      if (FILE_ID.test(fileId) && (fileId !== name || !isKnown(fileId))) rmSync(join(path, name));
    }
    return new FileFolder(path);
  }

  async write(fileId: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#pathOf(fileId);
    try {
      await writeDurably(path + UNFINISHED, content);
      await rename(path + UNFINISHED, path);
      await syncFolder(this.#path);
    } catch (error) {
      await rm(path + UNFINISHED, { force: true });
      await rm(path, { force: true });
      throw explain(error);
    }
  }

  async read(fileId: string): Promise<Readable> {
    try {
      const file = await open(this.#pathOf(fileId), constants.O_RDONLY);
      return file.createReadStream();
    } catch (cause) {
      if (!isErrno(cause, 'ENOENT')) throw cause;
      throw new ParleyError('FILE_NOT_FOUND', { cause });
    }
  }

  async delete(fileId: string): Promise<void> {
    await rm(this.#pathOf(fileId), { force: true });
  }

  #pathOf(fileId: string): string {
    if (!FILE_ID.test(fileId)) throw new Error(`${JSON.stringify(fileId)} is no fileId`);
    return join(this.#path, fileId);
  }
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a new file is safe only once its folder is on disk, too. Not every system can do this. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function explain(error: unknown): unknown {
  if (!isErrno(error, 'ENOSPC', 'EDQUOT')) return error;
  return new ParleyError('QUOTA_EXCEEDED', {
    message: 'The disk of the server is full. Tell its operator.',
    cause: error,
  });
}

const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
