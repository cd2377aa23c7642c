/** Opus (RFC 6716) at 16 kHz, one channel: 320 samples are 20 ms. Every packet is one frame of 20 ms that is encoded. */

export interface OpusEncoder {
  /** Throws where the samples are not 320. */
  encode(samples: Int16Array): Buffer;
  /** 0 (quick) to 10 (good). */
  setComplexity(complexity: number): void;
  close(): void;
}

export interface OpusDecoder {
  /** 2.5 to 120 ms of sound. Throws where the packet is none. */
  decode(packet: Uint8Array): Int16Array;
  /** Sound in place of a lost packet; undefined where the library cannot. */
  conceal(samples: number): Int16Array | undefined;
  /** A lost packet of 20 ms from what the one behind it says of it (RFC 6716, section 2.1.7); undefined where the library cannot. */
  decodeLost(next: Uint8Array): Int16Array | undefined;
  close(): void;
}

export interface OpusCodec {
  /** Which library, for the log. */
  readonly name: string;
  openEncoder(): OpusEncoder;
  openDecoder(): OpusDecoder;
}

/** What phones and SFU get. */
export const OPUS = {
  bitrate: 24_000,
  complexity: 5,
  /** What is prepared for, percent: makes the encoder send each frame once more, small, with the next. */
  expectedLoss: 5,
} as const;

/** Numbers of opus_defines.h. */
export const CTL = {
  application: { voip: 2048 },
  setBitrate: 4002,
  setComplexity: 4010,
  setInbandFec: 4012,
  setPacketLoss: 4014,
  setDtx: 4016,
  setSignal: 4024,
  signalVoice: 3001,
} as const;

/** RTP counts Opus at this rate, whatever it is (RFC 7587, section 4.1). */
export const OPUS_CLOCK = 48_000;

const SILK_OR_HYBRID_MS = [10, 20, 40, 60] as const;

/** How much sound a packet holds, ms, by its first bytes (RFC 6716, section 3.1). 0 for an empty one. */
export function opusDurationOf(packet: Uint8Array): number {
  const [toc, second = 0] = packet;
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const frame =
    config < 12
      ? (SILK_OR_HYBRID_MS[config & 3] ?? 20)
      : config < 16
        ? (config & 1) === 0
          ? 10
          : 20
        : 2.5 * 2 ** (config & 3);
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? second & 0x3f : 2;
  return frame * frames;
}

/** Packets so small hold no sound: the other side has stopped sending (DTX). */
export const isOpusSilence = (packet: Uint8Array): boolean => packet.length <= 2;
