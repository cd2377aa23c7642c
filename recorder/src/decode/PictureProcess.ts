import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { TIMES_FD } from './videoArguments.ts';

export interface PictureProcessOptions {
  ffmpeg: string;
  args: readonly string[];
  /** Bytes of one picture. */
  pictureBytes: number;
  /** A picture, and the time that its frame was given. */
  onPicture(data: Buffer, timestamp: number): void;
  /** It ended, not because it was asked to. */
  onExit(reason: string): void;
}

const MAX_ERROR_CHARACTERS = 2_000;
/** How long it may take to end once its input is closed, ms. */
const END_TIMEOUT_MS = 2_000;

/**
 * One ffmpeg that turns frames into pictures. When this process is gone, however that happened, its input ends, and so does it.
 */
export class PictureProcess {
  readonly #options: PictureProcessOptions;
  readonly #child: ChildProcess;
  readonly #stdin: Writable;
  readonly #times: number[] = [];
  #timeText = '';
  #parts: Buffer[] = [];
  #partBytes = 0;
  #pictures: Buffer[] = [];
  #errors = '';
  #closed = false;

  constructor(options: PictureProcessOptions) {
    this.#options = options;
    const child = spawn(options.ffmpeg, options.args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#stdin = child.stdin;
    // It may end while it is written to; that is told by its exit.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => this.#readPicture(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-MAX_ERROR_CHARACTERS);
    });
    (child.stdio[TIMES_FD] as Readable).on('data', (chunk: Buffer) => this.#readTimes(chunk.toString()));
    child.once('error', (error) => this.#ended(error.message));
    child.once('close', (code, signal) =>
      this.#ended(`ended with ${code ?? signal}: ${this.#errors.trim()}`),
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Bytes that it has not taken yet, beside what the pipe holds. */
  get backlog(): number {
    return this.#stdin.writableLength;
  }

  write(...parts: readonly Buffer[]): void {
    if (this.#closed || this.#stdin.destroyed) return;
    this.#stdin.cork();
    for (const part of parts) this.#stdin.write(part);
    this.#stdin.uncork();
  }

  /** No more comes: it hands over what it still has, and ends. */
  end(): void {
    if (!this.#closed) this.#stdin.end();
  }

  /** Ends it. Nothing is handed over any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stdin.destroy();
    this.#child.stdout?.destroy();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_TIMEOUT_MS);
    this.#child.once('exit', () => clearTimeout(timer));
    // Its output is not read any more, so that it need not finish what it has begun.
    this.#child.kill('SIGTERM');
  }

  #readTimes(text: string): void {
    const lines = (this.#timeText + text).split('\n');
    this.#timeText = lines.pop() ?? '';
    for (const line of lines) {
      const pts = /^frame:\d+\s+pts:(-?\d+)/.exec(line)?.[1];
      if (pts !== undefined) this.#times.push(Number(pts));
    }
    this.#handOver();
  }

  #readPicture(chunk: Buffer): void {
    const { pictureBytes } = this.#options;
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, pictureBytes - this.#partBytes);
      this.#parts.push(taken);
      this.#partBytes += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#partBytes < pictureBytes) break;
      this.#pictures.push(Buffer.concat(this.#parts, pictureBytes));
      this.#parts = [];
      this.#partBytes = 0;
    }
    this.#handOver();
  }

  /** Times and pictures come on two pipes, in the same order. */
  #handOver(): void {
    while (!this.#closed) {
      const [picture] = this.#pictures;
      const [time] = this.#times;
      if (!picture || time === undefined) return;
      this.#pictures.shift();
      this.#times.shift();
      this.#options.onPicture(picture, time);
    }
  }

  #ended(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onExit(reason);
  }
}
