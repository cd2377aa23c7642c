/** How sources are encoded: pure functions from what is wanted to what WebRTC is told. */
import type { Source } from '@parley/protocol';

export type VideoCodec = 'vp8' | 'vp9' | 'av1' | 'h264';

export interface PublishDefaults {
  /** Codec of the camera. VP8 by default: every browser has it, and it does simulcast. */
  videoCodec?: VideoCodec;
  /** Codec of the screen; that of the camera by default. */
  screenCodec?: VideoCodec;
  /** Send the camera in three sizes, so that each receiver gets the one it can use. true by default. */
  simulcast?: boolean;
  /** Discontinuous transmission: next to nothing is sent in silence (RFC 7587 section 3.1.3). true by default. */
  dtx?: boolean;
  /** Forward error correction within Opus (RFC 6716 section 2.1.7). true by default. */
  fec?: boolean;
  /** Redundant audio, where browser and server have it (RFC 2198). true by default. */
  red?: boolean;
  /** Most of the largest camera layer, bits/s. By the size of the picture when absent. */
  maxVideoBitrate?: number;
}

export interface Encoding {
  rid?: string;
  scaleResolutionDownBy?: number;
  maxBitrate?: number;
  maxFramerate?: number;
  scalabilityMode?: string;
}

export interface VideoSize {
  width: number;
  height: number;
}

const BITS_PER_PIXEL_AND_FRAME = 0.062;
const FRAME_RATE = 30;
/** A picture smaller than this is not worth a further layer, pixels of height. */
const MIN_LAYER_HEIGHT = 120;

/** Bit rate that suits a camera picture of this size at 30 frames/s: about 1.7 Mbit/s at 720p. */
export function bitrateFor({ width, height }: VideoSize): number {
  return Math.round(
    Math.min(4_000_000, Math.max(100_000, width * height * FRAME_RATE * BITS_PER_PIXEL_AND_FRAME)),
  );
}

export const isSvc = (codec: VideoCodec): boolean => codec === 'vp9' || codec === 'av1';

/** Encodings of a video source, from the smallest layer to the largest. */
export function encodingsFor(source: Source, size: VideoSize, defaults: PublishDefaults): Encoding[] {
  const codec = codecFor(source, defaults);
  const top = defaults.maxVideoBitrate ?? bitrateFor(size);
  if (source === 'screen') {
    // A shared screen must stay readable: one layer of full size, and more bits than a face would need.
    const screen: Encoding = { maxBitrate: Math.max(2_500_000, top), maxFramerate: 15 };
    return [isSvc(codec) ? { ...screen, scalabilityMode: 'L1T3' } : screen];
  }
  if (isSvc(codec)) return [{ maxBitrate: top, scalabilityMode: 'L3T3_KEY' }];
  if (defaults.simulcast === false) return [{ maxBitrate: top, scalabilityMode: 'L1T3' }];
  const scales = [4, 2, 1].filter((scale) => scale === 1 || size.height / scale >= MIN_LAYER_HEIGHT);
  return scales.map((scale, index) => ({
    rid: `r${index}`,
    scaleResolutionDownBy: scale,
    // Small pictures need more bits for each pixel.
    maxBitrate: Math.round(top / scale ** 1.75),
    // H264 encoders of browsers have no temporal layers.
    ...(codec !== 'h264' && { scalabilityMode: 'L1T3' }),
  }));
}

export function codecFor(source: Source, defaults: PublishDefaults): VideoCodec {
  const camera = defaults.videoCodec ?? 'vp8';
  return source === 'screen' ? (defaults.screenCodec ?? camera) : camera;
}

/** Which encodings are sent when `maxSpatialLayer` is the highest that anybody wants; -1 is none. */
export function activeEncodings(count: number, maxSpatialLayer: number): boolean[] {
  // An SVC sender has one encoding that holds all layers: it is sent as long as any is wanted.
  if (count === 1) return [maxSpatialLayer >= 0];
  return Array.from({ length: count }, (_, layer) => layer <= maxSpatialLayer);
}
