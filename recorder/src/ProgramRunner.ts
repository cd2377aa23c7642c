import type { ProgramJob, RecorderCommand, RecorderEvent, Storage } from '@parley/protocol/recorder';
import { ProgramRun, wallClock, type RoomConnection } from './ProgramRun.ts';
import { Outputs } from './Outputs.ts';
import { recordingFolder } from './recording/Recording.ts';
import { Recordings } from './recording/Recordings.ts';
import { finishRecordingFolder } from './recording/finishRecordingFolder.ts';
import type { ProgramEnd } from './room/ProgramInput.ts';
import type { RecordingTrouble } from './sinks/RecordingWriter.ts';
import type { PatienceLimits } from './util/Patience.ts';

/** What an encoder may take to put out what it holds back: as long as it goes on, for some time. */
const END_PATIENCE: PatienceLimits = { silence: 10_000, most: 60_000 };
/** The same where all must be over within a second. */
const HURRIED: PatienceLimits = { silence: 600, most: 600 };

export interface RunnerOptions {
  readonly ffmpeg: string;
  connect(job: ProgramJob): Promise<RoomConnection>;
  send(event: RecorderEvent): void;
}

/** Runs one programme as the server commands, and tells what becomes of it. */
export class ProgramRunner {
  readonly #options: RunnerOptions;
  readonly #recordings: Recordings;
  readonly #outputs: Outputs;
  readonly #finishing = new Set<Promise<void>>();
  #run: ProgramRun | undefined;
  #queue: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#recordings = new Recordings(options);
    this.#outputs = new Outputs(options);
  }

  /** Process id of the encoder, while one runs. */
  get encoderPid(): number | undefined {
    return this.#run?.encoderPid;
  }

  /** Does what it is told, one after the other. What fails is told as an event; this never throws. */
  handle(command: RecorderCommand): Promise<void> {
    this.#queue = this.#queue
      .then(() => (this.#isOver ? undefined : this.#dispatch(command)))
      .catch((error: unknown) => this.#fail(troubleOf(error)));
    return this.#queue;
  }

  /** Everything is closed as fast as it can be; files are left to be finished later. */
  async abandon(): Promise<void> {
    this.#isOver = true;
    await this.#run?.end(HURRIED);
    await Promise.all([this.#recordings.abandon(), this.#outputs.close()]);
  }

  #dispatch(command: RecorderCommand): Promise<void> | void {
    switch (command.type) {
      case 'start':
        return this.#start(command.job);
      case 'openRecording':
        return this.#run && this.#recordings.open(command, this.#run);
      case 'pauseRecording':
        return this.#recordings.pause(command.recordingId);
      case 'resumeRecording':
        return this.#recordings.resume(command.recordingId);
      case 'mark':
        return this.#recordings.mark(command);
      case 'closeRecording':
        return this.#recordings.close(command.recordingId);
      case 'finishRecording':
        return this.#finishLater(command);
      case 'addTarget':
        return this.#run && this.#outputs.addTarget(command, this.#run);
      case 'removeTarget':
        return this.#outputs.remove(command.targetId);
      case 'openPage':
        return this.#run && this.#outputs.openPage(command, this.#run);
      case 'closePage':
        return this.#outputs.remove(command.liveId);
      case 'openFeed':
        return this.#run && this.#outputs.openFeed(command, this.#run);
      case 'closeFeed':
        return this.#outputs.remove(command.feedId);
      case 'setLayout':
        return this.#run?.setLayout(command.layout);
      case 'stop':
        return this.#stop();
    }
  }

  async #start(job: ProgramJob): Promise<void> {
    if (this.#run) throw new Error('The programme runs already.');
    const { ffmpeg, send, connect } = this.#options;
    const room = await connect(job);
    this.#run = new ProgramRun({
      ...{ job, room, ffmpeg, send },
      onHappening: (event, at) => this.#recordings.note(event, at),
      onFailed: (message) => void this.#fail({ code: 'PROGRAM_ENCODER_FAILED', message }),
      onRoomEnded: (end) => void this.#onRoomEnded(end),
    });
    send({ type: 'running' });
  }

  #onRoomEnded({ reason, message }: ProgramEnd): Promise<void> {
    return reason === 'unreachable'
      ? this.#fail({ code: 'PROGRAM_ROOM_UNREACHABLE', message })
      : this.#stop();
  }

  /** Needs no programme; others may be done meanwhile. */
  #finishLater({ recordingId, storage }: { recordingId: string; storage: Storage }): void {
    const folder = recordingFolder(storage, recordingId);
    const work = finishRecordingFolder({ ...this.#options, recordingId, folder, storage, title: '' });
    this.#finishing.add(work);
    void work.finally(() => this.#finishing.delete(work));
  }

  async #stop(): Promise<void> {
    this.#isOver = true;
    const at = wallClock();
    const isWhole = await this.#run?.end(END_PATIENCE);
    if (isWhole === false) this.#recordings.cutAt(at);
    await Promise.all([this.#recordings.finish(), this.#outputs.close(), ...this.#finishing]);
    await this.#run?.leave();
    this.#options.send({ type: 'ended' });
  }

  /** Recordings keep what they have. */
  async #fail(trouble: RecordingTrouble): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#run?.end(HURRIED);
    await Promise.all([this.#recordings.finish(trouble), this.#outputs.close(), ...this.#finishing]);
    await this.#run?.leave();
    this.#options.send({ type: 'failed', ...trouble });
  }
}

function troubleOf(error: unknown): RecordingTrouble {
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : 'PROGRAM_FAILED';
  return { code, message };
}
