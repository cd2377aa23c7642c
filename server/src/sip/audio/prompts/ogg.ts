const PAGE_HEADER = 27;
/** The pre-skip counts samples at 48 kHz (RFC 7845, section 4.2). */
const SKIP_RATE = 48_000;

/** What an Ogg file of Opus holds (RFC 3533, RFC 7845). */
export interface OggOpus {
  readonly packets: readonly Buffer[];
  /** Seconds at the beginning that are not to be heard. */
  readonly skip: number;
}

/** Throws where the file is no such. */
export function readOggOpus(data: Buffer): OggOpus {
  const [head, tags, ...packets] = readPackets(data);
  if (!tags || head?.toString('latin1', 0, 8) !== 'OpusHead') throw new Error('This is no Ogg file of Opus.');
  if ((head[9] ?? 0) > 2) throw new Error('Prompts have one channel, or two.');
  return { packets, skip: head.readUInt16LE(10) / SKIP_RATE };
}

/** Packets of the one stream of a file; they may go on from page to page. */
function readPackets(data: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let begun: Buffer[] = [];
  for (let at = 0; at + PAGE_HEADER <= data.length;) {
    if (data.toString('latin1', at, at + 4) !== 'OggS') throw new Error('This is no Ogg file.');
    const segments = data[at + 26] ?? 0;
    const lacing = data.subarray(at + PAGE_HEADER, at + PAGE_HEADER + segments);
    at += PAGE_HEADER + segments;
    for (const length of lacing) {
      begun.push(data.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(begun));
      begun = [];
    }
  }
  return packets;
}
