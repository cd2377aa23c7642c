/** What RTMP carries as audio and video messages: the bodies of FLV tags (Adobe FLV 10.1, sections E.4.2 and E.4.3). */
import type { Amf0 } from './amf0.ts';

/** What a player has to know before the first sample. */
export interface StreamConfig {
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15); absent where there is sound alone. */
  avc?: Buffer;
  /** AudioSpecificConfig (ISO/IEC 14496-3); absent where there is no sound. */
  aac?: Buffer;
  width: number;
  height: number;
  frameRate: number;
  /** bits/s */
  videoBitrate: number;
  audioBitrate: number;
  /** Hz */
  sampleRate: number;
}

export interface Sample {
  kind: 'audio' | 'video';
  /** An access unit with lengths before its NAL units (H.264), or a raw frame (AAC). */
  data: Buffer;
  /** When it is to be decoded, ms; does not wrap. */
  decodeTime: number;
  /** How much later it is to be shown, ms. */
  offset: number;
  keyFrame: boolean;
}

const AVC = 7;
/** AAC, 44 kHz, 16 bits, stereo: fixed by the format, whatever the sound is. */
const AAC = 0xaf;
const SEQUENCE_HEADER = 0;
const DATA = 1;

export function videoHeader(avc: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x10 | AVC, SEQUENCE_HEADER, 0, 0, 0]), avc]);
}

export function audioHeader(aac: Buffer): Buffer {
  return Buffer.concat([Buffer.from([AAC, SEQUENCE_HEADER]), aac]);
}

export function tagBody({ kind, data, offset, keyFrame }: Sample): Buffer {
  if (kind === 'audio') return Buffer.concat([Buffer.from([AAC, DATA]), data]);
  const head = Buffer.alloc(5);
  head.writeUInt8((keyFrame ? 0x10 : 0x20) | AVC, 0);
  head.writeUInt8(DATA, 1);
  head.writeIntBE(Math.round(offset), 2, 3);
  return Buffer.concat([head, data]);
}

/** The properties of `onMetaData`. */
export function metadataOf(config: StreamConfig): Amf0 {
  const video: Record<string, Amf0> = config.avc
    ? {
        width: config.width,
        height: config.height,
        framerate: config.frameRate,
        videocodecid: AVC,
        videodatarate: config.videoBitrate / 1000,
      }
    : {};
  const audio: Record<string, Amf0> = config.aac
    ? {
        audiocodecid: 10,
        audiodatarate: config.audioBitrate / 1000,
        audiosamplerate: config.sampleRate,
        audiosamplesize: 16,
        stereo: true,
      }
    : {};
  return { ...video, ...audio, encoder: 'Parley' };
}
