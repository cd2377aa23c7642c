import type { PhoneCommand, PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../observability/logger.ts';
import { PhoneProcess, type PhoneProgram } from './PhoneProcess.ts';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** Whoever has lived so long has not died of its start, ms. */
const SOUND_MS = 60_000;
/** How long all calls may take to end in order, ms. */
const STOP_MS = 5_000;

export interface SupervisorOptions {
  program: PhoneProgram;
  /** null: there is nothing to do, and no process. */
  settings(): PhoneSettings | null;
  logger: Logger;
  handleEvent(event: PhoneEvent): void;
  /** All calls have ended with it. */
  handleDeath(how: string): void;
}

/** Keeps the process of phones running as long as anything is configured for it. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #process: PhoneProcess | undefined;
  #configured: PhoneSettings | null = null;
  #startedAt = 0;
  #delay = FIRST_DELAY_MS;
  #timer: NodeJS.Timeout | undefined;
  #isListening = false;
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): 'off' | 'starting' | 'running' | 'down' {
    if (this.#configured === null) return 'off';
    if (!this.#process) return 'down';
    return this.#isListening ? 'running' : 'starting';
  }

  /** What is configured may be something else now. */
  update(): void {
    if (this.#closed) return;
    const settings = this.#options.settings();
    if (isDeepStrictEqual(settings, this.#configured)) return;
    this.#configured = settings;
    if (settings === null) this.#stop();
    else if (this.#process) this.#process.send({ type: 'configure', settings });
    else if (!this.#timer) this.#start();
  }

  /** What is said while there is no process concerns nobody any more. */
  send(command: PhoneCommand): void {
    this.#process?.send(command);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#process?.stop(STOP_MS);
  }

  #start(): void {
    this.#timer = undefined;
    const settings = this.#configured;
    if (settings === null || this.#closed) return;
    const { program, logger } = this.#options;
    this.#startedAt = Date.now();
    this.#isListening = false;
    const started = new PhoneProcess(program, {
      handleEvent: (event) => this.#handle(event),
      handleExit: (how) => this.#handleExit(how),
    });
    this.#process = started;
    logger.info({ phones: started.pid }, 'phones started');
    started.send({ type: 'configure', settings });
  }

  #handle(event: PhoneEvent): void {
    if (event.type === 'listening')
      this.#isListening = event.udpPort !== null || event.tcpPort !== null || event.tlsPort !== null;
    this.#options.handleEvent(event);
  }

  #handleExit(how: string): void {
    this.#process = undefined;
    this.#isListening = false;
    const { logger, handleDeath } = this.#options;
    handleDeath(how);
    if (this.#closed || this.#configured === null) return void logger.info({ how }, 'phones stopped');
    this.#delay = Date.now() - this.#startedAt > SOUND_MS ? FIRST_DELAY_MS : this.#delay;
    logger.warn({ how, retryAfter: this.#delay }, 'phones died, and are started anew');
    this.#timer = setTimeout(() => this.#start(), this.#delay).unref();
    this.#delay = Math.min(this.#delay * 2, MAX_DELAY_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#process
      ?.stop(STOP_MS)
      // Something may have been configured again meanwhile.
      .then(() => {
        if (!this.#process && !this.#timer) this.#start();
      })
      .catch((err: unknown) => this.#options.logger.error({ err }, 'phones were not stopped'));
  }
}
