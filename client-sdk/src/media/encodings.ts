/** How sources are encoded: pure functions from what is wanted to what WebRTC is told. */
import type { PublicationInfo, Source } from '@parley/protocol';
import type { Device } from 'mediasoup-client';
import type {
  ProducerCodecOptions,
  ProducerOptions,
  RtpCodecCapability,
  RtpParameters,
} from 'mediasoup-client/types';

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

/** What may be said of one publication, beside what holds for all. */
export interface PublishOptions {
  /**
   * What a shared screen shows: `detail` (text; sharp, fewer frames, by default) or `motion` (a film; fluent).
   */
  contentHint?: 'detail' | 'motion' | undefined;
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
const SCREEN_FRAME_RATE = 15;
/** Bit rate to begin with, kbit/s: the browser's own guess is so low that the first seconds are a blur. */
const START_KILOBITS = 1000;
/** Taken where a track does not tell its size. */
const ASSUMED_SIZE: VideoSize = { width: 1280, height: 720 };
/** A picture smaller than this is not worth a further layer, pixels of height. */
const MIN_LAYER_HEIGHT = 120;

/** Bit rate that suits a camera picture of this size at 30 frames/s: about 1.7 Mbit/s at 720p. */
export function bitrateFor({ width, height }: VideoSize): number {
  return Math.round(
    Math.min(4_000_000, Math.max(100_000, width * height * FRAME_RATE * BITS_PER_PIXEL_AND_FRAME)),
  );
}

/**
 * NOTE: AV1 in layers of time only. Layers of size need the dependency descriptor at the receiver, which mediasoup 3.27
 * does not pass on: Chromium then decodes nothing.
 */
const SVC_MODE = { vp9: 'L3T3_KEY', av1: 'L1T3' } as const;

/** Whether layers are made within one encoding, rather than by several. */
export const isSvc = (codec: VideoCodec): codec is keyof typeof SVC_MODE => codec in SVC_MODE;

/** Encodings of a video source, from the smallest layer to the largest. */
export function encodingsFor(
  { source, size, contentHint }: { source: Source; size: VideoSize } & PublishOptions,
  defaults: PublishDefaults,
): Encoding[] {
  const codec = codecFor(source, defaults);
  const top = defaults.maxVideoBitrate ?? bitrateFor(size);
  if (source === 'screen') {
    // A shared screen must stay readable: one layer of full size, and more bits than a face would need.
    const maxFramerate = contentHint === 'motion' ? FRAME_RATE : SCREEN_FRAME_RATE;
    const screen: Encoding = { maxBitrate: Math.max(2_500_000, top), maxFramerate };
    return [isSvc(codec) ? { ...screen, scalabilityMode: 'L1T3' } : screen];
  }
  if (isSvc(codec)) return [{ maxBitrate: top, scalabilityMode: SVC_MODE[codec] }];
  if (defaults.simulcast === false) return [{ maxBitrate: top, scalabilityMode: 'L1T3' }];
  const scales = [4, 2, 1].filter((scale) => scale === 1 || size.height / scale >= MIN_LAYER_HEIGHT);
  return scales.map((scale, index) => ({
    rid: `r${index}`,
    scaleResolutionDownBy: scale,
    // Small pictures need more bits for each pixel.
    maxBitrate: Math.round(top / scale ** 1.75),
    scalabilityMode: 'L1T3',
  }));
}

/** What mediasoup-client is told when a track is published. */
export function produceOptionsFor(
  request: {
    source: Source;
    size?: VideoSize | undefined;
    track: Pick<MediaStreamTrack, 'kind'>;
  } & PublishOptions,
  defaults: PublishDefaults,
  device: Pick<Device, 'sendRtpCapabilities'>,
): Pick<ProducerOptions, 'encodings' | 'codec' | 'codecOptions'> {
  const find = (mimeType: string): RtpCodecCapability | undefined =>
    device.sendRtpCapabilities.codecs?.find((codec) => codec.mimeType.toLowerCase() === mimeType);
  const { source, size = ASSUMED_SIZE, contentHint } = request;
  if (request.track.kind === 'audio') {
    // NOTE: mediasoup 3.27 routes no audio/red, so this finds none with today's servers.
    const red = defaults.red === false ? undefined : find('audio/red');
    return { codecOptions: audioOptionsFor(source, defaults), ...(red && { codec: red }) };
  }
  const codec = find(`video/${codecFor(source, defaults)}`);
  // What this browser cannot encode is sent in the codec that all of them have.
  const possible: PublishDefaults = codec ? defaults : { ...defaults, videoCodec: 'vp8', screenCodec: 'vp8' };
  return {
    encodings: encodingsFor({ source, size, contentHint }, possible),
    codecOptions: { videoGoogleStartBitrate: START_KILOBITS },
    ...(codec && { codec }),
  };
}

function audioOptionsFor(source: Source, { dtx, fec }: PublishDefaults): ProducerCodecOptions {
  return {
    // Music has no silence that could be left out without being heard.
    opusDtx: source === 'microphone' && dtx !== false,
    opusFec: fec !== false,
    opusStereo: source === 'screenAudio',
  };
}

/** How the server will call the layers of a producer. */
export function layeringOf({
  codecs,
  encodings = [],
}: Pick<RtpParameters, 'codecs' | 'encodings'>): PublicationInfo['layering'] {
  if (encodings.length > 1) return 'simulcast';
  const mode = encodings[0]?.scalabilityMode ?? 'L1T1';
  return mode !== 'L1T1' && /\/(vp9|av1)$/i.test(codecs[0]?.mimeType ?? '') ? 'svc' : 'simple';
}

export function codecFor(source: Source, defaults: PublishDefaults): VideoCodec {
  const camera = defaults.videoCodec ?? 'vp8';
  return source === 'screen' ? (defaults.screenCodec ?? camera) : camera;
}
