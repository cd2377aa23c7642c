import { Readable } from 'node:stream';
import { VaultError } from './VaultError.ts';

/** What is read of an object or a disk at once, in bytes of plain text, about. */
export const READ_AHEAD_BYTES = 1_048_576;

/**
 * Reads a vault file, or a plain one as if it were one. Ranges are half-open and count bytes of plain text: what HTTP
 * calls `bytes=0-99` is `read(0, 100)`. Several reads may go on at once.
 */
export abstract class VaultReader {
  /** `plain`: not encrypted. */
  abstract readonly kind: 'growing' | 'sealed' | 'plain';
  /** Bytes of plain text. Of a growing file: at the time of opening or of the last `refresh()`. */
  abstract readonly size: number;
  /** Whether its writer closed it: false for a growing file whose writer goes on or was killed. */
  abstract readonly isComplete: boolean;

  /** Whether more lies in the file than `salvage` could keep: behind what is not authentic. */
  get isDamaged(): boolean {
    return false;
  }

  /** Bytes from `start` until just before `end`, which are in the file. */
  protected abstract readRange(start: number, end: number): AsyncGenerator<Buffer>;
  /** Frees the file. */
  abstract close(): Promise<void>;
  /** Looks whether a growing file has grown. */
  abstract refresh(): Promise<void>;

  /**
   * Gives the bytes in pieces of at most a mebibyte, in constant memory. Nothing is given that is not authentic.
   * @throws {VaultError} VAULT_RANGE unless 0 <= start <= end <= size; VAULT_TAMPERED, VAULT_IO
   */
  read(start = 0, end: number = this.size): AsyncGenerator<Buffer> {
    const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end;
    if (!isRange || end > this.size)
      throw new VaultError('VAULT_RANGE', {
        detail: `${String(start)} to ${String(end)} of ${String(this.size)}`,
      });
    return this.readRange(start, end);
  }

  /** The same as a stream, for an HTTP answer. It does not close the reader. */
  stream(start = 0, end: number = this.size): Readable {
    return Readable.from(this.read(start, end), { objectMode: false });
  }

  /** The same at once; for small ranges. */
  async bytes(start = 0, end: number = this.size): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.read(start, end)) pieces.push(piece);
    const [first] = pieces;
    return pieces.length === 1 && first ? first : Buffer.concat(pieces);
  }
}
