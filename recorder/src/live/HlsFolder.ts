import { open, mkdir, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecorderEvent } from '@parley/protocol/recorder';
import type { Fragment } from '../files/index.ts';
import { assertReserve } from '../sinks/diskReserve.ts';

/** So many times the reserve has to be free until it goes on, as for recordings: the page would stop and go on all the time. */
const ENOUGH = 1.05;

type PagePart = Extract<RecorderEvent, { type: 'pagePart' }>;

export interface HlsFolderOptions {
  liveId: string;
  folder: string;
  /** A segment ends with the first key frame after so long. */
  segmentSeconds: number;
  /** Fragments are put together to parts of about this length, never longer than `maxPartSeconds`. */
  partSeconds: number;
  /** How far back viewers can go. */
  windowSeconds: number;
  /** What others are to have of the disk: nothing is begun where less is free. */
  reserveBytes: number;
  onPart(part: PagePart): void;
  /** The disk takes no more. Told once; it is over with the next part. */
  onFailed(error: unknown): void;
}

export interface HlsInit {
  bytes: Buffer;
  /** Parts that follow need what is in this file. Told before the first of them, and again when it had to be written anew. */
  onWritten(file: string): void;
}

interface Segment {
  number: number;
  seconds: number;
  /** Since when it is behind the window, so that a viewer who has just been told of it can still fetch it. */
  expired: boolean;
}

/**
 * A stream as files that HTTP can serve while they grow: init segments, and segments to which parts are appended (CMAF, RFC
 * 8216bis section 4.4.4.9). The server makes the playlist of what it is told of here. All times of files are kept in one queue.
 */
export class HlsFolder {
  readonly #options: HlsFolderOptions;
  #queue: Promise<void> = Promise.resolve();
  #inits = 0;
  #init: HlsInit | undefined;
  /** `begun`: its init segment is written; `told`: and has been told of, with the first part after it. */
  #state: 'new' | 'begun' | 'told' = 'new';
  #segment: { number: number; file: FileHandle; bytes: number; parts: number; seconds: number } | undefined;
  #nextSegment = 0;
  #isDiscontinuous = false;
  #pending: Fragment[] = [];
  readonly #kept: Segment[] = [];
  #failed = false;

  constructor(options: HlsFolderOptions) {
    this.#options = options;
  }

  /** Begins with an init segment, or goes on with another after the encoder was started again. Never rejects. */
  start(init: HlsInit): Promise<void> {
    return this.#inTurn(async () => {
      this.#init = init;
      this.#state = 'new';
      await this.#begin();
    });
  }

  /** Never waits for the disk. What it did not take is left out; with each key frame it is tried again. */
  write(fragment: Fragment): void {
    void this.#inTurn(async () => {
      if (this.#state === 'new' && fragment.keyFrame) await this.#begin();
      if (this.#state !== 'new') await this.#take(fragment);
    });
  }

  /** Ends with what there is; the folder stays for those who watch to the end, and goes with whoever made it. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#writePart(true);
      await this.#endSegment();
    });
  }

  async #begin(): Promise<void> {
    if (!this.#init) return;
    this.#pending = [];
    // While it stands still no segment ends with which old ones would be deleted.
    await (this.#segment ? this.#endSegment() : this.#forgetOld());
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    await this.#assertRoom();
    await writeFile(join(this.#options.folder, this.#initName), this.#init.bytes);
    this.#isDiscontinuous = this.#inits > 0;
    this.#state = 'begun';
  }

  get #initName(): string {
    return `init-${String(this.#inits)}.mp4`;
  }

  async #take(fragment: Fragment): Promise<void> {
    const segment = this.#segment;
    const isDue =
      segment && segment.seconds + secondsOf(this.#pending) >= this.#options.segmentSeconds - 0.01;
    if (fragment.keyFrame && (isDue || !segment)) {
      await this.#writePart(true);
      await this.#beginSegment();
    }
    if (!this.#segment) return;
    const { partSeconds } = this.#options;
    // A key frame begins a part, so that a player can start with it.
    const isFull = secondsOf([...this.#pending, fragment]) > partSeconds + 0.001;
    if (this.#pending.length > 0 && (fragment.keyFrame || isFull)) await this.#writePart(false);
    this.#pending.push(fragment);
    if (secondsOf(this.#pending) >= partSeconds - 0.02) await this.#writePart(false);
  }

  async #beginSegment(): Promise<void> {
    await this.#endSegment();
    await this.#assertRoom();
    const number = this.#nextSegment;
    const file = await open(join(this.#options.folder, nameOf(number)), 'w', 0o600);
    this.#segment = { number, file, bytes: 0, parts: 0, seconds: 0 };
  }

  async #endSegment(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    // One that nobody was told of is written anew: players count segments.
    if (segment.parts > 0) {
      this.#nextSegment = segment.number + 1;
      this.#kept.push({ number: segment.number, seconds: segment.seconds, expired: false });
    }
    await segment.file.close();
    await this.#forgetOld();
  }

  #assertRoom(): Promise<void> {
    const { folder, reserveBytes } = this.#options;
    return assertReserve({ folder, reserveBytes: reserveBytes * (this.#failed ? ENOUGH : 1) });
  }

  /** Writes what has gathered; `last` ends the segment with it. */
  async #writePart(last: boolean): Promise<void> {
    const segment = this.#segment;
    const fragments = this.#pending;
    const [first] = fragments;
    if (!segment || !first) return;
    this.#pending = [];
    const bytes = Buffer.concat(fragments.map((fragment) => fragment.bytes));
    await writeAll(segment.file, bytes, segment.bytes);
    this.#tellInit();
    const duration = secondsOf(fragments);
    this.#options.onPart({
      type: 'pagePart',
      liveId: this.#options.liveId,
      segment: segment.number,
      index: segment.parts,
      file: nameOf(segment.number),
      offset: segment.bytes,
      length: bytes.length,
      duration,
      independent: first.keyFrame,
      last,
      discontinuity: this.#isDiscontinuous && segment.parts === 0,
      at: Date.now() - Math.round(duration * 1000),
    });
    if (segment.parts === 0) this.#isDiscontinuous = false;
    segment.bytes += bytes.length;
    segment.parts += 1;
    segment.seconds += duration;
  }

  #tellInit(): void {
    this.#failed = false;
    if (this.#state !== 'begun') return;
    this.#init?.onWritten(this.#initName);
    this.#inits += 1;
    this.#state = 'told';
  }

  async #forgetOld(): Promise<void> {
    let seconds = 0;
    const behind = this.#kept
      .toReversed()
      .filter((segment) => (seconds += segment.seconds) > this.#options.windowSeconds);
    for (const segment of behind) {
      if (segment.expired) {
        this.#kept.splice(this.#kept.indexOf(segment), 1);
        await rm(join(this.#options.folder, nameOf(segment.number)), { force: true });
      }
      segment.expired = true;
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((error: unknown) => this.#fail(error));
    return this.#queue;
  }

  #fail(error: unknown): void {
    this.#pending = [];
    this.#state = 'new';
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailed(error);
  }
}

/** A disk that is nearly full may take some of it. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

const nameOf = (segment: number) => `segment-${String(segment)}.m4s`;
const secondsOf = (fragments: readonly Fragment[]) =>
  fragments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
