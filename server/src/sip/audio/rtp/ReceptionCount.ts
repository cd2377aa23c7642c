import type { ReportBlock } from './rtcp.ts';

/** Sequence numbers that jump further belong to a stream that began anew (RFC 3550, appendix A.1, MAX_DROPOUT). */
export const MAX_JUMP = 3000;
/** Counting begins so far from zero, for packets that come before the first. */
const HEADROOM = 0x1_0000;
/** Keys further off are numbered on their own, as some phones do. */
const NEAR = 100;

/** What a source has sent and what of it came: loss and jitter (RFC 3550, appendices A.3 and A.8). */
export class ReceptionCount {
  readonly #clockRate: number;
  #ssrc = 0;
  #base = -1;
  #highest = -1;
  #received = 0;
  /** Of what went before the source began anew. */
  #formerLost = 0;
  #formerReceived = 0;
  #jitter = 0;
  #lastTransit: number | undefined;
  #atLastReport = { expected: 0, received: 0 };
  #maxFraction = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** `at`: ms of any clock. Returns the sequence number with the count of its wraps, and whether a stream began. */
  note(
    { ssrc, sequence, timestamp }: { ssrc: number; sequence: number; timestamp: number },
    at: number,
  ): { index: number; isNew: boolean } {
    const step = ((sequence - (this.#highest & 0xffff) + 0x1_8000) & 0xffff) - 0x8000;
    const isNew = this.#highest < 0 || ssrc !== this.#ssrc || Math.abs(step) > MAX_JUMP;
    if (isNew) this.#begin(ssrc, sequence);
    const index = isNew ? this.#highest : this.#highest + step;
    this.#highest = Math.max(this.#highest, index);
    this.#received += 1;
    this.#noteTransit((at * this.#clockRate) / 1000 - timestamp);
    return { index, isNew };
  }

  /** A packet of the same source that is no sound: it is not lost, but says nothing of time. */
  noteOther({ ssrc, sequence }: { ssrc: number; sequence: number }): void {
    const step = ((sequence - (this.#highest & 0xffff) + 0x1_8000) & 0xffff) - 0x8000;
    if (this.#highest < 0 || ssrc !== this.#ssrc || Math.abs(step) > NEAR) return;
    this.#highest = Math.max(this.#highest, this.#highest + step);
    this.#received += 1;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  get received(): number {
    return this.#formerReceived + this.#received;
  }

  get lost(): number {
    return Math.max(0, this.#formerLost + this.#expected - this.#received);
  }

  get jitterMs(): number {
    return (this.#jitter * 1000) / this.#clockRate;
  }

  /** Highest share that was lost between two reports. */
  get maxFraction(): number {
    return this.#maxFraction;
  }

  /** What is said of the source, of the time since the last report; undefined before anything came. */
  report():
    Pick<ReportBlock, 'ssrc' | 'fractionLost' | 'cumulativeLost' | 'highestSequence' | 'jitter'> | undefined {
    if (this.#highest < 0) return undefined;
    const expected = this.#expected - this.#atLastReport.expected;
    const received = this.#received - this.#atLastReport.received;
    this.#atLastReport = { expected: this.#expected, received: this.#received };
    const fractionLost = expected > 0 ? Math.max(0, (expected - received) / expected) : 0;
    this.#maxFraction = Math.max(this.#maxFraction, fractionLost);
    const { lost: cumulativeLost } = this;
    return {
      ...{ ssrc: this.#ssrc, fractionLost, cumulativeLost },
      ...{ highestSequence: (this.#highest - HEADROOM) % 2 ** 32, jitter: this.#jitter },
    };
  }

  get #expected(): number {
    return this.#highest < 0 ? 0 : this.#highest - this.#base + 1;
  }

  #begin(ssrc: number, sequence: number): void {
    this.#formerLost = this.lost;
    this.#formerReceived += this.#received;
    this.#ssrc = ssrc;
    this.#base = sequence + HEADROOM;
    this.#highest = this.#base;
    this.#received = 0;
    this.#lastTransit = undefined;
    this.#atLastReport = { expected: 0, received: 0 };
  }

  #noteTransit(transit: number): void {
    if (this.#lastTransit !== undefined) {
      const difference = Math.abs((transit - this.#lastTransit) | 0);
      // A pause of the sender whose clock did not go on is no jitter.
      if (difference < this.#clockRate) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#lastTransit = transit;
  }
}
