import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { frameLength, type Frame } from '../program/Frame.ts';
import { encoderArguments, type EncoderPlan } from './encoderArguments.ts';
import { CHANNELS, SAMPLE_RATE } from '../program/audio/format.ts';
import { BLOCK_HEADER_LENGTH, feedHeader, writeBlockHeader } from './rawFeed.ts';

/** Pictures that may wait for the encoder; what comes when all are taken is dropped. */
const WAITING_PICTURES = 4;
/** An encoder that takes nothing for so long has hung, ms. A machine that has far too much to do holds one up for some seconds. */
const STALL_MS = 12_000;
/** To be loaded it may take longer, on a machine that is busy. */
const START_MS = 30_000;
/** So much sound may wait until it is looked whether any is taken, bytes: a second of it. */
const WAITING_SOUND_BYTES = SAMPLE_RATE * CHANNELS * Float32Array.BYTES_PER_ELEMENT;
/** Of what it says on stderr, so much is kept. */
const SAID_LENGTH = 2000;
/**
 * Samples that ffmpeg's AAC puts before the first: its file begins with them. So many of ours are left out, and all times are
 * what they seem without an edit list.
 */
const AAC_PRIMING = 1024;

export interface EncoderEvents {
  onOutput(chunk: Buffer): void;
  /** It is gone; always the last. `asked` where `end` or `kill` came before. */
  onExit(exit: { asked: boolean; message: string }): void;
}

export interface EncoderOptions extends EncoderEvents {
  readonly ffmpeg: string;
  readonly plan: EncoderPlan;
}

/** One ffmpeg that encodes a programme. Times are microseconds since the programme began; its output begins at 0 nonetheless. */
export class Encoder {
  readonly #options: EncoderOptions;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #free: Buffer[];
  #origin: number | undefined;
  #keyFrameFrom = Infinity;
  /** The first picture is taken when ffmpeg runs: until then there is nothing to be in time with. */
  #state: 'new' | 'priming' | 'ready';
  /** Samples that are in its output before ours, until the first of ours was written. */
  #priming: number | undefined;
  #dropped = 0;
  /** When it last took something, or had nothing to take. */
  #takenAt = performance.now();
  #hasPutOut = false;
  #asked = false;
  #said = '';
  #isGone = false;
  #waiting: (() => void)[] = [];

  constructor(options: EncoderOptions) {
    const { plan, ffmpeg } = options;
    this.#options = options;
    this.#state = plan.video ? 'new' : 'ready';
    this.#priming = plan.format === 'mp4' ? AAC_PRIMING : 0;
    const length = plan.video ? BLOCK_HEADER_LENGTH + frameLength(plan.settings) : 0;
    this.#free = plan.video ? Array.from({ length: WAITING_PICTURES }, () => Buffer.allocUnsafe(length)) : [];
    this.#process = spawn(ffmpeg, encoderArguments(plan), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#watch();
    this.#process.stdin.write(feedHeader({ video: plan.video ? plan.settings : null }));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Where in the programme its output begins, microseconds; undefined before the first picture or sound. */
  get origin(): number | undefined {
    return this.#origin;
  }

  /** Pictures that it had no time for. */
  get droppedPictures(): number {
    return this.#dropped;
  }

  /** Resolves when it takes another picture, or is gone: for who has time to wait. */
  async room(): Promise<void> {
    while (
      !this.#isGone &&
      (this.#state === 'priming' || (this.#options.plan.video && this.#free.length === 0))
    )
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A key frame is made of the first picture after this time or of the second. */
  requestKeyFrame(microseconds: number): void {
    this.#keyFrameFrom = Math.min(this.#keyFrameFrom, microseconds);
  }

  writePicture(frame: Frame, microseconds: number): void {
    if (this.#state === 'priming') {
      this.#checkStall();
      return;
    }
    // A picture that is left out asks for a key frame (see keyFrameExpression).
    if (this.#state === 'ready' && microseconds >= this.#keyFrameFrom) {
      this.#keyFrameFrom = Infinity;
      return;
    }
    const buffer = this.#free.pop();
    if (!buffer) {
      this.#dropped++;
      this.#checkStall();
      return;
    }
    frame.data.copy(buffer, BLOCK_HEADER_LENGTH);
    const length = frame.data.byteLength;
    writeBlockHeader(buffer, { track: 'video', length, microseconds: this.#timeOf(microseconds) });
    this.#process.stdin.write(buffer, () => this.#onTaken(buffer));
  }

  writeSound(samples: Float32Array, microseconds: number): void {
    // Both begin together, where there are pictures.
    if (this.#state !== 'ready' || (this.#options.plan.video && this.#origin === undefined)) return;
    this.#origin ??= microseconds;
    const at = Math.round(((microseconds - this.#origin) * SAMPLE_RATE) / 1e6);
    const frames = samples.length / CHANNELS;
    const first = Math.max(at, this.#priming ?? at);
    if (at < 0 || first >= at + frames) return;
    if (this.#priming !== undefined && at > this.#priming)
      this.#writeSamples(new Float32Array((at - this.#priming) * CHANNELS), this.#priming);
    this.#priming = undefined;
    this.#writeSamples(samples.subarray((first - at) * CHANNELS), first);
    // Where there are pictures, they show it.
    if (!this.#options.plan.video && this.#process.stdin.writableLength > WAITING_SOUND_BYTES)
      this.#checkStall();
  }

  /** @param at samples since its output began */
  #writeSamples(samples: Float32Array, at: number): void {
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const block = Buffer.allocUnsafe(BLOCK_HEADER_LENGTH + bytes.byteLength);
    const microseconds = Math.round((at * 1e6) / SAMPLE_RATE);
    writeBlockHeader(block, { track: 'audio', length: bytes.byteLength, microseconds });
    bytes.copy(block, BLOCK_HEADER_LENGTH);
    const { stdin } = this.#process;
    if (stdin.writableLength === 0) this.#onSoundTaken();
    stdin.write(block, () => this.#onSoundTaken());
  }

  /** No more comes; what it holds back is put out, then it exits. */
  end(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#process.stdin.end();
  }

  kill(): void {
    this.#asked = true;
    this.#process.kill('SIGKILL');
  }

  /** Ends it as if it had died of itself. */
  crash(reason: string): void {
    this.#said += `\n${reason}`;
    this.#process.kill('SIGKILL');
  }

  /** Its output begins with the first picture, which is followed by the one that comes when it runs. */
  #timeOf(microseconds: number): number {
    if (this.#state === 'new') {
      this.#state = 'priming';
      return 0;
    }
    this.#origin ??= microseconds - Math.round(1e6 / this.#options.plan.settings.frameRate);
    return microseconds - this.#origin;
  }

  #onTaken(buffer: Buffer): void {
    this.#takenAt = performance.now();
    this.#free.push(buffer);
    if (this.#state === 'priming') this.#state = 'ready';
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #onSoundTaken(): void {
    if (!this.#options.plan.video) this.#takenAt = performance.now();
  }

  /** A process that is stopped takes nothing and does not die of itself. */
  #checkStall(): void {
    const { video } = this.#options.plan;
    const isLoaded = video ? this.#state === 'ready' : this.#hasPutOut;
    const patience = isLoaded ? STALL_MS : START_MS;
    if (performance.now() - this.#takenAt < patience) return;
    this.crash(`It took no ${video ? 'picture' : 'sound'} for ${patience / 1000} s.`);
  }

  #watch(): void {
    const { stdin, stdout, stderr } = this.#process;
    stdin.on('error', () => undefined); // Its exit says more.
    stdout.on('data', (chunk: Buffer) => {
      this.#hasPutOut = true;
      this.#options.onOutput(chunk);
    });
    stderr.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-SAID_LENGTH)));
    this.#process.on('error', (error) => (this.#said += error.message));
    this.#process.on('close', (code, signal) => {
      this.#isGone = true;
      for (const resolve of this.#waiting.splice(0)) resolve();
      const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
      this.#options.onExit({ asked: this.#asked, message: `ffmpeg ${how}. ${this.#said}`.trim() });
    });
  }
}
