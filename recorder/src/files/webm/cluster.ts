import { malformed } from '../FilesError.ts';
import type { Fragment, FragmentTrack, MediaTrack } from '../types.ts';
import {
  elementHead,
  elements,
  ID,
  makeElement,
  readUint,
  uintElement,
  variableInt,
  type Element,
} from './ebml.ts';

/** One picture or piece of sound; times in units of the file. */
export interface Block {
  trackId: number;
  time: number;
  isKey: boolean;
  /** Zero where the file does not say. */
  duration: number;
}

export interface Cluster {
  time: number;
  blocks: readonly Block[];
  /** Where, from the beginning of the cluster, that begins which follows its time. */
  restStart: number;
}

/** @throws {FilesError} MEDIA_MALFORMED */
export function parseCluster(bytes: Buffer): Cluster {
  const head = elementHead(bytes);
  if (head?.id !== ID.Cluster) throw malformed('no cluster');
  const content = elements(bytes, head.headBytes);
  const first = content.find(({ id }) => id !== ID.CRC32);
  if (first?.id !== ID.Timestamp) throw malformed('a cluster that does not begin with its time');
  const time = readUint(bytes, first);
  const blocks = content.flatMap((element) => {
    if (element.id === ID.SimpleBlock) return [readBlock(bytes, { element, time, isKey: undefined })];
    return element.id === ID.BlockGroup ? readGroup(bytes, { element, time }) : [];
  });
  return { time, blocks, restStart: first.end };
}

function readGroup(bytes: Buffer, { element, time }: { element: Element; time: number }): Block[] {
  const fields = elements(bytes, element.body, element.end);
  const block = fields.find(({ id }) => id === ID.Block);
  const isKey = !fields.some(({ id }) => id === ID.ReferenceBlock);
  const duration = fields.find(({ id }) => id === ID.BlockDuration);
  if (!block) return [];
  const read = readBlock(bytes, { element: block, time, isKey });
  return [{ ...read, duration: duration ? readUint(bytes, duration) : 0 }];
}

/** Track, time from the cluster's (16 bits, signed), flags: RFC 9559, 10.1 and 10.2. */
function readBlock(bytes: Buffer, at: { element: Element; time: number; isKey: boolean | undefined }): Block {
  const { body, end } = at.element;
  const track = variableInt(bytes, { at: body, keepMarker: false, most: 8 });
  if (!track || body + track.width + 3 > end) throw malformed('a block without its head');
  const isMarked = ((bytes[body + track.width + 2] ?? 0) & 0x80) !== 0;
  const time = at.time + bytes.readInt16BE(body + track.width);
  return { trackId: track.value, time, isKey: at.isKey ?? isMarked, duration: 0 };
}

/** Sums up what a cluster holds. */
export function describeCluster(bytes: Buffer, tracks: readonly MediaTrack[]): Fragment {
  const { blocks } = parseCluster(bytes);
  const shares = tracks.flatMap(({ trackId }) => describeTrack(trackId, blocks));
  const scale = 1000 / (tracks[0]?.timescale ?? 1000);
  const startMs = Math.min(...shares.map(({ decodeTime }) => decodeTime)) * scale;
  const endMs = Math.max(...shares.map(({ decodeTime, duration }) => decodeTime + duration)) * scale;
  const video = tracks.filter(({ kind }) => kind === 'video').map(({ trackId }) => trackId);
  const isPicture = ({ trackId }: FragmentTrack) => video.includes(trackId);
  const keyFrame = video.length === 0 || shares.some((share) => isPicture(share) && share.startsIndependent);
  return { kind: 'fragment', bytes, startMs, durationMs: endMs - startMs, keyFrame, tracks: shares };
}

function describeTrack(trackId: number, blocks: readonly Block[]): FragmentTrack[] {
  const own = blocks.filter((block) => block.trackId === trackId);
  const [first, second] = own;
  const last = own.at(-1);
  if (!first || !last) return [];
  // WebM seldom says how long a block is: the last one is taken to be as long as the first.
  const typical = last.duration || (second ? second.time - first.time : 0);
  return [
    {
      trackId,
      decodeTime: first.time,
      duration: last.time - first.time + typical,
      samples: own.length,
      startsIndependent: first.isKey,
    },
  ];
}

/**
 * Gives a copy of a cluster at another time; below zero to close the gap of a pause.
 * @throws {FilesError} MEDIA_MALFORMED when it would begin before zero
 */
export function shiftCluster(
  fragment: Fragment,
  { shiftMs, tracks }: { shiftMs: number; tracks: readonly MediaTrack[] },
): Fragment {
  const units = Math.round((shiftMs * (tracks[0]?.timescale ?? 1000)) / 1000);
  const { time, restStart } = parseCluster(fragment.bytes);
  if (time + units < 0) throw malformed('a time outside of the recording');
  const rest = fragment.bytes.subarray(restStart);
  const bytes = makeElement(ID.Cluster, uintElement(ID.Timestamp, time + units), rest);
  const shifted = fragment.tracks.map((track) => ({ ...track, decodeTime: track.decodeTime + units }));
  return { ...fragment, bytes, startMs: fragment.startMs + shiftMs, tracks: shifted };
}
