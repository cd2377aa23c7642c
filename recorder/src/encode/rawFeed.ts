/**
 * What an encoder is fed with: raw pictures and sound in one pipe, each with its time, as Matroska without end. Times rather
 * than counts: a picture that could not be had in time is left out, and sound and pictures stay together.
 */
import { CHANNELS, SAMPLE_RATE } from '../program/audio/format.ts';
import { element, float, ID, openElement, text, unsigned } from './matroska.ts';

/** Nanoseconds of a tick of the timestamps: they are microseconds. */
const TIMESTAMP_SCALE = 1000;
const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;

export interface FeedFormat {
  /** null: sound alone. */
  readonly video: { readonly width: number; readonly height: number; readonly frameRate: number } | null;
}

export function feedHeader({ video }: FeedFormat): Buffer {
  return Buffer.concat([
    element(
      ID.EBML,
      text(ID.DocType, 'matroska'),
      unsigned(ID.DocTypeVersion, 4),
      unsigned(ID.DocTypeReadVersion, 2),
    ),
    openElement(ID.Segment),
    element(
      ID.Info,
      unsigned(ID.TimestampScale, TIMESTAMP_SCALE),
      text(ID.MuxingApp, 'parley'),
      text(ID.WritingApp, 'parley'),
    ),
    element(ID.Tracks, ...(video ? [videoTrack(video)] : []), audioTrack()),
  ]);
}

function videoTrack(video: NonNullable<FeedFormat['video']>): Buffer {
  return element(
    ID.TrackEntry,
    unsigned(ID.TrackNumber, VIDEO_TRACK),
    unsigned(ID.TrackUID, VIDEO_TRACK),
    unsigned(ID.TrackType, 1),
    unsigned(ID.FlagLacing, 0),
    unsigned(ID.DefaultDuration, Math.round(1e9 / video.frameRate)),
    text(ID.CodecID, 'V_UNCOMPRESSED'),
    element(
      ID.Video,
      unsigned(ID.PixelWidth, video.width),
      unsigned(ID.PixelHeight, video.height),
      text(ID.ColourSpace, 'I420'),
    ),
  );
}

function audioTrack(): Buffer {
  return element(
    ID.TrackEntry,
    unsigned(ID.TrackNumber, AUDIO_TRACK),
    unsigned(ID.TrackUID, AUDIO_TRACK),
    unsigned(ID.TrackType, 2),
    unsigned(ID.FlagLacing, 0),
    text(ID.CodecID, 'A_PCM/FLOAT/IEEE'),
    element(
      ID.Audio,
      float(ID.SamplingFrequency, SAMPLE_RATE),
      unsigned(ID.Channels, CHANNELS),
      unsigned(ID.BitDepth, 32),
    ),
  );
}

/** Bytes before the payload of a block: a cluster of its own with its time. */
export const BLOCK_HEADER_LENGTH = 4 + 8 + (1 + 1 + 8) + (1 + 8) + 4;

/** Cluster { Timestamp, SimpleBlock } in front of `length` bytes of payload. Writes in place: this happens for each picture. */
export function writeBlockHeader(
  target: Buffer,
  o: { track: 'video' | 'audio'; length: number; microseconds: number },
): void {
  const blockLength = o.length + 4;
  let at = target.writeUInt32BE(ID.Cluster, 0);
  at = writeSize(target, at, BLOCK_HEADER_LENGTH - 12 + o.length);
  at = target.writeUInt8(ID.Timestamp, at);
  at = target.writeUInt8(0x88, at);
  at = writeLarge(target, at, o.microseconds);
  at = target.writeUInt8(ID.SimpleBlock, at);
  at = writeSize(target, at, blockLength);
  at = target.writeUInt8(0x80 | (o.track === 'video' ? VIDEO_TRACK : AUDIO_TRACK), at);
  at = target.writeInt16BE(0, at);
  target.writeUInt8(0x80, at); // Every one of them is a key frame.
}

function writeSize(target: Buffer, at: number, length: number): number {
  target.writeUInt16BE(0x0100, at);
  return target.writeUIntBE(length, at + 2, 6);
}

function writeLarge(target: Buffer, at: number, value: number): number {
  target.writeUInt16BE(0, at);
  return target.writeUIntBE(value, at + 2, 6);
}
