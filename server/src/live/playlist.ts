/** Playlists of a live stream: HTTP Live Streaming with low latency (draft-pantos-hls-rfc8216bis). Pure. */

export interface PartOfSegment {
  /** Where it lies in the segment's file. */
  offset: number;
  length: number;
  /** Seconds. */
  duration: number;
  independent: boolean;
}

export interface Segment {
  /** Media sequence number. */
  number: number;
  /** File in the folder of the stream. */
  file: string;
  parts: PartOfSegment[];
  whole: boolean;
  /** Whether the timeline starts anew with it. */
  discontinuity: boolean;
  /** File with what comes before its media. */
  init: string;
  /** When its first picture was made, ms since the epoch. */
  startedAt: number;
}

export interface PlaylistTimes {
  /** Seconds that a segment lasts at most. */
  targetDuration: number;
  partTarget: number;
}

export interface PlaylistState extends PlaylistTimes {
  /** Oldest first; the last may still grow. */
  segments: readonly Segment[];
  /** How many times the timeline started anew before the first of them. */
  discontinuities: number;
  ended: boolean;
}

/** Parts are listed of what ended so many target durations ago; who is further behind takes whole segments. */
const PARTS_LISTED = 3;
/** A client that is no further behind than this may leave out what it knows already; at least six target durations. */
const SKIP_DURATIONS = 6;

export const secondsOf = ({ parts }: Segment): number =>
  parts.reduce((sum, { duration }) => sum + duration, 0);

/** The media playlist; `skip` leaves out what a client has seen before (`_HLS_skip=YES`). */
export function mediaPlaylist(state: PlaylistState, { skip = false } = {}): string {
  const { segments, targetDuration, partTarget, ended } = state;
  const [first] = segments;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${String(targetDuration)}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(3 * partTarget).toFixed(3)},CAN-SKIP-UNTIL=${String(SKIP_DURATIONS * targetDuration)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTarget.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${String(first?.number ?? 0)}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${String(state.discontinuities)}`,
  ];
  const skipped = skip ? skippable(state) : 0;
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${String(skipped)}`);
  const listPartsFrom = behind(segments, PARTS_LISTED * targetDuration);
  let init = segments[skipped - 1]?.init;
  segments.forEach((segment, index) => {
    if (index < skipped) return;
    if (segment.discontinuity && index > 0) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="${segment.init}"`);
    init = segment.init;
    lines.push(...segmentLines(segment, { withParts: index >= listPartsFrom && !ended }));
  });
  if (ended) lines.push('#EXT-X-ENDLIST');
  else lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${nextPartName(state)}"`);
  return `${lines.join('\n')}\n`;
}

/** The playlist that names the only variant, with what a player has to know of it. */
export function mainPlaylist(stream: {
  codecs: string;
  bandwidth: number;
  width: number;
  height: number;
  frameRate: number;
}): string {
  const { codecs, bandwidth, width, height, frameRate } = stream;
  const picture =
    width > 0 ? `,RESOLUTION=${String(width)}x${String(height)},FRAME-RATE=${frameRate.toFixed(3)}` : '';
  return `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=${String(bandwidth)},CODECS="${codecs}"${picture}
media.m3u8
`;
}

/** Parts have names of their own, though they lie in the file of their segment. */
export const partName = (segment: number, part: number): string =>
  `part-${String(segment)}-${String(part)}.m4s`;
export const segmentName = (segment: number): string => `segment-${String(segment)}.m4s`;

/** The part that comes next. */
export function nextPart({ segments }: Pick<PlaylistState, 'segments'>): { segment: number; part: number } {
  const last = segments.at(-1);
  if (!last) return { segment: 0, part: 0 };
  return last.whole
    ? { segment: last.number + 1, part: 0 }
    : { segment: last.number, part: last.parts.length };
}

function nextPartName(state: PlaylistState): string {
  const { segment, part } = nextPart(state);
  return partName(segment, part);
}

function segmentLines(segment: Segment, { withParts }: { withParts: boolean }): string[] {
  const lines = [`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startedAt).toISOString()}`];
  if (withParts) {
    segment.parts.forEach(({ duration, independent }, index) => {
      const start = independent ? ',INDEPENDENT=YES' : '';
      lines.push(
        `#EXT-X-PART:DURATION=${duration.toFixed(5)},URI="${partName(segment.number, index)}"${start}`,
      );
    });
  }
  if (!segment.whole) return segment.parts.length > 0 ? lines : [];
  lines.push(`#EXTINF:${secondsOf(segment).toFixed(5)},`, segmentName(segment.number));
  return lines;
}

/** Index of the first segment that ends within so many seconds of the end. */
function behind(segments: readonly Segment[], seconds: number): number {
  let sum = 0;
  for (let index = segments.length - 1; index >= 0; index--) {
    const segment = segments[index];
    if (segment) sum += secondsOf(segment);
    if (sum > seconds) return index;
  }
  return 0;
}

function skippable({ segments, targetDuration }: PlaylistState): number {
  const kept = behind(segments, SKIP_DURATIONS * targetDuration);
  return Math.max(0, kept);
}
