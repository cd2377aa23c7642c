import { malformed } from '../FilesError.ts';
import type { Fragment, MediaTrack } from '../types.ts';
import { boxes, children, getBox } from './boxes.ts';

export interface FragmentShift {
  /** Milliseconds to add to all times; below zero to close the gap of a pause. */
  shiftMs: number;
  /** Its new number, counted from 1; as it is when left out. */
  sequence?: number;
  /** The tracks of the init segment, for their timescales. */
  tracks: readonly MediaTrack[];
}

/**
 * Gives a copy of a fragment at another time (`tfdt`, 14496-12, 8.8.12) and with another number (`mfhd`).
 * All tracks are moved by the same time, so that picture and sound stay together.
 * @throws {FilesError} MEDIA_MALFORMED when it would begin before zero
 */
export function shiftFragment(fragment: Fragment, shift: FragmentShift): Fragment {
  const bytes = Buffer.from(fragment.bytes);
  const moof = boxes(bytes)[0];
  if (!moof) throw malformed('no moof');
  if (shift.sequence !== undefined)
    bytes.writeUInt32BE(shift.sequence, getBox(bytes, moof, ['mfhd']).body + 4);
  const timescales = new Map(shift.tracks.map(({ trackId, timescale }) => [trackId, timescale]));
  const unitsOf = (trackId: number) => Math.round((shift.shiftMs * (timescales.get(trackId) ?? 0)) / 1000);
  for (const traf of children(bytes, moof, 'traf')) {
    const trackId = bytes.readUInt32BE(getBox(bytes, traf, ['tfhd']).body + 4);
    moveTime(bytes, getBox(bytes, traf, ['tfdt']).body, unitsOf(trackId));
  }
  const tracks = fragment.tracks.map((track) => ({
    ...track,
    decodeTime: track.decodeTime + unitsOf(track.trackId),
  }));
  return { ...fragment, bytes, startMs: fragment.startMs + shift.shiftMs, tracks };
}

function moveTime(bytes: Buffer, at: number, by: number): void {
  const isLong = bytes[at] === 1;
  const time = (isLong ? Number(bytes.readBigUInt64BE(at + 4)) : bytes.readUInt32BE(at + 4)) + by;
  if (time < 0 || (!isLong && time > 0xffffffff)) throw malformed('a time outside of the recording');
  if (isLong) bytes.writeBigUInt64BE(BigInt(time), at + 4);
  else bytes.writeUInt32BE(time, at + 4);
}
