/** Of a packet's payload, so that with all headers it passes everywhere. */
const MAX_PAYLOAD = 1_180;
const FU_A = 28;

/** NAL units with a length of four bytes before each, as MP4 has them. */
export function nalUnitsOf(sample: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + 4 <= sample.length;) {
    const end = at + 4 + sample.readUInt32BE(at);
    if (end > sample.length) break;
    units.push(sample.subarray(at + 4, end));
    at = end;
  }
  return units;
}

/** The parameter sets of an avcC box (ISO/IEC 14496-15, 5.3.3.1): first those of sequences, then those of pictures. */
export function parameterSetsOf(avc: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (avc[at++] ?? 0) & mask;
    for (let index = 0; index < count && at + 2 <= avc.length; index += 1) {
      const end = at + 2 + avc.readUInt16BE(at);
      sets.push(avc.subarray(at + 2, end));
      at = end;
    }
  }
  return sets;
}

/** The payloads of packets for one NAL unit (RFC 6184 sections 5.6 and 5.8). */
export function h264Payloads(unit: Buffer): Buffer[] {
  const [header = 0] = unit;
  if (unit.length <= MAX_PAYLOAD) return [unit];
  const payloads: Buffer[] = [];
  for (let at = 1; at < unit.length; at += MAX_PAYLOAD - 2) {
    const piece = unit.subarray(at, at + MAX_PAYLOAD - 2);
    const isLast = at + piece.length >= unit.length;
    const flags = (at === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0);
    payloads.push(Buffer.concat([Buffer.from([(header & 0xe0) | FU_A, flags | (header & 0x1f)]), piece]));
  }
  return payloads;
}
