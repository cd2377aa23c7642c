import type { ByteSource } from './ByteSource.ts';
import {
  decrypt,
  deriveFileKey,
  HEADER_BYTES,
  MAX_RECORD_BYTES,
  NONCE_BYTES,
  RECORD_OVERHEAD,
  recordAad,
  type Header,
} from './format.ts';
import { VaultError } from './VaultError.ts';
import type { VaultKey } from './VaultKey.ts';
import { VaultReader } from './VaultReader.ts';

const HEAD_BYTES = 4 + NONCE_BYTES;
/** Heads of records are looked for in pieces of this size, so that small records do not cost a read each. */
const SCAN_BYTES = 65_536;

/** Reads files that grow or have stopped to. Their records are looked up once; only heads are read for that. */
export class GrowingReader extends VaultReader {
  readonly kind = 'growing';
  readonly #source: ByteSource;
  readonly #header: Header;
  readonly #key: Buffer;
  /** Where the plain text of each record begins, and at the end of the list where the next one's will. */
  readonly #starts: number[] = [0];
  /** Where in the file the next record is looked for. */
  #next = HEADER_BYTES;
  #isComplete = false;
  #isDamaged = false;
  #cached: { index: number; plain: Buffer } | undefined;

  private constructor(source: ByteSource, at: { header: Header; key: VaultKey }) {
    super();
    this.#source = source;
    this.#header = at.header;
    this.#key = deriveFileKey(at.header, at.key);
  }

  /**
   * @param at.salvage keeps what is authentic up to the first record that is not, instead of an error: for a file that
   *   the loss of power has damaged. Reads the whole file.
   * @throws {VaultError} VAULT_TAMPERED
   */
  static async open(
    source: ByteSource,
    at: { header: Header; key: VaultKey; salvage: boolean },
  ): Promise<GrowingReader> {
    const reader = new GrowingReader(source, at);
    if (at.salvage) await reader.#salvage();
    else await reader.refresh();
    return reader;
  }

  get size(): number {
    return this.#starts.at(-1) ?? 0;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  override get isDamaged(): boolean {
    return this.#isDamaged;
  }

  close(): Promise<void> {
    this.#cached = undefined;
    return this.#source.close();
  }

  /** Looks for further records. One that is not all there is left out: it is being written, or its writer was killed. */
  async refresh(): Promise<void> {
    const fileSize = await this.#source.size();
    let window: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };
    while (!this.#isComplete && this.#next + RECORD_OVERHEAD <= fileSize) {
      if (this.#next < window.at || this.#next + 4 > window.at + window.bytes.length)
        window = { at: this.#next, bytes: await this.#source.read(this.#next, SCAN_BYTES) };
      if (window.bytes.length < 4) return;
      const length = window.bytes.readUInt32BE(this.#next - window.at);
      if (length > MAX_RECORD_BYTES) throw this.#tampered();
      if (this.#next + RECORD_OVERHEAD + length > fileSize) return;
      if (length === 0) await this.#end(fileSize);
      else {
        this.#next += RECORD_OVERHEAD + length;
        this.#starts.push(this.size + length);
      }
    }
  }

  protected async *readRange(start: number, end: number): AsyncGenerator<Buffer> {
    if (start === end) return;
    for (let index = this.#find(start); index < this.#starts.length - 1; index += 1) {
      const offset = this.#startOf(index);
      if (offset >= end) return;
      const plain = await this.#record(index);
      yield plain.subarray(Math.max(0, start - offset), Math.min(plain.length, end - offset));
    }
  }

  /** The last record that begins at or before this byte. */
  #find(byte: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#startOf(middle) <= byte) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? Infinity;
  }

  async #record(index: number): Promise<Buffer> {
    if (this.#cached?.index === index) return this.#cached.plain;
    const start = this.#startOf(index);
    const length = this.#startOf(index + 1) - start;
    const at = HEADER_BYTES + start + index * RECORD_OVERHEAD;
    const plain = await this.#decrypt(at, { index, length });
    if (!plain) throw new VaultError('VAULT_TAMPERED', { detail: `record ${String(index)}` });
    this.#cached = { index, plain };
    return plain;
  }

  async #decrypt(at: number, record: { index: number; length: number }): Promise<Buffer | undefined> {
    const { index, length } = record;
    const stored = await this.#source.read(at, length + RECORD_OVERHEAD);
    if (stored.length < length + RECORD_OVERHEAD) throw new VaultError('VAULT_TRUNCATED');
    const seal = {
      key: this.#key,
      nonce: stored.subarray(4, HEAD_BYTES),
      aad: recordAad(this.#header, index),
    };
    return decrypt(
      seal,
      stored.subarray(HEAD_BYTES, HEAD_BYTES + length),
      stored.subarray(HEAD_BYTES + length),
    );
  }

  async #end(fileSize: number): Promise<void> {
    const plain = await this.#decrypt(this.#next, { index: this.#starts.length - 1, length: 0 });
    if (!plain || this.#next + RECORD_OVERHEAD !== fileSize) throw this.#tampered();
    this.#isComplete = true;
  }

  async #salvage(): Promise<void> {
    let badHead: number | undefined;
    try {
      await this.refresh();
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      badHead = this.#next + RECORD_OVERHEAD;
    }
    // Where a record with a bad head ends nobody can say: not before its head does.
    const damagedUntil = (await this.#dropDamaged()) ?? badHead;
    if (damagedUntil !== undefined) this.#isDamaged = await this.#hasBytesFrom(damagedUntil);
    else if (!this.#isComplete) this.#isDamaged = await this.#hasRecordBehind();
  }

  /** @returns where the first record ends that is not authentic; undefined where all are */
  async #dropDamaged(): Promise<number | undefined> {
    for (let index = 0; index < this.#starts.length - 1; index += 1) {
      const length = this.#startOf(index + 1) - this.#startOf(index);
      const at = HEADER_BYTES + this.#startOf(index) + index * RECORD_OVERHEAD;
      if (await this.#decrypt(at, { index, length })) continue;
      this.#starts.length = index + 1;
      this.#next = at;
      this.#isComplete = false;
      return at + RECORD_OVERHEAD + length;
    }
    return undefined;
  }

  /** Whether another record lies behind one that seems to be cut off: it is not, but says wrongly how long it is. */
  async #hasRecordBehind(): Promise<boolean> {
    const rest = await this.#source.read(this.#next, MAX_RECORD_BYTES + RECORD_OVERHEAD);
    for (let at = RECORD_OVERHEAD; at + RECORD_OVERHEAD <= rest.length; at += 1) {
      const length = rest.readUInt32BE(at);
      if (at + RECORD_OVERHEAD + length > rest.length) continue;
      if (await this.#decrypt(this.#next + at, { index: this.#starts.length, length })) return true;
    }
    return false;
  }

  /** Zeros are none: the loss of power leaves them where nothing was written yet. */
  async #hasBytesFrom(position: number): Promise<boolean> {
    for (let at = position; ; at += SCAN_BYTES) {
      const bytes = await this.#source.read(at, SCAN_BYTES);
      if (bytes.some((byte) => byte !== 0)) return true;
      if (bytes.length < SCAN_BYTES) return false;
    }
  }

  #tampered(): VaultError {
    return new VaultError('VAULT_TAMPERED', { detail: `record ${String(this.#starts.length - 1)}` });
  }
}
