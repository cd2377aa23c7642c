import { codeOf, type Digit } from './digits.ts';

/** One packet of an event. */
export interface EventPacket {
  readonly payload: Buffer;
  /** Of the beginning of the key: the same in all of its packets. */
  readonly timestamp: number;
  readonly marker: boolean;
}

const CLOCK = 8_000;
const TICK_MS = 20;
const TICK = (CLOCK * TICK_MS) / 1000;
const VOLUME = 10;
const END = 0x80;
/** The end is said three times (RFC 4733, section 2.5.1.4). */
const ENDS = 3;

/** Keys as telephone events, one packet for each tick of 20 ms, while one has others to wait for. */
export class EventSender {
  readonly #lengthMs: number;
  readonly #pauseMs: number;
  readonly #waiting: number[] = [];
  #current: { code: number; timestamp: number; ticks: number; ends: number } | undefined;
  #pause = 0;

  constructor({ lengthMs = 160, pauseMs = 80 } = {}) {
    this.#lengthMs = lengthMs;
    this.#pauseMs = pauseMs;
  }

  /** What is no key is passed over. */
  press(digits: string): void {
    for (const digit of digits as Iterable<Digit>) {
      const code = codeOf(digit);
      if (code !== undefined) this.#waiting.push(code);
    }
  }

  /** Whether any key is still to be sent, or to be sent to its end. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.#waiting.length > 0;
  }

  /** What goes out instead of sound at this tick; `timestamp` is that of the sound. undefined where sound may go. */
  tick(timestamp: number): EventPacket | undefined {
    if (!this.#current) {
      if (this.#pause > 0) {
        this.#pause -= TICK_MS;
        return undefined;
      }
      const code = this.#waiting.shift();
      if (code === undefined) return undefined;
      this.#current = { code, timestamp: timestamp >>> 0, ticks: 0, ends: 0 };
    }
    const current = this.#current;
    const marker = current.ticks === 0;
    if (current.ticks * TICK_MS < this.#lengthMs) current.ticks += 1;
    else current.ends += 1;
    if (current.ends === ENDS) {
      this.#current = undefined;
      this.#pause = this.#pauseMs;
    }
    const payload = Buffer.alloc(4);
    payload.writeUInt8(current.code, 0);
    payload.writeUInt8((current.ends > 0 ? END : 0) | VOLUME, 1);
    payload.writeUInt16BE(current.ticks * TICK, 2);
    return { payload, timestamp: current.timestamp, marker };
  }
}
