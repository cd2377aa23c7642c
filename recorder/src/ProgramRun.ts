import type { PictureLayout } from '@parley/protocol';
import type { ProgramJob, RecorderEvent } from '@parley/protocol/recorder';
import { EncoderLine } from './encode/EncoderLine.ts';
import { Program } from './program/Program.ts';
import { Happenings } from './recording/Happenings.ts';
import type { ProgramEnd, ProgramInput } from './room/ProgramInput.ts';
import type { ProgramHappening } from './sinks/RecordingWriter.ts';
import { SinkHub } from './sinks/SinkHub.ts';
import { CpuMeter } from './util/CpuMeter.ts';
import type { PatienceLimits } from './util/Patience.ts';

const STATS_MS = 5000;

/** The way into a room, and out of it. */
export interface RoomConnection {
  readonly input: ProgramInput;
  leave(): Promise<void>;
}

export interface ProgramRunOptions {
  readonly job: ProgramJob;
  readonly room: RoomConnection;
  readonly ffmpeg: string;
  send(event: RecorderEvent): void;
  /** Something worth keeping beside recordings. */
  onHappening(event: ProgramHappening, at: number): void;
  /** It cannot go on. */
  onFailed(message: string): void;
  /** The room is over for it. */
  onRoomEnded(end: ProgramEnd): void;
}

/** A programme that is being made: room, picture and sound, encoder, and who takes it. */
export class ProgramRun {
  readonly job: ProgramJob;
  readonly hub = new SinkHub();
  /** Who takes the sound as it is mixed, with when it was heard (milliseconds since the epoch). */
  readonly listeners = new Set<(samples: Float32Array, happened: number) => void>();
  readonly #options: ProgramRunOptions;
  /** Tracks are written as they are sent: nothing is made of them. */
  readonly #made: { readonly program: Program; readonly encoder: EncoderLine } | undefined;
  readonly #happenings: Happenings;
  readonly #cpu = new CpuMeter();
  readonly #statsTimer: NodeJS.Timeout;
  #pictures = 0;
  #isEnding = false;

  constructor(options: ProgramRunOptions) {
    const { job, room } = options;
    this.job = job;
    this.#options = options;
    if (job.kind !== 'tracks') this.#made = this.#make(job.kind === 'composite');
    this.#happenings = new Happenings(room.input, options.onHappening);
    room.input.on('ended', this.#onRoomEnded);
    this.#made?.program.start();
    this.#statsTimer = setInterval(() => this.#tellStats(), STATS_MS);
  }

  get input(): ProgramInput {
    return this.#options.room.input;
  }

  /** Of those who are here, as they came. */
  get present(): readonly ProgramHappening[] {
    return this.#happenings.present;
  }

  get encoderPid(): number | undefined {
    return this.#made?.encoder.pid;
  }

  setLayout(layout: PictureLayout): void {
    this.#made?.program.setLayout(layout);
    this.#options.onHappening({ type: 'layout', layout: layout.kind }, wallClock());
  }

  /** @param at from when on, milliseconds since the epoch */
  requestKeyFrame(at: number): void {
    this.#made?.encoder.requestKeyFrame(at);
  }

  /** Ends when sinks have all that was made, or patience is over. @returns whether they have all */
  async end(patience: PatienceLimits): Promise<boolean> {
    if (this.#isEnding) return true;
    this.#isEnding = true;
    clearInterval(this.#statsTimer);
    this.#options.room.input.off('ended', this.#onRoomEnded);
    this.#happenings.close();
    this.#made?.program.close();
    return (await this.#made?.encoder.end(patience)) ?? true;
  }

  leave(): Promise<void> {
    return this.#options.room.leave();
  }

  readonly #onRoomEnded = (end: ProgramEnd): void => this.#options.onRoomEnded(end);

  #make(video: boolean): { program: Program; encoder: EncoderLine } {
    const { job, room, ffmpeg, send, onFailed } = this.#options;
    const { format, settings, layout } = job;
    const encoder: EncoderLine = new EncoderLine({
      ...{ ffmpeg, onFailed, plan: { format, video, settings } },
      wallClock: (position) => program.wallClock(position),
      positionAt: (wallClock) => program.positionAt(wallClock),
      onRun: (run) => this.hub.begin(run),
      onFragment: (fragment) => this.hub.write(fragment),
      onCrash: (message) => send({ type: 'crash', what: 'encoder', message }),
    });
    const program: Program = new Program({
      ...{ input: room.input, settings, layout, video },
      output: {
        onPicture: (frame, position) => encoder.writePicture(frame, position),
        onSound: (samples, position) => {
          encoder.writeSound(samples, position);
          for (const listener of this.listeners) listener(samples, program.wallClock(position));
        },
      },
    });
    return { program, encoder };
  }

  #tellStats(): void {
    const made = this.#made?.program.pictures ?? 0;
    const pictures = made - this.#pictures;
    this.#pictures = made;
    this.#options.send({
      type: 'stats',
      cpu: this.#cpu.read(),
      frameRate: (pictures * 1000) / STATS_MS,
      droppedFrames: (this.#made?.program.missedPictures ?? 0) + (this.#made?.encoder.droppedPictures ?? 0),
      people: this.input.participants.length,
    });
  }
}

/** Milliseconds since the epoch, by the monotonic clock of this process. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
