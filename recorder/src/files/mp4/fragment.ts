import { malformed } from '../FilesError.ts';
import type { Fragment, FragmentTrack } from '../types.ts';
import { boxes, boxHead, children, findBox, getBox, type Box } from './boxes.ts';
import type { Mp4Track, SampleDefaults } from './initSegment.ts';

/** One sample as a `trun` describes it; times in units of its track. */
export interface Sample {
  size: number;
  duration: number;
  /** From decoding to showing it; may be negative. */
  compositionOffset: number;
  isSync: boolean;
}

/** Samples of one track that lie side by side. */
export interface SampleRun {
  trackId: number;
  decodeTime: number;
  /** Where the first one lies, from the start of the `moof` box. */
  offset: number;
  samples: Sample[];
}

/** ISO/IEC 14496-12, 8.8.7 and 8.8.8. */
const TFHD = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 };
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 };
const NON_SYNC = 0x10000;

/** What a `moof` says of its samples; what follows it need not be there. @throws {FilesError} MEDIA_MALFORMED */
export function parseMoof(bytes: Buffer, tracks: readonly Mp4Track[]): SampleRun[] {
  const moof = boxes(bytes, 0, Math.min(boxHead(bytes)?.size ?? 0, bytes.length))[0];
  if (moof?.type !== 'moof') throw malformed('no moof');
  return children(bytes, moof, 'traf').flatMap((traf) => parseTraf(bytes, { traf, tracks }));
}

function parseTraf(bytes: Buffer, at: { traf: Box; tracks: readonly Mp4Track[] }): SampleRun[] {
  const tfhd = getBox(bytes, at.traf, ['tfhd']);
  const trackId = bytes.readUInt32BE(tfhd.body + 4);
  const track = at.tracks.find((candidate) => candidate.trackId === trackId);
  if (!track) return [];
  const defaults = readTfhd(bytes, tfhd, track.defaults);
  let decodeTime = readDecodeTime(bytes, findBox(bytes, at.traf, ['tfdt']));
  return children(bytes, at.traf, 'trun').map((trun) => {
    const { offset, samples } = readTrun(bytes, trun, defaults);
    const run = { trackId, decodeTime, offset, samples };
    for (const { duration } of samples) decodeTime += duration;
    return run;
  });
}

function readTfhd(bytes: Buffer, tfhd: Box, known: SampleDefaults): SampleDefaults {
  const flags = bytes.readUIntBE(tfhd.body + 1, 3);
  if (flags & TFHD.baseDataOffset) throw malformed('offsets from the start of the file');
  let at = tfhd.body + 8 + (flags & TFHD.description ? 4 : 0);
  const next = (isThere: number, otherwise: number) => {
    if (!isThere) return otherwise;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const duration = next(flags & TFHD.duration, known.duration);
  const size = next(flags & TFHD.size, known.size);
  return { duration, size, flags: next(flags & TFHD.flags, known.flags) };
}

function readDecodeTime(bytes: Buffer, tfdt: Box | undefined): number {
  if (!tfdt) throw malformed('a fragment without its time');
  if (bytes[tfdt.body] === 0) return bytes.readUInt32BE(tfdt.body + 4);
  return Number(bytes.readBigUInt64BE(tfdt.body + 4));
}

function readTrun(bytes: Buffer, trun: Box, known: SampleDefaults): { offset: number; samples: Sample[] } {
  const flags = bytes.readUIntBE(trun.body + 1, 3);
  const count = bytes.readUInt32BE(trun.body + 4);
  if (!(flags & TRUN.dataOffset)) throw malformed('samples without their place');
  const offset = bytes.readInt32BE(trun.body + 8);
  let at = trun.body + 12;
  const next = (isThere: number, otherwise: number) => {
    if (!isThere) return otherwise;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const firstFlags = next(flags & TRUN.firstFlags, known.flags);
  const samples: Sample[] = [];
  for (let index = 0; index < count; index += 1) {
    const duration = next(flags & TRUN.duration, known.duration);
    const size = next(flags & TRUN.size, known.size);
    const sampleFlags = next(flags & TRUN.flags, index === 0 ? firstFlags : known.flags);
    const compositionOffset = next(flags & TRUN.offset, 0) | 0;
    samples.push({ size, duration, compositionOffset, isSync: (sampleFlags & NON_SYNC) === 0 });
  }
  if (at > trun.end) throw malformed('more samples than a trun has');
  return { offset, samples };
}

/** Sums up what a fragment holds. `bytes` is its `moof` and `mdat`. */
export function describeFragment(bytes: Buffer, tracks: readonly Mp4Track[]): Fragment {
  const runs = parseMoof(bytes, tracks);
  const shares = tracks.flatMap((track) => describeTrack(track, runs));
  const timed = shares.map((share) => {
    const timescale = tracks.find(({ trackId }) => trackId === share.trackId)?.timescale ?? 1;
    const start = (share.decodeTime * 1000) / timescale;
    return { start, end: start + (share.duration * 1000) / timescale };
  });
  const startMs = Math.min(...timed.map(({ start }) => start));
  const durationMs = Math.max(...timed.map(({ end }) => end)) - startMs;
  const video = tracks.filter(({ kind }) => kind === 'video').map(({ trackId }) => trackId);
  const hasVideo = video.length > 0;
  const isPicture = ({ trackId }: FragmentTrack) => video.includes(trackId);
  const keyFrame = hasVideo ? shares.some((share) => isPicture(share) && share.startsIndependent) : true;
  return { kind: 'fragment', bytes, startMs, durationMs, keyFrame, tracks: shares };
}

function describeTrack({ trackId }: Mp4Track, runs: readonly SampleRun[]): FragmentTrack[] {
  const own = runs.filter((run) => run.trackId === trackId);
  const [first] = own;
  const samples = own.flatMap((run) => run.samples);
  if (!first || samples.length === 0) return [];
  return [
    {
      trackId,
      decodeTime: first.decodeTime,
      duration: samples.reduce((sum, { duration }) => sum + duration, 0),
      samples: samples.length,
      startsIndependent: samples[0]?.isSync ?? false,
    },
  ];
}
