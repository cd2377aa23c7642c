import type { ChapterSpan } from '../chapterSpans.ts';
import { elementStart, ID, makeElement, textElement, uintElement } from './ebml.ts';
import type { WebmIndex } from './WebmIndex.ts';

/** RFC 9559, 5.1.2.11: nanoseconds from here, the first moment of 2001. */
const EPOCH_MS = Date.UTC(2001, 0, 1);

export interface WebmPlan {
  index: WebmIndex;
  chapters: readonly ChapterSpan[];
  title?: string;
  startedAt?: Date;
}

/** Head, time and content of a cluster in the finished file. */
export function clusterStart(index: WebmIndex, number: number): Buffer {
  const time = uintElement(ID.Timestamp, index.times.at(number) - index.firstTime);
  const content = index.ends.at(number) - index.starts.at(number);
  return Buffer.concat([elementStart(ID.Cluster, time.length + content), time]);
}

/** Everything before the clusters. */
export function buildWebmHead(plan: WebmPlan): Buffer {
  const { index } = plan;
  const { bytes, ebml, top } = index.init;
  const copied = (wanted: number) =>
    top.filter(({ id }) => id === wanted).map(({ start, end }) => bytes.subarray(start, end));
  const fixed = [
    { id: ID.Info, bytes: buildInfo(plan) },
    { id: ID.Tracks, bytes: Buffer.concat(copied(ID.Tracks)) },
    ...(plan.chapters.length > 0 ? [{ id: ID.Chapters, bytes: buildChapters(plan.chapters) }] : []),
  ];
  const cueBytes = buildCues(index, 0).length;
  const seekBytes = buildSeekHead([...fixed, { id: ID.Cues, bytes: Buffer.alloc(0) }], 0).length;
  const sections = [...fixed, { id: ID.Cues, bytes: Buffer.alloc(cueBytes) }];
  const clustersAt = sections.reduce((sum, section) => sum + section.bytes.length, seekBytes);
  const content = Buffer.concat([
    buildSeekHead(sections, seekBytes),
    ...fixed.map((section) => section.bytes),
    buildCues(index, clustersAt),
  ]);
  const segment = elementStart(ID.Segment, content.length + clusterBytes(index));
  return Buffer.concat([bytes.subarray(ebml.start, ebml.end), segment, content]);
}

function clusterBytes(index: WebmIndex): number {
  let sum = 0;
  for (let number = 0; number < index.starts.length; number += 1) sum += lengthOf(index, number);
  return sum;
}

function lengthOf(index: WebmIndex, number: number): number {
  return clusterStart(index, number).length + index.ends.at(number) - index.starts.at(number);
}

function buildSeekHead(sections: readonly { id: number; bytes: Buffer }[], start: number): Buffer {
  let at = start;
  const seeks = sections.map(({ id, bytes }) => {
    const position = at;
    at += bytes.length;
    const name = Buffer.from(id.toString(16), 'hex');
    return makeElement(ID.Seek, makeElement(ID.SeekID, name), uintElement(ID.SeekPosition, position));
  });
  return makeElement(ID.SeekHead, ...seeks);
}

function buildInfo({ index, title, startedAt }: WebmPlan): Buffer {
  const duration = Buffer.allocUnsafe(8);
  duration.writeDoubleBE((index.durationMs * 1e6) / index.init.timestampScale);
  const date = Buffer.allocUnsafe(8);
  if (startedAt) date.writeBigInt64BE(BigInt(startedAt.getTime() - EPOCH_MS) * 1_000_000n);
  return makeElement(
    ID.Info,
    uintElement(ID.TimestampScale, index.init.timestampScale),
    makeElement(ID.Duration, duration),
    ...(startedAt ? [makeElement(ID.DateUTC, date)] : []),
    ...(title === undefined ? [] : [textElement(ID.Title, title)]),
    textElement(ID.MuxingApp, 'Parley'),
    textElement(ID.WritingApp, 'Parley'),
  );
}

function buildChapters(chapters: readonly ChapterSpan[]): Buffer {
  const atoms = chapters.map(({ startMs, durationMs, title }, number) =>
    makeElement(
      ID.ChapterAtom,
      uintElement(ID.ChapterUID, number + 1),
      uintElement(ID.ChapterTimeStart, startMs * 1_000_000),
      uintElement(ID.ChapterTimeEnd, (startMs + durationMs) * 1_000_000),
      makeElement(ID.ChapterDisplay, textElement(ID.ChapString, title), textElement(ID.ChapLanguage, 'und')),
    ),
  );
  return makeElement(ID.Chapters, makeElement(ID.EditionEntry, ...atoms));
}

/** A line for each cluster where a player can begin; positions count from the content of the segment. */
function buildCues(index: WebmIndex, clustersAt: number): Buffer {
  const points: Buffer[] = [];
  let position = clustersAt;
  let cue = 0;
  for (let number = 0; number < index.starts.length; number += 1) {
    if (index.cueClusters.at(cue) === number) {
      points.push(cuePoint(index, { cue, position }));
      cue += 1;
    }
    position += lengthOf(index, number);
  }
  return makeElement(ID.Cues, ...points);
}

function cuePoint(index: WebmIndex, { cue, position }: { cue: number; position: number }): Buffer {
  return makeElement(
    ID.CuePoint,
    uintElement(ID.CueTime, index.cueTimes.at(cue) - index.firstTime),
    makeElement(
      ID.CueTrackPositions,
      uintElement(ID.CueTrack, index.cueTracks.at(cue)),
      uintElement(ID.CueClusterPosition, position),
    ),
  );
}
