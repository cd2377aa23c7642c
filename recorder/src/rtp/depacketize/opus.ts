import type { Assembled } from './Depacketizer.ts';

/** Samples of one frame at 48 kHz by the configuration in the first byte (RFC 6716 section 3.1, table 2). */
function samplesPerFrame(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config % 4] ?? 0;
  if (config < 16) return [480, 960][config % 2] ?? 0;
  return [120, 240, 480, 960][config % 4] ?? 0;
}

/**
 * How many samples at 48 kHz an Opus packet makes of each channel; undefined when it is malformed (RFC 6716 section 3.4).
 */
export function opusSamples(packet: Uint8Array): number | undefined {
  const [first] = packet;
  if (first === undefined) return undefined;
  const code = first & 0x03;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  if (code === 1 && packet.length % 2 === 0) return undefined;
  if (code === 2 && !hasFirstFrame(packet)) return undefined;
  const samples = frames * samplesPerFrame(first >> 3);
  // A packet lasts 120 ms at most.
  return samples === 0 || samples > 5760 ? undefined : samples;
}

/** Section 3.2.1: the first of two frames says its length. */
function hasFirstFrame(packet: Uint8Array): boolean {
  const [, low, high] = packet;
  if (low === undefined) return false;
  if (low < 252) return packet.length >= 2 + low;
  return high !== undefined && packet.length >= 3 + low + high * 4;
}

/** RFC 7587: a packet is a frame. */
export function assembleOpus([packet]: readonly Buffer[]): Assembled | undefined {
  if (!packet || opusSamples(packet) === undefined) return undefined;
  return { data: Buffer.from(packet), keyFrame: true };
}
