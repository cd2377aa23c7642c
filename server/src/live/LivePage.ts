import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/protocol';
import type { RecorderEvent } from '@parley/protocol/recorder';
import {
  mainPlaylist,
  mediaPlaylist,
  nextPart,
  secondsOf,
  type PlaylistTimes,
  type Segment,
} from './playlist.ts';
import { Viewers } from './Viewers.ts';

type Told<T extends RecorderEvent['type']> = Extract<RecorderEvent, { type: T }>;

export interface LivePageOptions extends PlaylistTimes {
  liveId: string;
  title: string;
  /** Where the recorder writes. */
  folder: string;
  windowSeconds: number;
  /**
   * Media sequence number of the recorder's first segment. Numbers must not go back when a recorder or the server starts again,
   * or players believe that they have had it all.
   */
  firstNumber: number;
  startedAt: number;
}

/** Bytes of a file of the stream, as they lie on disk. */
export interface LiveFile {
  stream: Readable;
  /** Bytes; null where they are not known beforehand. */
  length: number | null;
  type: string;
  /** It will never change. */
  final: boolean;
}

/** A reload or a part that is not there yet is awaited so long; players ask again. */
const MAX_WAIT_MS = 10_000;
/** More who wait than this are sent away, so that nobody can pile them up. */
const MAX_WAITING = 10_000;

/** A live stream as viewers see it: playlists of what the recorder says it has written, and the files. */
export class LivePage {
  readonly #options: LivePageOptions;
  readonly viewers = new Viewers();
  readonly #segments: Segment[] = [];
  readonly #waiting = new Set<() => void>();
  #init: Told<'pageInit'> | undefined;
  /** Files of init segments by the names that players know. */
  readonly #inits = new Map<string, string>();
  #subfolder = '';
  #offset: number;
  #discontinuities = 0;
  #ended = false;
  #closed = false;

  constructor(options: LivePageOptions) {
    this.#options = options;
    this.#offset = options.firstNumber;
  }

  get info() {
    const { liveId, title, startedAt } = this.#options;
    const state = this.#ended
      ? ('ended' as const)
      : this.#segments.length > 0
        ? ('live' as const)
        : ('waiting' as const);
    return { liveId, title, startedAt, state, viewers: this.viewers.count };
  }

  /** A recorder begins to write, into this folder of its own; another one before it writes no more. */
  handleRecorder(subfolder: string): void {
    const last = this.#segments.at(-1);
    if (last) last.whole = true;
    this.#offset = last ? last.number + 1 : this.#options.firstNumber;
    this.#subfolder = subfolder;
  }

  handleInit(init: Told<'pageInit'>): void {
    // Each recorder counts from 0; players need to see that it is another one.
    const name = `init-${String(this.#inits.size)}.mp4`;
    this.#inits.set(name, join(this.#subfolder, init.file));
    this.#init = { ...init, file: name };
  }

  handlePart(part: Told<'pagePart'>): void {
    if (!this.#init || this.#closed) return;
    const number = this.#offset + part.segment;
    let segment = this.#segments.at(-1);
    if (segment?.number !== number) {
      // The encoder may have died within a segment.
      if (segment) segment.whole = true;
      const isNewTimeline = segment !== undefined && (part.discontinuity || part.segment === 0);
      segment = {
        ...{ number, file: join(this.#subfolder, part.file), parts: [], whole: false, startedAt: part.at },
        ...{ discontinuity: isNewTimeline, init: this.#init.file },
      };
      this.#segments.push(segment);
    }
    const { offset, length, duration, independent, last } = part;
    segment.parts.push({ offset, length, duration, independent });
    segment.whole = last;
    this.#forgetOld();
    this.#wake();
  }

  /** Nothing more comes; what is there can be watched to its end. */
  end(): void {
    const last = this.#segments.at(-1);
    if (last) last.whole = true;
    this.#ended = true;
    this.#wake();
  }

  /** Nobody can watch any more. */
  close(): void {
    this.end();
    this.#closed = true;
    this.viewers.close();
  }

  /** Resolves when there is something to see. Rejects with LIVE_NOT_FOUND. */
  async mainPlaylist(): Promise<string> {
    await this.#until(() => this.#segments.length > 0);
    this.#assertOpen();
    if (!this.#init || this.#segments.length === 0) throw notYet();
    return mainPlaylist(this.#init);
  }

  /**
   * The playlist, as soon as it has the part (or the segment) asked for (section 6.2.5.2).
   * Rejects with LIVE_NOT_FOUND, and with INVALID_REQUEST where what is asked for is too far ahead.
   */
  async mediaPlaylist(query: { number?: number; part?: number; skip?: boolean }): Promise<string> {
    const { number, part, skip = false } = query;
    if (number !== undefined) {
      if (number > nextPart({ segments: this.#segments }).segment + 2) {
        throw new ParleyError('INVALID_REQUEST', { message: 'That segment is too far ahead.' });
      }
      await this.#until(() => this.#has(number, part));
    } else await this.#until(() => this.#segments.length > 0);
    this.#assertOpen();
    if (this.#segments.length === 0) throw notYet();
    const { targetDuration, partTarget } = this.#options;
    const state = { segments: this.#segments, discontinuities: this.#discontinuities, ended: this.#ended };
    return mediaPlaylist({ ...state, targetDuration, partTarget }, { skip });
  }

  /** A part; the next one is awaited. Rejects with LIVE_NOT_FOUND. */
  async part(number: number, index: number): Promise<LiveFile> {
    const next = nextPart({ segments: this.#segments });
    const isNext = number === next.segment && index === next.part;
    if (isNext) await this.#until(() => this.#has(number, index));
    this.#assertOpen();
    const segment = this.#segments.find((each) => each.number === number);
    const part = segment?.parts[index];
    if (!segment || !part) throw gone();
    return this.#file(segment.file, { start: part.offset, length: part.length, final: true });
  }

  /** A whole segment. Throws LIVE_NOT_FOUND. */
  segment(number: number): LiveFile {
    this.#assertOpen();
    const segment = this.#segments.find((each) => each.number === number);
    if (!segment?.whole) throw gone();
    const length = segment.parts.reduce((sum, part) => sum + part.length, 0);
    return this.#file(segment.file, { start: 0, length, final: true });
  }

  /** What comes before the media. Throws LIVE_NOT_FOUND. */
  init(name: string): LiveFile {
    this.#assertOpen();
    const file = this.#inits.get(name);
    if (file === undefined) throw gone();
    const stream = createReadStream(join(this.#options.folder, file));
    return { stream, length: null, type: 'video/mp4', final: true };
  }

  #file(file: string, { start, length, final }: { start: number; length: number; final: boolean }): LiveFile {
    const path = join(this.#options.folder, file);
    return {
      stream: createReadStream(path, { start, end: start + length - 1 }),
      length,
      type: 'video/iso.segment',
      final,
    };
  }

  #has(number: number, part: number | undefined): boolean {
    const last = this.#segments.at(-1);
    if (this.#ended || !last) return this.#ended;
    if (number < last.number) return true;
    return number === last.number && (last.whole || (part !== undefined && part < last.parts.length));
  }

  #forgetOld(): void {
    let seconds = this.#segments.reduce((sum, segment) => sum + secondsOf(segment), 0);
    while (
      this.#segments.length > 3 &&
      seconds - secondsOf(this.#segments[0] ?? EMPTY) > this.#options.windowSeconds
    ) {
      seconds -= secondsOf(this.#segments[0] ?? EMPTY);
      this.#segments.shift();
      if (this.#segments[0]?.discontinuity) this.#discontinuities += 1;
    }
  }

  #until(done: () => boolean): Promise<void> {
    if (done() || this.#closed) return Promise.resolve();
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (done() || this.#closed) finish();
      };
      const timer = setTimeout(finish, MAX_WAIT_MS);
      this.#waiting.add(look);
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #assertOpen(): void {
    if (this.#closed) throw gone();
  }
}

const EMPTY: Segment = {
  ...{ number: 0, file: '', parts: [], whole: true, discontinuity: false, init: '', startedAt: 0 },
};

const gone = () => new ParleyError('LIVE_NOT_FOUND');
const notYet = () =>
  new ParleyError('LIVE_NOT_FOUND', { message: 'The stream has not begun yet. Try again in a moment.' });
