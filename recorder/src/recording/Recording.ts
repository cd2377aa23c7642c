import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecorderEvent, Storage } from '@parley/protocol/recorder';
import { PROGRAM_DELAY_MS } from '../program/Program.ts';
import type { ProgramRun } from '../ProgramRun.ts';
import { FileSink } from '../sinks/FileSink.ts';
import { partOf } from '../sinks/partNames.ts';
import type { ProgramHappening, RecordingTrouble, RecordingWriter } from '../sinks/RecordingWriter.ts';
import { TracksWriter } from '../tracks/TracksWriter.ts';
import { VaultKey } from '../vault/index.ts';
import { finishRecordingFolder } from './finishRecordingFolder.ts';

export interface RecordingOptions {
  readonly recordingId: string;
  /** Number of its first part, at least: none that is there is written to again. */
  readonly part: number;
  readonly run: ProgramRun;
  readonly ffmpeg: string;
  send(event: RecorderEvent): void;
  /** It has ended by itself: its files are to be finished. */
  onTrouble(trouble: RecordingTrouble): void;
}

/** One recording of a programme, from its first part until its files are finished. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #folder: string;
  readonly #sink: FileSink | undefined;
  readonly #writers: readonly RecordingWriter[];

  private constructor(options: RecordingOptions, folder: string) {
    const { kind } = options.run.job;
    this.#options = options;
    this.#folder = folder;
    this.#sink = kind === 'tracks' ? undefined : this.#mixed(kind === 'audio' ? 'audio' : 'composite');
    const tracks = kind === 'composite' ? [] : [this.#tracks(kind === 'audio' ? 'microphones' : 'all')];
    this.#writers = [...(this.#sink ? [this.#sink] : []), ...tracks];
  }

  /** @throws {Error} where its folder cannot be made */
  static async create(options: RecordingOptions): Promise<Recording> {
    const folder = recordingFolder(options.run.job.storage, options.recordingId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A recorder that was killed before it told of its part has left files nonetheless.
    const last = Math.max(0, ...(await readdir(folder)).map(partOf));
    return new Recording({ ...options, part: Math.max(options.part, last + 1) }, folder);
  }

  /** A programme shows a little later what happens, tracks have it at once: nothing that comes from now on is kept of either. */
  pause(now: number): void {
    for (const writer of this.#writers) writer.pause(writer === this.#sink ? now - PROGRAM_DELAY_MS : now);
  }

  resume(at: number): void {
    for (const writer of this.#writers) writer.resume(at);
  }

  note(event: ProgramHappening, at: number): void {
    for (const writer of this.#writers) writer.note(event, at);
  }

  async endAt(at: number): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.endAt(at)));
  }

  /** The encoder was ended before it had put out all that happened until `at`, milliseconds since the epoch. */
  cutAt(at: number): void {
    this.#sink?.cutAt(at);
  }

  /** Closes what is being written; it can be finished later. */
  async close(): Promise<void> {
    if (this.#sink) this.#options.run.hub.delete(this.#sink);
    await Promise.all(this.#writers.map((writer) => writer.close()));
  }

  /** Closes its part, makes finished files, and tells how it ended. */
  async finish(trouble?: RecordingTrouble): Promise<void> {
    await this.close();
    const { recordingId, run, ffmpeg, send } = this.#options;
    const { storage, room } = run.job;
    const request = { recordingId, folder: this.#folder, storage, title: room.title, ffmpeg, send };
    const seconds = Math.round((this.#sink?.missingMs ?? 0) / 1000);
    const message = `The last ${seconds} s are missing: the machine was too busy to encode them in time.`;
    await finishRecordingFolder({ ...request, ...(seconds > 0 && { message }) }, trouble);
  }

  #mixed(name: 'composite' | 'audio'): FileSink {
    const { run, send } = this.#options;
    const sink = new FileSink({
      ...{ ...this.#options, ...this.#place, name, format: run.job.format },
      onEvent: send,
      onResumed: (at) => run.requestKeyFrame(at),
    });
    run.hub.add(sink);
    return sink;
  }

  #tracks(what: 'all' | 'microphones'): TracksWriter {
    const { run, send } = this.#options;
    return new TracksWriter({ ...this.#options, ...this.#place, what, input: run.input, onEvent: send });
  }

  get #place(): { folder: string; key: VaultKey | null; reserveBytes: number } {
    const { key, reserveBytes } = this.#options.run.job.storage;
    return { folder: this.#folder, key: key === null ? null : VaultKey.parse(key), reserveBytes };
  }
}

export function recordingFolder(storage: Storage, recordingId: string): string {
  if (!/^[\w-]+$/.test(recordingId)) throw new RangeError('A recordingId is made of letters and digits.');
  return join(storage.folder, recordingId);
}
