/** A page before its table (RFC 3533 section 6). */
const HEADER_BYTES = 27;
/** A segment that is shorter ends its packet. */
const FULL_SEGMENT = 255;
/** OpusHead and OpusTags (RFC 7845 section 3). */
const HEADER_PACKETS = 2;

/** Takes packets out of an Ogg stream of Opus, whatever pieces it comes in. */
export class OggPackets {
  readonly #onPacket: (packet: Buffer) => void;
  #rest = Buffer.alloc(0);
  #open: Buffer[] = [];
  #count = 0;

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const segments = this.#rest[HEADER_BYTES - 1] ?? 0;
      const table = this.#rest.subarray(HEADER_BYTES, HEADER_BYTES + segments);
      const end = HEADER_BYTES + segments + table.reduce((sum, length) => sum + length, 0);
      if (this.#rest.length < HEADER_BYTES + segments || this.#rest.length < end) return;
      this.#readPage(this.#rest.subarray(HEADER_BYTES + segments, end), table);
      this.#rest = this.#rest.subarray(end);
    }
  }

  #readPage(body: Buffer, table: Buffer): void {
    let at = 0;
    for (const length of table) {
      this.#open.push(body.subarray(at, at + length));
      at += length;
      if (length === FULL_SEGMENT) continue;
      const packet = Buffer.concat(this.#open);
      this.#open = [];
      this.#count += 1;
      if (this.#count > HEADER_PACKETS) this.#onPacket(packet);
    }
  }
}
