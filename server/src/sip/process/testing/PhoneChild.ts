import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhoneCommand, PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { PHONE_NODE_ARGS } from '../../PhoneProcess.ts';

const ENTRY = join(import.meta.dirname, '../index.ts');

/** The process of phones as it is, under the orders of a test: it answers each call of the trunk `answers`, and leaves all others to themselves. */
export class PhoneChild {
  /** Of the last five seconds or so. */
  dropped = 0;
  readonly refusals = new Map<number, number>();
  readonly #child: ChildProcess;
  readonly #answers: string;

  constructor(answers: string) {
    this.#answers = answers;
    this.#child = fork(ENTRY, [], { execArgv: PHONE_NODE_ARGS, serialization: 'advanced' });
    this.#child.on('message', (event: PhoneEvent) => this.#handle(event));
  }

  /** Gives the port that it listens at. */
  async start(settings: PhoneSettings): Promise<number> {
    const listening = new Promise<number>((resolve, reject) => {
      this.#child.on('message', (event: PhoneEvent) => {
        if (event.type === 'listening') resolve(event.udpPort ?? 0);
      });
      this.#child.once('exit', () => reject(new Error('The process of phones has ended.')));
    });
    this.#send({ type: 'configure', settings });
    return listening;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has in memory, MiB. */
  get memory(): number {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  #send(command: PhoneCommand): void {
    this.#child.send(command);
  }

  #handle(event: PhoneEvent): void {
    if (event.type === 'metrics') this.dropped = event.droppedMessages;
    if (event.type === 'refused') this.refusals.set(event.status, (this.refusals.get(event.status) ?? 0) + 1);
    if (event.type === 'incoming' && event.trunkId === this.#answers)
      this.#send({ type: 'decide', legId: event.legId, decision: { kind: 'answer' } });
  }
}
