import type { Assembled, Depacketizer } from './depacketize/Depacketizer.ts';
import type { InOrder } from './ReorderBuffer.ts';

/** A frame, and the 32 bits of its time. */
export interface AssembledFrame extends Assembled {
  readonly timestamp: number;
  readonly arrivedAt: number;
}

/** A frame of more packets than this is none. */
const MAX_PACKETS = 4096;

/**
 * Puts the packets of each frame together: those of one timestamp, up to the one with the marker. After a loss nothing is
 * handed over until a key frame: what refers to something that is missing only shows rubbish.
 */
export class FrameAssembler {
  readonly #depacketize: Depacketizer;
  readonly #listener: { frame(frame: AssembledFrame): void; broken(): void };
  readonly #isVideo: boolean;
  #packets: InOrder[] = [];
  #isDamaged = false;
  #needsKeyFrame: boolean;

  constructor(
    { depacketize, isVideo }: { depacketize: Depacketizer; isVideo: boolean },
    /** `broken` is called when a key frame is needed to go on. */
    listener: { frame(frame: AssembledFrame): void; broken(): void },
  ) {
    this.#depacketize = depacketize;
    this.#isVideo = isVideo;
    this.#listener = listener;
    this.#needsKeyFrame = isVideo;
  }

  /** Nothing goes on before a key frame. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame;
  }

  push(entry: InOrder): void {
    const { packet, afterLoss } = entry;
    if (afterLoss) this.#damaged();
    if (packet.payload.length === 0) return;
    const [first] = this.#packets;
    if (first && first.packet.timestamp !== packet.timestamp) this.#finish();
    this.#packets.push(entry);
    if (packet.marker || !this.#isVideo) this.#finish();
    else if (this.#packets.length > MAX_PACKETS) this.#damaged();
  }

  /** Frames up to the next key frame are dropped, as if something had been lost. */
  dropToKeyFrame(): void {
    this.#needsKeyFrame = this.#isVideo;
  }

  /** Part of what came, or of what follows, is missing. */
  #damaged(): void {
    this.#packets = [];
    if (!this.#isVideo) return;
    this.#isDamaged = true;
    this.#needsKeyFrame = true;
    this.#listener.broken();
  }

  #finish(): void {
    const [first] = this.#packets;
    const last = this.#packets.at(-1);
    const packets = this.#packets;
    this.#packets = [];
    if (!first || !last) return;
    const frame = this.#depacketize(packets.map(({ packet }) => packet.payload));
    const wasDamaged = this.#isDamaged;
    this.#isDamaged = false;
    if (!frame) {
      // NOTE: what follows a loss may be the rest of a frame, which is no new trouble.
      if (!wasDamaged) this.#damaged();
      return;
    }
    if (this.#needsKeyFrame && !frame.keyFrame) return;
    this.#needsKeyFrame = false;
    this.#listener.frame({ ...frame, timestamp: first.packet.timestamp, arrivedAt: last.arrivedAt });
  }
}
