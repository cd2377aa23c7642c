/** A packet that waits. */
export interface Waiting {
  /** Sequence number with the count of its wraps. */
  readonly index: number;
  /** When it was made by the sender's clock, ms. */
  readonly mediaMs: number;
  readonly payload: Buffer;
}

/** More than any bound on time lets wait: only who sends nonsense gets here. */
const MOST = 64;

/** Packets in their order, each once. */
export class PacketQueue {
  readonly #packets: Waiting[] = [];

  /** False for one that is there already. */
  add(packet: Waiting): boolean {
    let at = this.#packets.length;
    while (at > 0 && (this.#packets[at - 1]?.index ?? 0) > packet.index) at -= 1;
    if (this.#packets[at - 1]?.index === packet.index) return false;
    this.#packets.splice(at, 0, packet);
    if (this.#packets.length > MOST) this.#packets.shift();
    return true;
  }

  get first(): Waiting | undefined {
    return this.#packets[0];
  }

  take(): Waiting | undefined {
    return this.#packets.shift();
  }

  clear(): void {
    this.#packets.length = 0;
  }
}
