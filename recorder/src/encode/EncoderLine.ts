import type { Fragment, InitSegment } from '../files/index.ts';
import { Mp4Fragments, WebmClusters } from '../files/index.ts';
import type { Frame } from '../program/Frame.ts';
import type { EncoderRun } from '../sinks/ProgramSink.ts';
import { Patience, type PatienceLimits } from '../util/Patience.ts';
import { Encoder } from './Encoder.ts';
import type { EncoderPlan } from './encoderArguments.ts';

/** So many crashes within so long, ms, and it is given up. */
export const MOST_CRASHES = 5;
export const CRASH_WINDOW_MS = 600_000;
/** After the second crash in a row it is not started again at once, ms. */
const PAUSE_MS = 500;

export interface EncoderLineOptions {
  readonly ffmpeg: string;
  readonly plan: EncoderPlan;
  /** When what stands at a position of the programme (microseconds) happened, milliseconds since the epoch. */
  wallClock(position: number): number;
  /** The other way round. */
  positionAt(wallClock: number): number;
  onRun(run: EncoderRun): void;
  onFragment(fragment: Fragment): void;
  onCrash(message: string): void;
  /** It crashed too often; nothing follows. */
  onFailed(message: string): void;
}

/** The encoder of a programme, which is started again when it dies. */
export class EncoderLine {
  readonly #options: EncoderLineOptions;
  #encoder: Encoder | undefined;
  #splitter: Mp4Fragments | WebmClusters;
  #crashes: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #ended: (() => void) | undefined;
  #isEnding = false;
  /** With the end of it. */
  #patience: Patience | undefined;

  constructor(options: EncoderLineOptions) {
    this.#options = options;
    this.#splitter = this.#newSplitter();
    this.#start();
  }

  get pid(): number | undefined {
    return this.#encoder?.pid;
  }

  /** Pictures that encoders had no time for. */
  get droppedPictures(): number {
    return this.#dropped + (this.#encoder?.droppedPictures ?? 0);
  }

  writePicture(frame: Frame, microseconds: number): void {
    this.#encoder?.writePicture(frame, microseconds);
  }

  writeSound(samples: Float32Array, microseconds: number): void {
    this.#encoder?.writeSound(samples, microseconds);
  }

  /** @param wallClock from when on, milliseconds since the epoch */
  requestKeyFrame(wallClock: number): void {
    this.#encoder?.requestKeyFrame(this.#options.positionAt(wallClock));
  }

  /** Ends when all that was written has come out, or patience is over. @returns whether all has */
  async end(patience: PatienceLimits): Promise<boolean> {
    this.#isEnding = true;
    clearTimeout(this.#timer);
    const encoder = this.#encoder;
    if (!encoder) return true;
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    let isWhole = true;
    encoder.end();
    this.#patience = new Patience(patience, () => {
      isWhole = false;
      encoder.kill();
    });
    await ended;
    this.#patience.stop();
    return isWhole;
  }

  #start(): void {
    const { ffmpeg, plan } = this.#options;
    this.#splitter = this.#newSplitter();
    const encoder = new Encoder({
      ffmpeg,
      plan,
      onOutput: (chunk) => {
        this.#patience?.sign();
        this.#handle(() => this.#splitter.push(chunk), encoder);
      },
      onExit: ({ asked, message }) => this.#onExit(encoder, { asked, message }),
    });
    this.#encoder = encoder;
  }

  #newSplitter(): Mp4Fragments | WebmClusters {
    return this.#options.plan.format === 'mp4' ? new Mp4Fragments() : new WebmClusters();
  }

  /** What cannot be read is as bad as a crash. */
  #handle(read: () => (InitSegment | Fragment)[], encoder: Encoder): void {
    try {
      for (const item of read()) {
        if (item.kind === 'fragment') this.#options.onFragment(item);
        else this.#options.onRun({ init: item, startedAt: this.#options.wallClock(encoder.origin ?? 0) });
      }
    } catch {
      encoder.crash('Its output could not be read.');
    }
  }

  #onExit(encoder: Encoder, { asked, message }: { asked: boolean; message: string }): void {
    if (this.#splitter instanceof WebmClusters && asked) {
      const splitter = this.#splitter;
      this.#handle(() => splitter.end(), encoder);
    }
    this.#dropped += encoder.droppedPictures;
    this.#encoder = undefined;
    if (this.#isEnding) this.#ended?.();
    else this.#onCrash(message);
  }

  #onCrash(message: string): void {
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    this.#options.onCrash(message);
    if (this.#crashes.length >= MOST_CRASHES) {
      this.#options.onFailed(message);
      return;
    }
    const before = this.#crashes.at(-2) ?? -Infinity;
    this.#timer = setTimeout(() => this.#start(), now - before < 10_000 ? PAUSE_MS : 0);
  }
}
