import { FilesError } from '../FilesError.ts';
import { NumberList } from '../NumberList.ts';
import type { VaultReader } from '../../vault/index.ts';
import { parseCluster } from './cluster.ts';
import { elementHead, ID } from './ebml.ts';
import { parseWebmInit, type WebmInit } from './webmInit.ts';

/** What is in a part: where its clusters are and what they begin with. Gathered while writing or by `scanWebm`. */
export class WebmIndex {
  readonly init: WebmInit;
  /** Of each cluster: its time, and where that which follows its time lies in the part. */
  readonly times = new NumberList();
  readonly starts = new NumberList();
  readonly ends = new NumberList();
  /** Clusters where a player can begin: their number, the time and the track of the first key frame. */
  readonly cueClusters = new NumberList();
  readonly cueTimes = new NumberList();
  readonly cueTracks = new NumberList();
  readonly #lasts = new Map<number, { time: number; step: number }>();
  #firstTime = Infinity;

  constructor(init: Buffer) {
    this.init = parseWebmInit(init);
  }

  get isEmpty(): boolean {
    return this.starts.length === 0;
  }

  /** The earliest time of all clusters and blocks, in units of the file. */
  get firstTime(): number {
    return this.isEmpty ? 0 : this.#firstTime;
  }

  /** Milliseconds from the earliest block to the end of the last. */
  get durationMs(): number {
    const ends = [...this.#lasts.values()].map(({ time, step }) => time + step);
    return ((Math.max(0, ...ends) - this.firstTime) * this.init.timestampScale) / 1e6;
  }

  /** Numbers of the tracks that have anything in them. */
  get usedTracks(): ReadonlySet<number> {
    return new Set(this.#lasts.keys());
  }

  /**
   * Takes up a cluster that says how long it is, as it lies in the part.
   * @throws {FilesError} MEDIA_MALFORMED; the index is as before then
   */
  add(bytes: Buffer, offset: number): void {
    const { time, blocks, restStart } = parseCluster(bytes);
    if (blocks.length === 0) return;
    const cue = this.#cueOf(blocks);
    if (cue) {
      this.cueClusters.push(this.starts.length);
      this.cueTimes.push(cue.time);
      this.cueTracks.push(cue.trackId);
    }
    this.#firstTime = Math.min(this.#firstTime, time);
    this.times.push(time);
    this.starts.push(offset + restStart);
    this.ends.push(offset + bytes.length);
    for (const block of blocks) {
      this.#firstTime = Math.min(this.#firstTime, block.time);
      const last = this.#lasts.get(block.trackId);
      const step = block.duration || (last ? Math.max(0, block.time - last.time) : 0);
      this.#lasts.set(block.trackId, { time: block.time, step: step || (last?.step ?? 0) });
    }
  }

  #cueOf(blocks: readonly { trackId: number; time: number; isKey: boolean }[]) {
    const { tracks } = this.init;
    const leading = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
    return blocks.find(({ trackId, isKey }) => isKey && trackId === leading?.trackId);
  }
}

/**
 * Finds all complete clusters of a part, however it ended: what was cut, or is not a cluster, ends it there.
 * @throws {FilesError} MEDIA_EMPTY, MEDIA_UNSUPPORTED; {VaultError} when the part is not authentic
 */
export async function scanWebm(source: VaultReader, signal?: AbortSignal): Promise<WebmIndex> {
  let index: WebmIndex | undefined;
  for (let at = 0; ;) {
    if (signal?.aborted) throw new FilesError('FINISH_CANCELLED');
    const element = await elementAt(source, at);
    if (!element) break;
    if (element.id === ID.Cluster) {
      index ??= await readInit(source, at);
      if (!index || !tryAdd(index, await source.bytes(at, element.end), at)) break;
    }
    at = element.end;
  }
  if (!index || index.isEmpty) throw new FilesError('MEDIA_EMPTY');
  return index;
}

async function readInit(source: VaultReader, end: number): Promise<WebmIndex | undefined> {
  return tryTo(async () => new WebmIndex(await source.bytes(0, end)));
}

function tryAdd(index: WebmIndex, bytes: Buffer, offset: number): boolean {
  try {
    index.add(bytes, offset);
    return true;
  } catch (error) {
    if (error instanceof FilesError || error instanceof RangeError) return false;
    throw error;
  }
}

async function elementAt(source: VaultReader, at: number): Promise<{ id: number; end: number } | undefined> {
  const bytes = await source.bytes(at, Math.min(at + 16, source.size));
  const head = await tryTo(async () => elementHead(bytes));
  if (!head) return undefined;
  if (head.id === ID.Segment) return { id: head.id, end: at + head.headBytes };
  if (head.size === null || at + head.headBytes + head.size > source.size) return undefined;
  return { id: head.id, end: at + head.headBytes + head.size };
}

async function tryTo<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof FilesError) return undefined;
    throw error;
  }
}
