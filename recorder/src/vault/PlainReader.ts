import type { ByteSource } from './ByteSource.ts';
import { VaultError } from './VaultError.ts';
import { READ_AHEAD_BYTES, VaultReader } from './VaultReader.ts';

/** Reads files that are not encrypted. */
export class PlainReader extends VaultReader {
  readonly kind = 'plain';
  readonly isComplete = true;
  readonly #source: ByteSource;
  #size: number;

  private constructor(source: ByteSource, size: number) {
    super();
    this.#source = source;
    this.#size = size;
  }

  static async open(source: ByteSource): Promise<PlainReader> {
    return new PlainReader(source, await source.size());
  }

  get size(): number {
    return this.#size;
  }

  async refresh(): Promise<void> {
    this.#size = await this.#source.size();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  protected async *readRange(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; at += READ_AHEAD_BYTES) {
      const length = Math.min(READ_AHEAD_BYTES, end - at);
      const bytes = await this.#source.read(at, length);
      if (bytes.length < length) throw new VaultError('VAULT_TRUNCATED');
      yield bytes;
    }
  }
}
