import { PhoneEvent, type PhoneCommand } from '@parley/protocol/phoneProcess';
import { Compile } from 'typebox/compile';
import type { Logger } from '../observability/logger.ts';
import { ForkedProgram } from '../util/ForkedProgram.ts';

const EVENTS = Compile(PhoneEvent);
/**
 * Space for what is new, MiB, of which V8 takes three times as much and gives nothing back. Messages and packets live for milliseconds, so that
 * little is enough; with its own choice a flood of messages makes the process tens of MiB larger for good.
 */
export const PHONE_NODE_ARGS = ['--max-semi-space-size=4'];

export interface PhoneProcessListener {
  handleEvent(event: PhoneEvent): void;
  /** Comes once, and nothing after it. `how` is for people. */
  handleExit(how: string): void;
}

export interface PhoneProgram {
  /** Module that is run; it speaks the protocol of phones. */
  entry: string;
  /** All that it sees of the environment. */
  env: NodeJS.ProcessEnv;
  logger: Logger;
}

/** SIP and sound as a child process. It ends all calls and itself when this process is gone: its channel is cut then. */
export class PhoneProcess {
  readonly #program: ForkedProgram;
  readonly #logger: Logger;

  constructor({ entry, env, logger }: PhoneProgram, listener: PhoneProcessListener) {
    this.#logger = logger;
    this.#program = new ForkedProgram(
      { entry, env, nodeArgs: PHONE_NODE_ARGS },
      {
        handleMessage: (message) => this.#handle(message, listener),
        handleLine: (said) => logger.info({ phones: this.pid, said }, 'phones'),
        handleUnreachable: (err) => logger.warn({ err }, 'the process of phones cannot be reached'),
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

  send(command: PhoneCommand): void {
    this.#program.send(command);
  }

  /** Has it end all calls in order. What is not over after `grace` ms is killed. */
  stop(grace: number): Promise<void> {
    return this.#program.stop({ type: 'stop' } satisfies PhoneCommand, grace);
  }

  /** NOTE: digits of a PIN may be in it, so nothing of a message is logged but its type. */
  #handle(message: unknown, listener: PhoneProcessListener): void {
    if (EVENTS.Check(message)) listener.handleEvent(message);
    else this.#logger.warn({ type: typeOf(message) }, 'phones said something that is not in their protocol');
  }
}

function typeOf(message: unknown): string {
  const type =
    typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  return typeof type === 'string' ? type.slice(0, 32) : typeof message;
}
