import { malformed } from '../FilesError.ts';
import { NumberList, RunList } from '../NumberList.ts';
import type { Sample, SampleRun } from './fragment.ts';
import type { Mp4Track } from './initSegment.ts';

/** Where the samples of one track are and when they are due: what the tables of a finished file are made of. */
export class TrackIndex {
  readonly track: Mp4Track;
  readonly durations = new RunList();
  readonly offsets = new RunList();
  readonly sizes = new NumberList();
  /** Numbers (from 1) of the samples that need no other. */
  readonly syncs = new NumberList();
  /** Of each chunk: its place in the media data, and its samples. */
  readonly chunkPlaces = new NumberList();
  readonly chunkSamples = new NumberList();
  #last: { decodeTime: number; duration: number } | undefined;
  #firstDecodeTime = 0;
  #shownUntil = 0;
  #hasOffsets = false;
  #hasNegativeOffset = false;

  constructor(track: Mp4Track) {
    this.track = track;
  }

  get firstDecodeTime(): number {
    return this.#firstDecodeTime;
  }

  /** Units from the first sample to the end of the last. */
  get duration(): number {
    return this.#last ? this.#last.decodeTime + this.#last.duration - this.#firstDecodeTime : 0;
  }

  /** Units from the first sample until the end of the one that is shown last, in the order of showing. */
  get shownUntil(): number {
    return Math.max(this.#shownUntil, this.duration);
  }

  get hasOffsets(): boolean {
    return this.#hasOffsets;
  }

  get hasNegativeOffset(): boolean {
    return this.#hasNegativeOffset;
  }

  /** @param place where the run's first sample is in the media data of the finished file */
  add(run: SampleRun, place: number): void {
    if (run.samples.length === 0) return;
    this.#joinAt(run.decodeTime);
    this.chunkPlaces.push(place);
    this.chunkSamples.push(run.samples.length);
    for (const sample of run.samples) this.#addSample(sample);
  }

  /** Nothing follows. */
  end(): void {
    if (this.#last) this.durations.push(this.#last.duration);
    this.durations.end();
    this.offsets.end();
  }

  /** A gap before this time, or an overlap, is made up for by the sample before: tables know durations only. */
  #joinAt(decodeTime: number): void {
    if (!this.#last) {
      this.#firstDecodeTime = decodeTime;
      return;
    }
    if (decodeTime < this.#last.decodeTime) throw malformed('times that go back');
    this.#last.duration = decodeTime - this.#last.decodeTime;
  }

  #addSample({ size, duration, compositionOffset, isSync }: Sample): void {
    const decodeTime = this.#last ? this.#last.decodeTime + this.#last.duration : this.#firstDecodeTime;
    if (this.#last) this.durations.push(this.#last.duration);
    this.#last = { decodeTime, duration };
    const shownAt = decodeTime - this.#firstDecodeTime + compositionOffset;
    this.#shownUntil = Math.max(this.#shownUntil, shownAt + duration);
    this.sizes.push(size);
    this.offsets.push(compositionOffset);
    if (compositionOffset !== 0) this.#hasOffsets = true;
    if (compositionOffset < 0) this.#hasNegativeOffset = true;
    if (isSync) this.syncs.push(this.sizes.length);
  }
}
