/** What stands at the beginning of a file with one track, as it was sent (RFC 9559; codec mappings of its section 27 ff.). */
import { element, float, ID, openElement, text, unsigned } from '../encode/matroska.ts';
import { av1Private, avcPrivate, opusPrivate } from './codecPrivate.ts';
import { pictureSize } from './pictureSize.ts';

const CODEC_IDS: Partial<Record<string, string>> = {
  VP8: 'V_VP8',
  VP9: 'V_VP9',
  H264: 'V_MPEG4/ISO/AVC',
  AV1: 'V_AV1',
  opus: 'A_OPUS',
};
/** What WebM may hold; all else is Matroska. */
const WEBM: ReadonlySet<string> = new Set(['VP8', 'VP9', 'AV1', 'opus']);
/** Opus needs so much before a place one jumps to, nanoseconds. */
const SEEK_PRE_ROLL = 80_000_000;

export function extensionOf(codec: string): 'webm' | 'mkv' {
  return WEBM.has(codec) ? 'webm' : 'mkv';
}

/** @param first key frame of a video; what it says of itself is taken over */
export function trackHeader(codec: string, first: Buffer): Buffer {
  const type = extensionOf(codec) === 'webm' ? 'webm' : 'matroska';
  return Buffer.concat([
    element(
      ID.EBML,
      text(ID.DocType, type),
      unsigned(ID.DocTypeVersion, 4),
      unsigned(ID.DocTypeReadVersion, 2),
    ),
    openElement(ID.Segment),
    element(
      ID.Info,
      unsigned(ID.TimestampScale, 1_000_000),
      text(ID.MuxingApp, 'parley'),
      text(ID.WritingApp, 'parley'),
    ),
    element(ID.Tracks, codec === 'opus' ? audioEntry() : videoEntry(codec, first)),
  ]);
}

function entry(type: 1 | 2, codec: string, ...rest: Buffer[]): Buffer {
  return element(
    ID.TrackEntry,
    unsigned(ID.TrackNumber, 1),
    unsigned(ID.TrackUID, 1),
    unsigned(ID.TrackType, type),
    unsigned(ID.FlagLacing, 0),
    text(ID.CodecID, CODEC_IDS[codec] ?? `V_${codec}`),
    ...rest,
  );
}

function audioEntry(): Buffer {
  return entry(
    2,
    'opus',
    element(ID.CodecPrivate, opusPrivate()),
    unsigned(ID.SeekPreRoll, SEEK_PRE_ROLL),
    element(ID.Audio, float(ID.SamplingFrequency, 48_000), unsigned(ID.Channels, 2)),
  );
}

function videoEntry(codec: string, first: Buffer): Buffer {
  const { width, height } = pictureSize(codec, first);
  const told = codec === 'H264' ? avcPrivate(first) : codec === 'AV1' ? av1Private(first) : undefined;
  return entry(
    1,
    codec,
    ...(told ? [element(ID.CodecPrivate, told)] : []),
    element(ID.Video, unsigned(ID.PixelWidth, width), unsigned(ID.PixelHeight, height)),
  );
}
