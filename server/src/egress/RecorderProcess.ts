import { RecorderEvent, type RecorderCommand } from '@parley/protocol/recorder';
import { Compile } from 'typebox/compile';
import type { Logger } from '../observability/logger.ts';
import { ForkedProgram } from '../util/ForkedProgram.ts';

const EVENTS = Compile(RecorderEvent);
/** How long a recorder may take from its last event to its end, ms. */
const EXIT_MS = 2000;
/** Lines that are kept of what it said last. */
const LAST_WORDS = 20;

export interface RecorderListener {
  handleEvent(event: RecorderEvent): void;
  /** Comes once, and nothing after it. `how` is for people. */
  handleExit(how: string): void;
}

export interface RecorderProgram {
  /** Module that is run; it speaks the protocol of recorders. */
  entry: string;
  /** All that it sees of the environment. */
  env: NodeJS.ProcessEnv;
  logger: Logger;
}

/** A recorder as a child process. It ends by itself when this process does: its channel is cut then. */
export class RecorderProcess {
  readonly #program: ForkedProgram;
  readonly #logger: Logger;
  #lastWords: string[] = [];

  constructor({ entry, env, logger }: RecorderProgram, listener: RecorderListener) {
    this.#logger = logger;
    this.#program = new ForkedProgram(
      { entry, env },
      {
        handleMessage: (message) => this.#handle(message, listener),
        handleLine: (line) => this.#log(line),
        handleUnreachable: (err) => this.#logger.warn({ err }, 'a recorder cannot be reached'),
        handleExit: (how) => listener.handleExit(how),
      },
    );
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.#program.pid;
  }

  get exited(): Promise<void> {
    return this.#program.exited;
  }

  /** What it wrote last, for whoever looks for the reason of its death. */
  get lastWords(): string {
    return this.#lastWords.join('\n');
  }

  send(command: RecorderCommand): void {
    this.#program.send(command);
  }

  /** Has it end everything in order. What is not over after `grace` ms is killed. */
  stop(grace: number): Promise<void> {
    return this.#program.stop({ type: 'stop' } satisfies RecorderCommand, grace);
  }

  kill(): void {
    this.#program.kill();
  }

  /** Cuts the channel: it closes what is open, quickly, and ends. */
  disconnect(): void {
    this.#program.disconnect();
  }

  #handle(message: unknown, listener: RecorderListener): void {
    if (!EVENTS.Check(message)) {
      this.#logger.warn('a recorder said something that is not in its protocol');
      return;
    }
    listener.handleEvent(message);
    if (message.type !== 'ended' && message.type !== 'failed') return;
    const timer = setTimeout(() => this.kill(), EXIT_MS);
    void this.exited.then(() => clearTimeout(timer));
  }

  /** The recorder writes lines of the same log, or words of what it runs. */
  #log(said: string): void {
    this.#lastWords = [...this.#lastWords, said].slice(-LAST_WORDS);
    this.#logger.info({ recorder: this.pid, said }, 'recorder');
  }
}
