import type { Logger } from '../observability/logger.ts';
import type { RecordingStore } from '../recordings/ports.ts';
import { hasEnded, type RecordingRecord } from '../recordings/RecordingRecord.ts';
import type { RecordedRoom } from '../room/ports.ts';
import type { Finisher } from './Finisher.ts';
import { together } from './RecordingJob.ts';
import { toBeCopied } from './toBeCopied.ts';

/** How long a recording that was cut waits for people to come back, ms. */
const RETURN_MS = 5 * 60_000;

interface RecoveryOptions {
  store: Pick<RecordingStore, 'open' | 'save'>;
  finisher: Pick<Finisher, 'finish'>;
  /** Whether what does not go on is to be brought to one. */
  hasBucket: boolean;
  logger: Logger;
  /** Goes on with one in its room. May throw. */
  resume(record: RecordingRecord, room: RecordedRoom): void;
  /** One does not go on, and its files are still to be finished. @param room where people are in it */
  stopped(record: RecordingRecord, room: RecordedRoom | undefined): void;
  /** One is finished, and does not go on any more. */
  ended(record: RecordingRecord, room: RecordedRoom | undefined): void;
}

interface Cut {
  record: RecordingRecord;
  /** Its files are; it waits for people. */
  isFinished: boolean;
  isStopped: boolean;
}

/** Recordings that the end of the server's process had cut: their files are finished, and they go on when people are back. */
export class Recovery {
  readonly #options: RecoveryOptions;
  /** Those that may go on, or are being finished; by recordingId. */
  readonly #cuts = new Map<string, Cut>();
  /** Rooms in which people are. */
  readonly #rooms = new Map<string, RecordedRoom>();
  #deadline: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  start(): void {
    const open = this.#options.store.open();
    if (open.length === 0) return;
    this.#options.logger.info({ count: open.length }, 'recordings were cut when the server ended');
    this.#deadline = setTimeout(() => this.#giveUp(), RETURN_MS).unref();
    for (const record of open) {
      const cut = { record, isFinished: false, isStopped: false };
      this.#cuts.set(record.recordingId, cut);
      void this.#recover(cut);
    }
  }

  /** Those of a room that are to go on. */
  waiting(roomId: string): RecordingRecord[] {
    return this.#cutsIn(roomId).flatMap(({ record }) => (record.state === 'finishing' ? [] : [record]));
  }

  /** It does not go on any more; does nothing where it is none of these. */
  stop(recordingId: string): void {
    const cut = this.#cuts.get(recordingId);
    if (!cut || cut.isStopped || this.#closed) return;
    cut.isStopped = true;
    if (cut.isFinished) return this.#end(cut);
    cut.record = { ...cut.record, state: 'finishing', pausedAt: null };
    this.#options.store.save(cut.record);
    this.#options.stopped(cut.record, this.#rooms.get(cut.record.room.roomId));
  }

  peopleCame(room: RecordedRoom): void {
    if (this.#deadline === undefined) return;
    this.#rooms.set(room.roomId, room);
    for (const cut of this.#cutsIn(room.roomId)) if (cut.isFinished) this.#goOn(cut, room);
  }

  meetingEnded(roomId: string): void {
    for (const { record } of this.#cutsIn(roomId)) this.stop(record.recordingId);
    this.#rooms.delete(roomId);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#deadline);
  }

  #cutsIn(roomId: string): Cut[] {
    return [...this.#cuts.values()].filter(({ record }) => record.room.roomId === roomId);
  }

  async #recover(cut: Cut): Promise<void> {
    const { record } = cut;
    const recovered = hasEnded(record) ? { ...record, wasCut: true } : await this.#finish(cut);
    if (!recovered || this.#closed) return;
    cut.record = recovered;
    cut.isFinished = true;
    const room = this.#rooms.get(recovered.room.roomId);
    if (!recovered.isResumable || this.#deadline === undefined) this.#end(cut);
    else if (room) this.#goOn(cut, room);
  }

  async #finish(cut: Cut): Promise<RecordingRecord | undefined> {
    const finished = await this.#options.finisher.finish(cut.record.recordingId);
    if (!finished) return undefined;
    if (finished.isUndone) return this.#leave(cut);
    // Somebody may have ended it meanwhile.
    const { record, isStopped } = cut;
    const { problem, parts, ...besides } = together(record, finished);
    const isLost = parts.length === 0;
    const isWhole = record.state === 'finishing' && !isStopped && !record.wasCut;
    const recovered = this.#toBeCopied({
      ...record,
      state: isLost ? 'failed' : isWhole ? 'ready' : 'recovered',
      message: problem ?? (isLost ? 'The server ended before anything was recorded.' : record.message),
      ...{ parts, ...besides },
      lastPart: Math.max(record.lastPart, ...parts.map(({ part }) => part)),
      endedAt: Date.now(),
      wasCut: true,
      isResumable: record.state !== 'finishing' && record.breakoutId === null,
    });
    this.#options.store.save(recovered);
    return recovered;
  }

  /** The next start of the server finishes it. It does not go on then: until then people can begin another. */
  #leave({ record }: Cut): undefined {
    const left: RecordingRecord = { ...record, state: 'finishing', pausedAt: null, wasCut: true };
    this.#cuts.delete(record.recordingId);
    this.#options.logger.error(
      { recordingId: record.recordingId },
      'what a crash has left could not be finished; the next start of the server tries it again',
    );
    this.#options.store.save(left);
    this.#options.stopped(left, this.#rooms.get(record.room.roomId));
  }

  #goOn(cut: Cut, room: RecordedRoom): void {
    const { record } = cut;
    if (room.meetingId !== record.meetingId) return this.#end(cut);
    this.#cuts.delete(record.recordingId);
    try {
      this.#options.resume(record, room);
    } catch (error) {
      this.#options.logger.warn({ err: error, recordingId: record.recordingId }, 'a recording cannot go on');
      const message = error instanceof Error ? error.message : '';
      cut.record = { ...record, message: `It could not go on when the server was back. ${message}` };
      this.#end(cut);
    }
  }

  #end({ record }: Cut): void {
    const ended = this.#toBeCopied({ ...record, isResumable: false });
    this.#cuts.delete(record.recordingId);
    this.#options.store.save(ended);
    this.#options.ended(ended, this.#rooms.get(record.room.roomId));
  }

  #toBeCopied(record: RecordingRecord): RecordingRecord {
    return toBeCopied(record, this.#options.hasBucket);
  }

  #giveUp(): void {
    this.#deadline = undefined;
    for (const cut of [...this.#cuts.values()]) if (cut.isFinished) this.#end(cut);
    this.#rooms.clear();
  }
}
