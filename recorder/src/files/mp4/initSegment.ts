import { malformed } from '../FilesError.ts';
import type { MediaTrack } from '../types.ts';
import { boxes, children, findBox, getBox, type Box } from './boxes.ts';

/** What samples of a track are when a fragment does not say otherwise (`trex`, 14496-12, 8.8.3). */
export interface SampleDefaults {
  duration: number;
  size: number;
  flags: number;
}

export interface Mp4Track extends MediaTrack {
  /** The `trak` box as it stands in the init segment. */
  trak: Box;
  defaults: SampleDefaults;
}

/** What an init segment says, and the bytes it was read from. */
export interface Mp4Init {
  bytes: Buffer;
  moov: Box;
  tracks: readonly Mp4Track[];
}

/** @throws {FilesError} MEDIA_MALFORMED */
export function parseInit(bytes: Buffer): Mp4Init {
  const moov = boxes(bytes).find(({ type }) => type === 'moov');
  if (!moov) throw malformed('no moov');
  const defaults = readDefaults(bytes, moov);
  const tracks = children(bytes, moov, 'trak').flatMap((trak) => {
    const track = readTrack(bytes, trak);
    if (!track) return [];
    const known = defaults.get(track.trackId) ?? { duration: 0, size: 0, flags: 0 };
    return [{ ...track, trak, defaults: known }];
  });
  if (tracks.length === 0) throw malformed('no track');
  return { bytes, moov, tracks };
}

function readDefaults(bytes: Buffer, moov: Box): Map<number, SampleDefaults> {
  const mvex = findBox(bytes, moov, ['mvex']);
  const trex = mvex ? children(bytes, mvex, 'trex') : [];
  return new Map(
    trex.map(({ body }) => [
      bytes.readUInt32BE(body + 4),
      {
        duration: bytes.readUInt32BE(body + 12),
        size: bytes.readUInt32BE(body + 16),
        flags: bytes.readUInt32BE(body + 20),
      },
    ]),
  );
}

/** Undefined for what is neither picture nor sound. */
function readTrack(bytes: Buffer, trak: Box): MediaTrack | undefined {
  const tkhd = getBox(bytes, trak, ['tkhd']);
  const mdhd = getBox(bytes, trak, ['mdia', 'mdhd']);
  const hdlr = getBox(bytes, trak, ['mdia', 'hdlr']);
  const stsd = getBox(bytes, trak, ['mdia', 'minf', 'stbl', 'stsd']);
  const handler = bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12);
  const kind = handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : undefined;
  if (!kind) return undefined;
  return {
    kind,
    trackId: bytes.readUInt32BE(tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12)),
    timescale: bytes.readUInt32BE(mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12)),
    codec: bytes.toString('latin1', stsd.body + 12, stsd.body + 16),
  };
}
