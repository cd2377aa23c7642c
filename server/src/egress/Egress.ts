import { ParleyError, type EgressState, type PictureLayout, type RecordingInfo } from '@parley/protocol';
import type { ProgramJob, ProgramSettings, Storage } from '@parley/protocol/recorder';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { RecordingStore } from '../recordings/ports.ts';
import { hasEnded, recordingInfoOf, type RecordingRecord } from '../recordings/RecordingRecord.ts';
import type {
  CurrentRecording,
  Egress as EgressPort,
  LiveWish,
  RecordedRoom,
  RecordingAction,
  RecordingWish,
} from '../room/ports.ts';
import type { RoomFact, RoomNow, RoomObserver } from '../room/RoomEvents.ts';
import { newId } from '../util/ids.ts';
import type { Capacity } from './Capacity.ts';
import { DiskWatch } from './DiskWatch.ts';
import { Feeds } from './Feeds.ts';
import { Finisher } from './Finisher.ts';
import { LateCopies } from './LateCopies.ts';
import { LiveStreams, type LiveStreamsOptions } from './LiveStreams.ts';
import { newRecord } from './newRecord.ts';
import { Program, ProgramError } from './Program.ts';
import type { RecorderProgram } from './RecorderProcess.ts';
import { RecordingJob, type JobListener } from './RecordingJob.ts';
import { Recovery } from './Recovery.ts';
import { waitingInfoOf } from './waitingInfo.ts';

/** How long people see that a recording has failed, ms. */
const FAILURE_SHOWN_MS = 60_000;
/** How long a recorder may say nothing while it finishes files, ms: it tells some times a minute that it goes on. */
const FINISH_PATIENCE_MS = 60_000;
/** How long a shutdown waits for files to be finished, ms; what is not is finished at the next start. */
const CLOSE_MS = 3000;

export interface EgressOptions {
  isEnabled: boolean;
  recorder: RecorderProgram;
  settings: ProgramSettings;
  storage: Storage;
  /** Days that recordings are kept; 0 is for ever. */
  retention: number;
  capacity: Capacity;
  store: Pick<RecordingStore, 'open' | 'save' | 'find' | 'uncopied'>;
  live: Pick<LiveStreamsOptions, 'pages' | 'folder' | 'windowSeconds' | 'allowPrivateTargets'>;
  observer: RoomObserver;
  /** A token by which a recorder joins. */
  sign(identity: string, room: string): string;
  logger: Logger;
  metrics: Metrics;
  /** Bytes that are free on the disk; given in tests. */
  measureDisk?: (folder: string) => Promise<number>;
  /** ms; given in tests. */
  finishPatience?: number;
}

/** Where recorders find this server. */
export interface RecorderAddress {
  /** ws or wss, of this machine. */
  url: string;
  /** PEM of the one certificate that it shows; null with ws. */
  certificate: string | null;
}

/** What a program shows; where the layout does not matter, that of the one that runs. */
type ProgramWish = Pick<RecordingRecord, 'kind' | 'format' | 'breakoutId'> & {
  layout: PictureLayout | undefined;
};

interface Place {
  key: string;
  program: Program;
  job: ProgramJob;
  roomId: string;
  breakoutId: string | null;
}

/**
 * Records rooms. A program is a recorder process that makes a picture and sound of a place; a recording is one of the things
 * that are made of it, and shares it with others that want the same.
 */
export class Egress implements EgressPort, JobListener, RoomObserver {
  readonly live: LiveStreams;
  readonly feeds: Feeds;
  readonly #options: EgressOptions;
  readonly #finisher: Finisher;
  readonly #disk: DiskWatch;
  readonly #recovery: Recovery;
  readonly #lateCopies: LateCopies;
  readonly #places = new Map<string, Place>();
  readonly #jobs = new Map<string, RecordingJob>();
  /** Rooms of the jobs, which may be gone from elsewhere. */
  readonly #rooms = new Map<string, RecordedRoom>();
  #address: RecorderAddress | undefined;
  #closing = false;

  constructor(options: EgressOptions) {
    this.#options = options;
    const { recorder, storage, logger, metrics, store, measureDisk } = options;
    const finishing = { recorder, logger, patience: this.#finishPatience };
    this.#finisher = new Finisher({ ...finishing, storage: this.#localStorage });
    this.#lateCopies = new LateCopies({
      ...{ store, logger },
      finisher: new Finisher({ ...finishing, storage }),
      changed: (record) => this.#tell(record, 'updated'),
    });
    this.#disk = new DiskWatch({
      ...{ folder: storage.folder, reserve: storage.reserveBytes, logger, metrics },
      ...(measureDisk && { measure: measureDisk }),
      full: () => this.#stopForDisk(),
    });
    this.live = new LiveStreams({
      ...options.live,
      programFor: (room, wish) => this.#liveProgram(room, wish),
      ...{ explain, logger },
    });
    this.feeds = new Feeds({ programFor: (room) => this.#liveProgram(room), explain });
    this.#recovery = new Recovery({
      ...{ store, finisher: this.#finisher, hasBucket: this.#hasBucket, logger },
      resume: (record, room) => this.#resume(record, room),
      stopped: (record, room) => this.#tellCut(record, 'updated', room),
      ended: (record, room) => {
        this.#tellCut(record, 'ended', room);
        this.#lateCopies.soon();
      },
    });
  }

  /** The server listens: recorders can join, and what a former process had left is put in order. */
  async open(address: RecorderAddress): Promise<void> {
    this.#address = address;
    await this.#disk.look();
    if (!this.#options.isEnabled) return;
    this.#recovery.start();
    this.#lateCopies.start();
  }

  stateOf(roomId: string, breakoutId: string | null): Pick<EgressState, 'recordings'> {
    const isHere = (record: RecordingRecord): boolean =>
      record.room.roomId === roomId && record.breakoutId === breakoutId;
    const running = [...this.#jobs.values()].filter(({ record }) => isHere(record)).map(({ info }) => info);
    const waiting = this.#recovery.waiting(roomId).filter(isHere).map(waitingInfoOf);
    return { recordings: [...running, ...waiting] };
  }

  current(roomId: string): CurrentRecording[] {
    return [...this.#jobs.values()]
      .filter((job) => job.record.room.roomId === roomId && !job.isOver)
      .map(({ record }) => currentOf(record));
  }

  waiting(roomId: string): CurrentRecording[] {
    return this.#recovery.waiting(roomId).map(currentOf);
  }

  begin(room: RecordedRoom, wish: RecordingWish): { recordingId: string; running: Promise<void> } {
    // What was cut goes on in its meeting, but for breakout rooms.
    const goesOn = this.#recovery
      .waiting(room.roomId)
      .filter(({ meetingId, breakoutId }) => meetingId === room.meetingId && breakoutId === null);
    const isRunning = [...this.current(room.roomId), ...goesOn].some(
      ({ breakoutId, kind }) => breakoutId === wish.breakoutId && kind === wish.kind,
    );
    if (isRunning) throw new ParleyError('RECORDING_RUNNING');
    const job = this.#open(newRecord(room, wish, this.#options.storage), room);
    return { recordingId: job.recordingId, running: job.program.running.catch(explain) };
  }

  control(recordingId: string, action: RecordingAction): void {
    const job = this.#jobs.get(recordingId);
    if (job) return job.control(action);
    if (action.type !== 'stop') throw new ParleyError('WRONG_STATE', { message: NOT_YET });
    this.#recovery.stop(recordingId);
  }

  peopleCame(room: RecordedRoom): void {
    this.#recovery.peopleCame(room);
  }

  meetingEnded(roomId: string): void {
    this.#recovery.meetingEnded(roomId);
    for (const job of this.#jobs.values()) if (job.record.room.roomId === roomId) job.stop();
  }

  placeOf(identity: string): { breakoutId: string | null } | undefined {
    const place = [...this.#places.values()].find(({ job }) => identityOf(job.programId) === identity);
    return place && { breakoutId: place.breakoutId };
  }

  recorderRemoved(identity: string): void {
    for (const job of this.#jobs.values()) if (identityOf(job.program.programId) === identity) job.stop();
    for (const { program } of this.#places.values())
      if (identityOf(program.programId) === identity) {
        this.live.programRemoved(program);
        this.feeds.programRemoved(program);
      }
  }

  /** Ends all; what runs goes on when the server and people are back. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#disk.close();
    this.#recovery.close();
    this.live.close();
    for (const job of this.#jobs.values()) job.interrupt();
    await Promise.all([
      this.#finisher.close(),
      this.#lateCopies.close(),
      ...[...this.#places.values()].map(({ program }) => program.stop(CLOSE_MS)),
    ]);
  }

  handleFact(_room: RoomNow, fact: RoomFact): void {
    if (fact.type === 'recordingDeleted') this.#lateCopies.drop(fact.recording.recordingId);
  }

  changed(job: RecordingJob, what: 'started' | 'updated' | 'ended'): void {
    const { record } = job;
    if (what === 'ended') this.#handleEnd(job);
    this.#rooms.get(record.recordingId)?.egressChanged(record.breakoutId);
    this.#tell(record, what);
    if (what === 'ended') this.#lateCopies.soon();
  }

  progressed({ record }: RecordingJob): void {
    this.#rooms.get(record.recordingId)?.egressChanged(record.breakoutId);
  }

  partOpened({ record }: RecordingJob, part: { part: number; startedAt: number; why: string }): void {
    this.#fact(record, { type: 'recordingPart', recording: this.#infoOf(record), part });
  }

  /** Pids of the recorders that run, by programId; for tests and for whoever looks into a fault. */
  get pids(): ReadonlyMap<string, number> {
    return new Map([...this.#places.values()].map(({ program }) => [program.programId, program.pid]));
  }

  get #finishPatience(): number {
    return this.#options.finishPatience ?? FINISH_PATIENCE_MS;
  }

  get #hasBucket(): boolean {
    return this.#options.storage.bucket !== null;
  }

  /** What recorders know of: neither the end of a recording nor its going on waits until a bucket has taken it. */
  get #localStorage(): Storage {
    return { ...this.#options.storage, bucket: null };
  }

  #open(record: RecordingRecord, room: RecordedRoom): RecordingJob {
    if (!this.#options.isEnabled) throw new ParleyError('RECORDING_OFF');
    if (this.#closing || !this.#address) throw new ParleyError('SHUTTING_DOWN');
    this.#disk.assertRoom();
    const program = this.#programFor(record, room);
    const job = new RecordingJob({
      ...{ record, program, finisher: this.#finisher, listener: this },
      ...{ finishPatience: this.#finishPatience, hasBucket: this.#hasBucket },
      save: (changed) => this.#options.store.save(changed),
    });
    this.#options.store.save(record);
    this.#jobs.set(job.recordingId, job);
    this.#rooms.set(job.recordingId, room);
    this.#options.metrics.recordings.inc();
    program.add(job);
    this.changed(job, record.lastPart === 0 ? 'started' : 'updated');
    return job;
  }

  /** Goes on with what the end of a former process had cut. Throws as `begin` does. */
  #resume(record: RecordingRecord, room: RecordedRoom): void {
    const state = record.pausedAt === null ? 'starting' : 'paused';
    this.#open({ ...record, state, message: '', isResumable: false, endedAt: null }, room);
  }

  #liveProgram(room: RecordedRoom, wish?: LiveWish): Program {
    if (!this.#options.isEnabled) throw new ParleyError('RECORDING_OFF');
    if (this.#closing || !this.#address) throw new ParleyError('SHUTTING_DOWN');
    if (wish?.page && !wish.goesOn) this.#disk.assertRoom();
    const layout = wish?.layout;
    return this.#programFor({ kind: 'composite', format: 'mp4', layout, breakoutId: null }, room);
  }

  /** The one that runs there already, where the same is wanted of it. Throws RECORDING_CAPACITY. */
  #programFor({ kind, format, layout, breakoutId }: ProgramWish, room: RecordedRoom): Program {
    const key = [room.roomId, breakoutId ?? '', kind, format].join('/');
    const existing = this.#places.get(key);
    if (existing && !existing.program.isOver) {
      if (layout) existing.program.setLayout(layout);
      return existing.program;
    }
    const running = [...this.#places.values()].map(({ job }) => job.kind);
    this.#options.capacity.assertFits(kind, running);
    const { recorder, logger, sign } = this.#options;
    const job = this.#jobFor(room, { kind, format, layout: layout ?? { kind: 'grid', focus: null } });
    const program = new Program({
      ...{ recorder, job, logger },
      token: () => sign(identityOf(job.programId), room.name),
      ended: () => {
        if (this.#places.get(key)?.program === program) this.#places.delete(key);
        this.#options.metrics.programs.set(this.#places.size);
      },
    });
    this.#places.set(key, { key, program, job, roomId: room.roomId, breakoutId });
    this.#options.metrics.programs.set(this.#places.size);
    return program;
  }

  #jobFor(
    room: RecordedRoom,
    what: { kind: ProgramJob['kind']; format: ProgramJob['format']; layout: PictureLayout },
  ): ProgramJob {
    if (!this.#address) throw new ParleyError('SHUTTING_DOWN');
    const programId = newId('PR');
    const { url, certificate } = this.#address;
    const title = room.info.settings.title || room.name;
    const { settings } = this.#options;
    const storage = this.#localStorage;
    return { programId, ...what, settings, storage, room: { url, certificate, token: '', title } };
  }

  #handleEnd({ recordingId, record }: RecordingJob): void {
    this.#options.metrics.recordings.dec();
    const room = this.#rooms.get(recordingId);
    const forget = (): void => {
      this.#jobs.delete(recordingId);
      this.#rooms.delete(recordingId);
      if (room && !this.#closing) room.egressChanged(record.breakoutId);
    };
    if (record.state === 'failed') setTimeout(forget, FAILURE_SHOWN_MS).unref();
    else queueMicrotask(forget);
  }

  #stopForDisk(): void {
    for (const job of this.#jobs.values())
      job.stop(
        'The disk for recordings is nearly full, so the recording was ended. What was recorded is kept.',
      );
  }

  #tell(record: RecordingRecord, what: 'started' | 'updated' | 'ended'): void {
    const { recordingId, state, message } = record;
    this.#options.logger.info({ recordingId, state, room: record.room.name, message }, `recording ${what}`);
    const type = ({ started: 'egressStarted', updated: 'egressUpdated', ended: 'egressEnded' } as const)[
      what
    ];
    // One that goes on when people are back, or is finished later, has not ended for those outside.
    const isEnd = what === 'ended' && (record.isResumable || !hasEnded(record));
    this.#fact(record, { type: isEnd ? 'egressUpdated' : type, recording: this.#infoOf(record) });
  }

  #tellCut(record: RecordingRecord, what: 'updated' | 'ended', room: RecordedRoom | undefined): void {
    if (!this.#closing) room?.egressChanged(record.breakoutId);
    this.#tell(record, what);
  }

  #fact({ recordingId, room, meetingId }: RecordingRecord, fact: RoomFact): void {
    const info = this.#rooms.get(recordingId)?.info ?? room;
    try {
      this.#options.observer.handleFact({ info, meetingId }, fact);
    } catch (err) {
      this.#options.logger.error({ err, fact: fact.type }, 'an observer of recordings failed');
    }
  }

  #infoOf(record: RecordingRecord): RecordingInfo {
    return recordingInfoOf(record, this.#options.retention);
  }
}

const NOT_YET =
  'The server was started again, and the recording has not gone on yet. Please try again in a moment, or stop it.';

const currentOf = (record: RecordingRecord): CurrentRecording => {
  const { recordingId, breakoutId, kind, breakouts, parentRecordingId, pausedAt } = record;
  return { recordingId, breakoutId, kind, breakouts, parentRecordingId, isPaused: pausedAt !== null };
};

const identityOf = (programId: string): string => `recorder-${programId}`;

/** Throws what a person can be told. */
function explain(error: unknown): never {
  if (!(error instanceof ProgramError)) throw error;
  if (error.code === 'ffmpeg_not_found')
    throw new ParleyError('RECORDING_FFMPEG_MISSING', { details: { reason: error.message }, cause: error });
  throw new ParleyError('RECORDING_FAILED', {
    message: `The recording could not be started. ${error.message}`,
    details: { reason: error.code },
    cause: error,
  });
}
