import { isDeepStrictEqual } from 'node:util';
import { ParleyError, type PictureLayout, type RunningRecording } from '@parley/protocol';
import type { PartInfo, RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { RecordingAction } from '../room/ports.ts';
import { hasEnded, type RecordingRecord } from '../recordings/RecordingRecord.ts';
import type { Finished, Finisher } from './Finisher.ts';
import { Patience } from './Patience.ts';
import type { Program, ProgramFailure, ProgramOutput } from './Program.ts';
import { toBeCopied } from './toBeCopied.ts';

type EventOf<T extends RecorderEvent['type']> = Extract<RecorderEvent, { type: T }>;

export interface JobListener {
  /** It is on disk. `what` is for those outside who follow it. */
  changed(job: RecordingJob, what: 'started' | 'updated' | 'ended'): void;
  /** More of its files is finished: only for those who look. */
  progressed(job: RecordingJob): void;
  /** It goes on in another part, because something had crashed. */
  partOpened(job: RecordingJob, part: { part: number; startedAt: number; why: string }): void;
}

interface JobOptions {
  record: RecordingRecord;
  program: Program;
  finisher: Pick<Finisher, 'finish'>;
  save(record: RecordingRecord): void;
  listener: JobListener;
  /** How long a recorder may say nothing while it finishes files, ms. */
  finishPatience: number;
  /** Whether it is to be brought to one when it is over. */
  hasBucket: boolean;
}

/** After so long people want to know why it does not begin, ms; before whoever began it gets their answer. */
const SLOW_START_MS = 7000;
const SLOW_START = 'The recorder is still starting: the machine is busy.';

/** A recording that goes on, as one of the things that are made of a program. */
export class RecordingJob implements ProgramOutput {
  readonly #options: JobOptions;
  /** Length of each part, ms, as far as the recorder has told. */
  readonly #durations = new Map<number, number>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #patience: Patience;
  #record: RecordingRecord;
  /** How long it was at a moment of the monotonic clock. */
  #measured = { ms: 0, at: performance.now() };
  /** What made the next part necessary. */
  #crash = '';
  /** Some part was not closed by who wrote it. */
  #leftOver = false;
  readonly #slowStart: NodeJS.Timeout;
  #isFinishing = false;
  #progress = 0;
  /** The server stops: it is to go on when it is back. */
  #isInterrupted = false;
  /** Its files are finished by the next start of the server. */
  #isLeft = false;

  constructor(options: JobOptions) {
    this.#options = options;
    this.#record = options.record;
    for (const { part, durationMs } of this.#record.parts) this.#durations.set(part, durationMs);
    this.#patience = new Patience(options.finishPatience, () =>
      this.program.kill('it finished files and made no progress any more'),
    );
    this.#measured.ms = this.#told;
    this.#slowStart = setTimeout(() => this.#tellSlowStart(), SLOW_START_MS).unref();
  }

  get record(): RecordingRecord {
    return this.#record;
  }

  get recordingId(): string {
    return this.#record.recordingId;
  }

  get program(): Program {
    return this.#options.program;
  }

  /** Resolves when its files are finished, or it has failed. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Nothing is added to it any more. */
  get isOver(): boolean {
    return this.#isFinishing || hasEnded(this.#record);
  }

  /** As people in the room see it. */
  get info(): RunningRecording {
    const { recordingId, kind, format, state, startedAt, startedBy, pausedAt, layout, message } =
      this.#record;
    return {
      ...{ recordingId, kind, format, state, startedAt, pausedAt, layout, message },
      startedBy: startedBy?.identity ?? null,
      recordedMs: Math.round(this.#recordedMs),
      at: Date.now(),
      progress: state === 'finishing' ? this.#progress : null,
    };
  }

  /** Length of all parts as the recorders told it last, ms. */
  get #told(): number {
    return [...this.#durations.values()].reduce((sum, ms) => sum + ms, 0);
  }

  /** Length by now: what the recorder told last, and the time since. */
  get #recordedMs(): number {
    const { ms, at } = this.#measured;
    return this.#record.state === 'recording' ? ms + performance.now() - at : ms;
  }

  commands(): RecorderCommand[] {
    if (this.isOver) return [];
    const { recordingId, lastPart, pausedAt } = this.#record;
    return [
      { type: 'openRecording', recordingId, part: lastPart + 1 },
      ...(pausedAt === null ? [] : [{ type: 'pauseRecording', recordingId } as const]),
    ];
  }

  /** Throws RECORDING_NOT_RUNNING, WRONG_STATE. */
  control(action: RecordingAction): void {
    if (this.isOver) throw new ParleyError('RECORDING_NOT_RUNNING');
    switch (action.type) {
      case 'stop':
        return this.stop();
      case 'pause':
        return this.#pause();
      case 'resume':
        return this.#resume();
      case 'setLayout':
        this.#update({ layout: action.layout });
        return this.program.setLayout(action.layout);
      case 'mark':
        return this.#mark(action.title);
    }
  }

  /** Ends it; `message` says why where nobody asked for it. Calling it again does nothing. */
  stop(message = ''): void {
    if (this.isOver) return;
    this.#isFinishing = true;
    this.#update({ state: 'finishing', pausedAt: null, ...(message !== '' && { message }) });
    // Where no recorder is up there is nothing to wait for: it has the parts that were finished before.
    if (!this.program.hasRun || !this.program.isUp)
      return void this.#finish({ parts: [], thumbnail: null, sidecar: null });
    this.program.send({ type: 'closeRecording', recordingId: this.recordingId });
    this.#patience.renew();
  }

  /** The server is stopped: what there is gets finished, and goes on when people are back. */
  interrupt(): void {
    this.#isInterrupted = !this.isOver && this.#record.breakoutId === null;
    this.#isFinishing = true;
  }

  handleEvent(event: RecorderEvent): void {
    if (event.type === 'crash') this.#crash = event.message;
    if (!('recordingId' in event) || event.recordingId !== this.recordingId) return;
    this.#patience.sign();
    if (event.type === 'finishing') this.#handleFinishing(event);
    else if (event.type === 'partOpened') this.#handlePart(event);
    else if (event.type === 'partProgress') this.#handleProgress(event);
    else if (event.type === 'recordingFinished') this.#handleFinished(event);
    else if (event.type === 'recordingFailed') this.#handleFailed(event);
  }

  handleLayout(layout: PictureLayout): void {
    if (!this.isOver && !isDeepStrictEqual(layout, this.#record.layout)) this.#update({ layout });
  }

  handleCrash(why: string): void {
    this.#crash = why;
    this.#leftOver = true;
    if (this.#isFinishing) void this.#finish({ parts: [], thumbnail: null, sidecar: null });
  }

  handleFailure({ message }: ProgramFailure): void {
    if (hasEnded(this.#record)) return;
    this.#leftOver = true;
    const isAsked = this.#isFinishing;
    this.#isFinishing = true;
    const nothing = { parts: [], thumbnail: null, sidecar: null };
    if (this.#isInterrupted) return;
    void this.#finish(isAsked ? nothing : { ...nothing, problem: message });
  }

  #tellSlowStart(): void {
    const { state, message } = this.#record;
    if (state === 'starting' && message === '' && !this.isOver) this.#update({ message: SLOW_START });
  }

  #pause(): void {
    const { state, recordingId } = this.#record;
    if (state === 'paused')
      throw new ParleyError('WRONG_STATE', { message: 'The recording is paused already.' });
    this.program.send({ type: 'pauseRecording', recordingId });
    this.#update({ state: 'paused', pausedAt: Date.now() });
  }

  #resume(): void {
    const { state, recordingId, lastPart } = this.#record;
    if (state !== 'paused') throw new ParleyError('WRONG_STATE', { message: 'The recording is not paused.' });
    this.program.send({ type: 'resumeRecording', recordingId });
    this.#update({ state: lastPart === 0 ? 'starting' : 'recording', pausedAt: null });
  }

  #mark(title: string): void {
    const at = Date.now();
    this.program.send({ type: 'mark', recordingId: this.recordingId, title, at });
    this.#update({ markers: [...this.#record.markers, { title, at }] });
  }

  #handlePart({ part, startedAt }: EventOf<'partOpened'>): void {
    const isFirst = this.#record.lastPart === 0;
    const { state } = this.#record;
    this.#update({
      lastPart: Math.max(part, this.#record.lastPart),
      ...(state === 'starting' && { state: 'recording' }),
    });
    if (!isFirst) this.#options.listener.partOpened(this, { part, startedAt, why: this.#crash });
  }

  #handleProgress({ part, durationMs }: EventOf<'partProgress'>): void {
    this.#durations.set(part, durationMs);
    this.#measured = { ms: this.#told, at: performance.now() };
  }

  /** It has ended by itself, where nobody asked for it; each time, how far it has got. */
  #handleFinishing({ progress }: EventOf<'finishing'>): void {
    if (!this.isOver) {
      this.#isFinishing = true;
      this.#update({ state: 'finishing', pausedAt: null });
      this.#patience.renew();
    }
    if (this.#record.state !== 'finishing' || progress <= this.#progress) return;
    this.#progress = progress;
    this.#options.listener.progressed(this);
  }

  #handleFinished(event: EventOf<'recordingFinished'>): void {
    const { parts, thumbnail, sidecar, message = '' } = event;
    this.#isFinishing = true;
    if (message !== '') this.#update({ message });
    void this.#finish({ parts, thumbnail, sidecar });
  }

  #handleFailed({ message, parts }: EventOf<'recordingFailed'>): void {
    this.#isFinishing = true;
    void this.#finish({ parts, thumbnail: null, sidecar: null, problem: message });
  }

  /** Puts together what the recorder has finished, and what others had left. */
  async #finish(finished: Finished): Promise<void> {
    this.#patience.stop();
    const { parts, thumbnail, sidecar } = this.#record;
    // What an earlier process had finished is there, whatever becomes of this one.
    let all: Finished = {
      ...finished,
      parts: merge(parts, finished.parts),
      thumbnail: finished.thumbnail ?? thumbnail,
      sidecar: finished.sidecar ?? sidecar,
    };
    if (this.#leftOver) {
      this.#leftOver = false;
      const rest = await this.#options.finisher.finish(this.recordingId);
      // The server stops before it is done: the next one does it.
      if (!rest) return;
      all = together(all, rest);
    }
    this.#close(all);
  }

  #close({ problem, isUndone, ...made }: Finished): void {
    if (hasEnded(this.#record) || this.#isLeft) return;
    if (isUndone) return this.#leave(made);
    const { wasCut, message, pausedAt } = this.#record;
    const isEmpty = made.parts.length === 0;
    const hasFailed = problem !== undefined || (isEmpty && !this.#isInterrupted);
    const why = problem ?? (isEmpty ? 'It ended before anything was recorded.' : '');
    this.#update(
      {
        state: hasFailed ? 'failed' : wasCut || this.#isInterrupted ? 'recovered' : 'ready',
        ...{ ...made, endedAt: Date.now() },
        // What was paused when the server stopped goes on paused.
        pausedAt: this.#isInterrupted ? pausedAt : null,
        message: message === SLOW_START ? why : message || why,
        isResumable: this.#isInterrupted,
      },
      'ended',
    );
    this.#ended.resolve();
    this.program.remove(this);
  }

  /** What is not finished yet lies there: the next start of the server does it. */
  #leave(made: Omit<Finished, 'problem' | 'isUndone'>): void {
    this.#isLeft = true;
    this.#update({ ...made, state: 'finishing', pausedAt: null }, 'ended');
    this.#ended.resolve();
    this.program.remove(this);
  }

  #update(change: Partial<RecordingRecord>, what: 'updated' | 'ended' = 'updated'): void {
    this.#measured = { ms: this.#recordedMs, at: performance.now() };
    const next = { ...this.#record, ...change };
    const isStarted = next.state !== 'starting';
    if (isStarted) clearTimeout(this.#slowStart);
    const told = isStarted && next.message === SLOW_START ? { ...next, message: '' } : next;
    this.#record = hasEnded(told) ? toBeCopied(told, this.#options.hasBucket) : told;
    this.#options.save(this.#record);
    this.#options.listener.changed(this, what);
  }
}

/** What two recorders have finished. That the second found nothing is no problem where there is something. */
export function together(first: Finished, second: Finished): Finished {
  const parts = merge(first.parts, second.parts);
  const hasNothing = second.parts.length === 0 && parts.length > 0;
  const problem = first.problem ?? (hasNothing ? undefined : second.problem);
  // The second has brought there what the first had left as well.
  const notCopied = second.notCopied === undefined ? first.notCopied : second.notCopied;
  return {
    parts,
    thumbnail: second.thumbnail ?? first.thumbnail,
    sidecar: second.sidecar ?? first.sidecar,
    ...(problem !== undefined && { problem }),
    ...(notCopied !== undefined && { notCopied }),
    ...(second.isUndone && { isUndone: true }),
  };
}

/** Of what both name, the later account holds. */
function merge(former: readonly PartInfo[], later: readonly PartInfo[]): PartInfo[] {
  const byFile = new Map([...former, ...later].map((part) => [`${part.part}/${part.name}`, part]));
  return [...byFile.values()];
}
