import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import { PROGRAM_DELAY_MS } from '../program/Program.ts';
import { wallClock, type ProgramRun } from '../ProgramRun.ts';
import type { ProgramHappening, RecordingTrouble } from '../sinks/RecordingWriter.ts';
import { Recording } from './Recording.ts';

type Command<Type extends RecorderCommand['type']> = Extract<RecorderCommand, { type: Type }>;

/** The recordings of a programme, until their files are finished. */
export class Recordings {
  readonly #options: { readonly ffmpeg: string; send(event: RecorderEvent): void };
  readonly #open = new Map<string, Recording>();
  readonly #finishing = new Set<Promise<void>>();

  constructor(options: { readonly ffmpeg: string; send(event: RecorderEvent): void }) {
    this.#options = options;
  }

  async open({ recordingId, part }: Command<'openRecording'>, run: ProgramRun): Promise<void> {
    if (this.#open.has(recordingId)) return;
    const recording = await Recording.create({
      ...{ ...this.#options, recordingId, part, run },
      onTrouble: (trouble) => this.#end(recordingId, trouble),
    });
    this.#open.set(recordingId, recording);
    for (const event of run.present) recording.note(event, wallClock());
    run.requestKeyFrame(wallClock());
  }

  pause(recordingId: string): void {
    this.#open.get(recordingId)?.pause(wallClock());
  }

  resume(recordingId: string): void {
    this.#open.get(recordingId)?.resume(wallClock());
  }

  mark({ recordingId, title, at }: Command<'mark'>): void {
    this.#open.get(recordingId)?.note({ type: 'marker', title }, at);
  }

  /** Keeps it beside all of them. */
  note(event: ProgramHappening, at: number): void {
    for (const recording of this.#open.values()) recording.note(event, at);
  }

  /** What the encoder still holds back belongs to it; other commands are done meanwhile. */
  close(recordingId: string): void {
    const open = this.#open.get(recordingId);
    if (!open) return;
    void open.endAt(wallClock()).then(() => this.#end(recordingId));
  }

  /** The encoder was ended before it had put out all that was made until `at`, milliseconds since the epoch. */
  cutAt(at: number): void {
    for (const recording of this.#open.values()) recording.cutAt(at - PROGRAM_DELAY_MS);
  }

  /** Closes all, and waits for their files. */
  async finish(trouble?: RecordingTrouble): Promise<void> {
    for (const recordingId of this.#open.keys()) this.#end(recordingId, trouble);
    await Promise.all(this.#finishing);
  }

  /** Closes what is being written, and finishes nothing. */
  async abandon(): Promise<void> {
    await Promise.all([...this.#open.values()].map((recording) => recording.close()));
  }

  #end(recordingId: string, trouble?: RecordingTrouble): void {
    const open = this.#open.get(recordingId);
    if (!open) return;
    this.#open.delete(recordingId);
    const work = open.finish(trouble);
    this.#finishing.add(work);
    void work.finally(() => this.#finishing.delete(work));
  }
}
