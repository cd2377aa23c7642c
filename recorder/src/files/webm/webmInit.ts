import { malformed } from '../FilesError.ts';
import type { MediaTrack } from '../types.ts';
import { elementHead, elements, ID, readUint, type Element } from './ebml.ts';

/** What stands before the first cluster, and the bytes it was read from. */
export interface WebmInit {
  bytes: Buffer;
  ebml: Element;
  /** Elements of the segment. */
  top: readonly Element[];
  tracks: readonly MediaTrack[];
  /** Nanoseconds in a unit of time. */
  timestampScale: number;
}

/** @throws {FilesError} MEDIA_MALFORMED */
export function parseWebmInit(bytes: Buffer): WebmInit {
  const head = elementHead(bytes);
  if (head?.id !== ID.EBML || head.size === null) throw malformed('not WebM');
  const ebml = { id: head.id, start: 0, body: head.headBytes, end: head.headBytes + head.size };
  const segment = elementHead(bytes, ebml.end);
  if (segment?.id !== ID.Segment) throw malformed('no segment');
  const top = elements(bytes, ebml.end + segment.headBytes);
  const info = top.find(({ id }) => id === ID.Info);
  const scale = info && elements(bytes, info.body, info.end).find(({ id }) => id === ID.TimestampScale);
  const timestampScale = scale ? readUint(bytes, scale) : 1_000_000;
  const entries = top
    .filter(({ id }) => id === ID.Tracks)
    .flatMap(({ body, end }) => elements(bytes, body, end).filter(({ id }) => id === ID.TrackEntry));
  const tracks = entries.flatMap((entry) => readTrack(bytes, { entry, timestampScale }));
  if (tracks.length === 0) throw malformed('no track');
  return { bytes, ebml, top, tracks, timestampScale };
}

function readTrack(bytes: Buffer, at: { entry: Element; timestampScale: number }): MediaTrack[] {
  const fields = elements(bytes, at.entry.body, at.entry.end);
  const find = (id: number) => fields.find((field) => field.id === id);
  const number = find(ID.TrackNumber);
  const type = find(ID.TrackType);
  const codec = find(ID.CodecID);
  if (!number || !type || !codec) throw malformed('a track without its number, type or codec');
  const kinds: Partial<Record<number, 'video' | 'audio'>> = { 1: 'video', 2: 'audio' };
  const kind = kinds[readUint(bytes, type)];
  if (!kind) return [];
  return [
    {
      kind,
      trackId: readUint(bytes, number),
      codec: bytes.toString('latin1', codec.body, codec.end),
      timescale: 1e9 / at.timestampScale,
    },
  ];
}
