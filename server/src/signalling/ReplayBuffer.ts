import { encodeNotification } from './encode.ts';
import type { AnyNotification } from '@parley/protocol';

export interface ReplayLimits {
  maxCount: number;
  maxBytes: number;
}

/** Numbers the notifications of a session and keeps them until the client has them. */
export class ReplayBuffer {
  readonly #limits: ReplayLimits;
  #kept: { seq: number; text: string; bytes: number }[] = [];
  #bytes = 0;
  #lastSeq = 0;

  constructor(limits: ReplayLimits = { maxCount: 2048, maxBytes: 2 * 1024 * 1024 }) {
    this.#limits = limits;
  }

  /** Number of the latest notification; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Numbers and keeps a notification; gives its text. When too much is kept, the oldest are forgotten. */
  add(notification: AnyNotification): string {
    this.#lastSeq += 1;
    const text = encodeNotification(this.#lastSeq, notification);
    const bytes = Buffer.byteLength(text);
    this.#kept.push({ seq: this.#lastSeq, text, bytes });
    this.#bytes += bytes;
    while (this.#kept.length > this.#limits.maxCount || this.#bytes > this.#limits.maxBytes)
      this.#forgetOldest();
    return text;
  }

  /** The client has everything up to this number. */
  acknowledge(seq: number): void {
    while (this.#kept[0] && this.#kept[0].seq <= seq) this.#forgetOldest();
  }

  /** The texts after this number, in order; undefined when some of them are forgotten or it was never reached. */
  findAfter(seq: number): string[] | undefined {
    if (seq > this.#lastSeq) return undefined;
    const oldest = this.#kept[0]?.seq ?? this.#lastSeq + 1;
    if (seq < oldest - 1) return undefined;
    return this.#kept.slice(seq - oldest + 1).map(({ text }) => text);
  }

  #forgetOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest) this.#bytes -= oldest.bytes;
  }
}
