import type { RecordingFormat } from '@parley/protocol';
import type { RecorderEvent } from '@parley/protocol/recorder';
import { SidecarLog, type Fragment } from '../files/index.ts';
import { Patience, type PatienceLimits } from '../util/Patience.ts';
import type { VaultKey } from '../vault/index.ts';
import { PartFile } from './PartFile.ts';
import { partFileName, sidecarLogPath } from './partNames.ts';
import type { EncoderRun, ProgramSink } from './ProgramSink.ts';
import type { ProgramHappening, RecordingTrouble, RecordingWriter } from './RecordingWriter.ts';
import { assertReserve, troubleOf } from './diskReserve.ts';

const PROGRESS_MS = 1000;
/** How often is looked what the disk has left, ms. */
const DISK_MS = 2000;

/** A fragment may reach so far into what is not wanted, ms: its last sample. */
const REACH_MS = 45;
/** Sound of a fragment may begin before its pictures by so much, ms. */
const INTERLEAVE_MS = 100;
/**
 * What the encoder still has in it of a recording that is ended. On a machine with far too much to do it is many seconds behind,
 * and nothing may come for some of them.
 */
const LAST: PatienceLimits = { silence: 12_000, most: 60_000 };
/** So much may be missing at the end without a word, ms: the last fragment is left out as a rule. */
const UNSAID_MS = 1500;

export interface FileSinkOptions {
  readonly recordingId: string;
  /** Number of its first part. */
  readonly part: number;
  /** Of this recording alone; there. */
  readonly folder: string;
  /** `composite` or `audio`. */
  readonly name: string;
  readonly format: RecordingFormat;
  readonly key: VaultKey | null;
  readonly reserveBytes: number;
  onEvent(event: Extract<RecorderEvent, { type: 'partOpened' | 'partProgress' }>): void;
  /** It can write no more; what is written is closed. */
  onTrouble(trouble: RecordingTrouble): void;
  /** A key frame is wanted of what happens from then on, milliseconds since the epoch. */
  onResumed(at: number): void;
}

/** A recording while it goes on: one part for each run of the encoder, nothing of the time in which it is paused. */
export class FileSink implements ProgramSink, RecordingWriter {
  readonly #options: FileSinkOptions;
  #queue: Promise<void> = Promise.resolve();
  #run: EncoderRun | undefined;
  /** As the queue has it; `#run` is what comes in. */
  #partRun: EncoderRun | undefined;
  #nextPart: number;
  #number = 0;
  #part: PartFile | undefined;
  #log: SidecarLog | undefined;
  #pauses: { from: number; until: number | undefined }[] = [];
  #endsAt = Infinity;
  #hasAll: () => void = () => undefined;
  #patience: Patience | undefined;
  /** How far the encoder has got, milliseconds since the epoch. */
  #reached: number | undefined;
  #missingMs = 0;
  #closed = false;
  #happenings: { event: ProgramHappening; at: number }[] = [];
  #progressAt = 0;
  #diskAt = 0;

  constructor(options: FileSinkOptions) {
    this.#options = options;
    this.#nextPart = options.part;
  }

  begin(run: EncoderRun): void {
    this.#run = run;
    void this.#inTurn(async () => {
      await this.#closePart();
      this.#partRun = run;
    });
  }

  write(fragment: Fragment): void {
    if (this.#run === undefined || this.#closed) return;
    const start = this.#run.startedAt + fragment.startMs;
    const end = start + fragment.durationMs;
    this.#reached = end;
    this.#patience?.sign();
    if (end > this.#endsAt + REACH_MS) {
      this.#hasAll();
      return;
    }
    if (this.#isPaused(fragment, { start, end })) return;
    void this.#inTurn(() => this.#take(fragment));
  }

  /** Nothing of what happens after `at` is kept, until `resume`. @param at milliseconds since the epoch, as all times here */
  pause(at: number): void {
    if (this.#pauses.at(-1)?.until !== undefined || this.#pauses.length === 0)
      this.#pauses.push({ from: at, until: undefined });
  }

  resume(at: number): void {
    const pause = this.#pauses.at(-1);
    if (!pause || pause.until !== undefined) return;
    pause.until = at;
    this.note({ type: 'paused', resumedAt: new Date(at).toISOString() }, pause.from);
    this.#options.onResumed(at + INTERLEAVE_MS);
  }

  /**
   * Whether a fragment lies in a pause. The encoder is behind: what comes now may be from before a pause that has begun, or
   * from one that is over. After a pause it goes on with the first key frame.
   */
  #isPaused(fragment: Fragment, { start, end }: { start: number; end: number }): boolean {
    const [pause] = this.#pauses;
    if (!pause || end <= pause.from + REACH_MS) return false;
    if (pause.until === undefined || start < pause.until || !fragment.keyFrame) return true;
    this.#pauses.shift();
    void this.#inTurn(async () => this.#part?.pause());
    return this.#isPaused(fragment, { start, end });
  }

  /** Keeps what happens beside the recording. @param at milliseconds since the epoch */
  note(event: ProgramHappening, at: number): void {
    void this.#inTurn(async () => {
      this.#happenings.push({ event, at });
      await this.#writeHappenings();
    });
  }

  /** What the encoder did not put out in time of the end of it, ms. */
  get missingMs(): number {
    return this.#missingMs;
  }

  /** Waits for what happened until `at`, which the encoder may still hold back; then closes. */
  async endAt(at: number): Promise<void> {
    this.#endsAt = at;
    if (this.#run) {
      await new Promise<void>((resolve) => {
        this.#hasAll = resolve;
        this.#patience = new Patience(LAST, () => {
          this.cutAt(at);
          resolve();
        });
      });
      this.#patience?.stop();
      this.#patience = undefined;
    }
    await this.close();
  }

  /** Nothing more comes of the encoder, which should have put out what happened until `at`. */
  cutAt(at: number): void {
    if (this.#reached === undefined) return;
    const pause = this.#pauses.at(-1);
    const until = pause && pause.until === undefined ? pause.from : Infinity;
    const missing = Math.min(at, this.#endsAt, until) - this.#reached;
    this.#missingMs = missing > UNSAID_MS ? missing : 0;
  }

  /** All that came before is on the disk then. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hasAll();
    await this.#inTurn(() => this.#closePart());
  }

  async #take(fragment: Fragment): Promise<void> {
    if (!this.#partRun) return;
    await this.#checkDisk();
    this.#part ??= await this.#openPart(this.#partRun, fragment);
    await this.#part.write(fragment);
    await this.#writeHappenings();
    this.#tellProgress();
  }

  async #openPart(run: EncoderRun, first: Fragment): Promise<PartFile> {
    const { folder, key, format, name, recordingId } = this.#options;
    const part = this.#nextPart++;
    const startedAt = Math.round(run.startedAt + first.startMs);
    const file = partFileName({ part, name, extension: extensionOf(name, format) });
    const opened = await PartFile.create({ folder, key, format, file }, run);
    this.#log = await SidecarLog.create(sidecarLogPath(folder, part), {
      key,
      startedAt: new Date(startedAt),
    });
    this.#number = part;
    this.#options.onEvent({ type: 'partOpened', recordingId, part, startedAt });
    return opened;
  }

  async #writeHappenings(): Promise<void> {
    if (!this.#part || !this.#log) return;
    for (const { event, at } of this.#happenings.splice(0))
      await this.#log.add({ ...event, atMs: this.#part.timeOf(at) });
  }

  #tellProgress(always = false): void {
    const now = performance.now();
    if (!this.#part || (!always && now - this.#progressAt < PROGRESS_MS)) return;
    this.#progressAt = now;
    const { bytes, durationMs } = this.#part;
    const { recordingId } = this.#options;
    this.#options.onEvent({ type: 'partProgress', recordingId, part: this.#number, bytes, durationMs });
  }

  async #closePart(): Promise<void> {
    const [part, log] = [this.#part, this.#log];
    if (!part) return;
    this.#tellProgress(true);
    this.#part = undefined;
    this.#log = undefined;
    await Promise.allSettled([part.close(), log?.close()]);
  }

  async #checkDisk(): Promise<void> {
    const now = performance.now();
    if (now - this.#diskAt < DISK_MS) return;
    this.#diskAt = now;
    await assertReserve(this.#options);
  }

  /** One after the other; the first that fails ends it. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(task).catch((error: unknown) => this.#fail(error));
    return this.#queue;
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#closePart();
    this.#options.onTrouble(troubleOf(error));
  }
}

function extensionOf(name: string, format: RecordingFormat): string {
  return name === 'audio' && format === 'mp4' ? 'm4a' : format;
}
