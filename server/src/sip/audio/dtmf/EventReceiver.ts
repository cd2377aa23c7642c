import { digitOf, type Digit } from './digits.ts';

const LENGTH = 4;

/**
 * Keys that come as telephone events (RFC 4733). A key is known by its timestamp, on its first packet, whichever that is: markers and ends are lost,
 * and some phones send none.
 */
export class EventReceiver {
  #last: { ssrc: number; timestamp: number; code: number } | undefined;

  /** The key that a packet is the first of; undefined for every other packet. */
  receive({
    ssrc,
    timestamp,
    payload,
  }: {
    ssrc: number;
    timestamp: number;
    payload: Buffer;
  }): Digit | undefined {
    if (payload.length < LENGTH) return undefined;
    const code = payload.readUInt8(0);
    const digit = digitOf(code);
    if (digit === undefined) return undefined;
    const last = this.#last;
    if (last?.ssrc === ssrc) {
      const step = (timestamp - last.timestamp) | 0;
      // The same one, or a packet of one before that came late.
      if (step < 0 || (step === 0 && last.code === code)) return undefined;
    }
    this.#last = { ssrc, timestamp, code };
    return digit;
  }
}
