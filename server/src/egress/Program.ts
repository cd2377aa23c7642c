import type { PictureLayout } from '@parley/protocol';
import type { ProgramJob, RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { Logger } from '../observability/logger.ts';
import { RecorderProcess, type RecorderProgram } from './RecorderProcess.ts';

/** So many crashes within so many ms, and it is not tried again. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS = 600_000;
/** Before it is started again, ms: the more often it crashed, the longer. */
const RESTART_STEP_MS = 250;
/** One that dies so often without ever having run will not run. */
const MAX_STARTS = 2;
/** How long files may take to be finished, ms. */
const STOP_MS = 600_000;

/** Why a program cannot go on. */
export interface ProgramFailure {
  code: string;
  /** For people. */
  message: string;
}

/** Something that is made of a program: a recording, or a live stream. It comes and goes while the program runs. */
export interface ProgramOutput {
  /** What has a recorder that has just started work for it. */
  commands(): RecorderCommand[];
  handleEvent(event: RecorderEvent): void;
  /** The picture is arranged like this now; one of the outputs wanted it. */
  handleLayout(layout: PictureLayout): void;
  /** The recorder has died; another one follows, and gets `commands`. */
  handleCrash(why: string): void;
  /** The program is over, and this output with it. */
  handleFailure(failure: ProgramFailure): void;
}

export interface ProgramOptions {
  recorder: RecorderProgram;
  /** Without the token. */
  job: ProgramJob;
  /** A token by which the recorder joins, for each that is started. */
  token(): string;
  logger: Logger;
  /** It has ended; nothing more comes. */
  ended(program: Program): void;
}

/**
 * A picture and sound made of one place, or the tracks of it: one recorder process, started again when it dies. It runs as long
 * as something is made of it.
 */
export class Program {
  readonly #options: ProgramOptions;
  readonly #logger: Logger;
  readonly #outputs = new Set<ProgramOutput>();
  readonly #running = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  #job: ProgramJob;
  #process: RecorderProcess;
  #crashes: number[] = [];
  #hasRun = false;
  #failure: ProgramFailure | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #state: 'on' | 'stopping' | 'over' = 'on';
  /** Cores, as the recorder last measured. */
  #cpu = 0;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#job = options.job;
    this.#logger = options.logger.child({ programId: options.job.programId });
    // Who waits for it hears of the failure; where nobody does, the outputs do.
    this.#running.promise.catch(() => undefined);
    this.#process = this.#start();
  }

  get programId(): string {
    return this.#job.programId;
  }

  /** Resolves when it runs for the first time; rejects with ProgramError. */
  get running(): Promise<void> {
    return this.#running.promise;
  }

  get isOver(): boolean {
    return this.#state !== 'on';
  }

  /** Some recorder of it was at work. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** There is a recorder: none has died that the next has not followed yet. */
  get isUp(): boolean {
    return this.#restartTimer === undefined;
  }

  get cpu(): number {
    return this.#cpu;
  }

  /** For tests, and for whoever has to end it by force. */
  get pid(): number {
    return this.#process.pid;
  }

  add(output: ProgramOutput): void {
    this.#outputs.add(output);
    for (const command of output.commands()) this.#process.send(command);
  }

  /** It is over, in order. The program ends with its last one. */
  remove(output: ProgramOutput): void {
    if (this.#outputs.delete(output) && this.#outputs.size === 0) void this.stop(STOP_MS);
  }

  send(command: RecorderCommand): void {
    this.#process.send(command);
  }

  /** Ends a recorder that hangs, as if it had died of itself. */
  kill(why: string): void {
    this.#logger.error({ why, pid: this.pid }, 'a recorder hangs and is killed');
    this.#process.kill();
  }

  setLayout(layout: PictureLayout): void {
    this.#job = { ...this.#job, layout };
    this.send({ type: 'setLayout', layout });
    for (const output of [...this.#outputs]) output.handleLayout(layout);
  }

  /** Ends in order; after `grace` ms by cutting the channel, whereupon the recorder closes what is open. */
  async stop(grace: number): Promise<void> {
    if (this.#state === 'on') {
      this.#state = 'stopping';
      clearTimeout(this.#restartTimer);
      if (this.#restartTimer) this.#finish();
      else void this.#process.stop(Math.max(grace, STOP_MS));
    }
    const timer = setTimeout(() => {
      this.#process.disconnect();
      this.#finish();
    }, grace).unref();
    await this.#over.promise;
    clearTimeout(timer);
  }

  #start(): RecorderProcess {
    const child = new RecorderProcess(this.#options.recorder, {
      handleEvent: (event) => this.#handle(event),
      handleExit: (how) => this.#handleExit(how),
    });
    this.#logger.info({ pid: child.pid }, 'recorder started');
    const room = { ...this.#job.room, token: this.#options.token() };
    child.send({ type: 'start', job: { ...this.#job, room } });
    return child;
  }

  #handle(event: RecorderEvent): void {
    if (event.type === 'running') {
      this.#hasRun = true;
      this.#running.resolve();
    }
    if (event.type === 'stats') this.#cpu = event.cpu;
    if (event.type === 'crash') this.#logger.warn({ what: event.what, why: event.message }, 'a part crashed');
    if (event.type === 'failed') this.#failure = { code: event.code, message: event.message };
    for (const output of [...this.#outputs]) output.handleEvent(event);
  }

  #handleExit(how: string): void {
    if (this.#state !== 'on') {
      this.#logger.info({ how }, 'recorder ended');
      return this.#finish();
    }
    if (this.#failure) return this.#fail(this.#failure);
    const { lastWords } = this.#process;
    this.#logger[this.#hasRun ? 'warn' : 'error']({ how, lastWords }, 'recorder died');
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => at > now - CRASH_WINDOW_MS), now];
    for (const output of [...this.#outputs]) output.handleCrash(`The recorder died: ${how}.`);
    if (this.isOver) return;
    if (!this.#hasRun && this.#crashes.length >= MAX_STARTS)
      return this.#fail({
        code: 'recorder_start',
        message:
          `The recorder of the server does not start: ${how}. Its operator finds the reason in the log; ` +
          '`npm start` repairs what is missing, `npm run parley doctor` checks the machine.',
      });
    if (this.#crashes.length >= MAX_CRASHES)
      return this.#fail({
        code: 'crashes',
        message: `The recorder died ${MAX_CRASHES} times within ten minutes, the last time because ${how}.`,
      });
    this.#restartTimer = setTimeout(() => this.#restart(), RESTART_STEP_MS * (this.#crashes.length - 1));
  }

  #restart(): void {
    this.#restartTimer = undefined;
    this.#process = this.#start();
    for (const output of this.#outputs) for (const command of output.commands()) this.#process.send(command);
  }

  #fail(failure: ProgramFailure): void {
    this.#state = 'stopping';
    this.#failure = failure;
    this.#logger.error({ ...failure }, 'the program cannot go on');
    this.#running.reject(new ProgramError(failure));
    const outputs = [...this.#outputs];
    this.#outputs.clear();
    for (const output of outputs) output.handleFailure(failure);
    this.#finish();
  }

  #finish(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    const failure = this.#failure ?? { code: 'stopped', message: 'It was stopped before it ran.' };
    this.#running.reject(new ProgramError(failure));
    const outputs = [...this.#outputs];
    this.#outputs.clear();
    for (const output of outputs) output.handleFailure(failure);
    this.#options.ended(this);
    this.#over.resolve();
  }
}

/** A program could not be started. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly code: string;

  constructor({ code, message }: ProgramFailure) {
    super(message);
    this.code = code;
  }
}
