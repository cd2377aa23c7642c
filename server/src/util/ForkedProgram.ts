import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ForkedProgramOptions {
  /** Module that is run. */
  readonly entry: string;
  /** All that it sees of the environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
}

export interface ForkedProgramListener {
  /** What it said over its channel, as it came. */
  handleMessage(message: unknown): void;
  /** A line that it wrote, cut to 500 characters. */
  handleLine(line: string): void;
  /** Nothing can be sent: it has ended, or is about to. */
  handleUnreachable(error: Error): void;
  /** Comes once, and nothing after it. `how` is for people. */
  handleExit(how: string): void;
}

const MAX_LINE = 500;
/** How long after its end its last lines may come, ms: `close` tells of those, and does not come where this side has cut the channel. */
const LAST_LINES_MS = 500;

/** A module of ours as a child process with a channel. It is to end by itself when this process does: its channel is cut then. */
export class ForkedProgram {
  readonly #child: ChildProcess;
  readonly exited: Promise<void>;
  #ended = false;

  constructor({ entry, env, nodeArgs = [] }: ForkedProgramOptions, listener: ForkedProgramListener) {
    this.#child = fork(entry, [], {
      ...{ env, execArgv: [...nodeArgs], serialization: 'advanced' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => listener.handleLine(line.slice(0, MAX_LINE)));
    this.#child.on('message', (message) => listener.handleMessage(message));
    this.#child.on('error', (error) => listener.handleUnreachable(error));
    this.exited = new Promise((resolve) => {
      let late: NodeJS.Timeout | undefined;
      const end = (code: number | null, signal: string | null): void => {
        clearTimeout(late);
        if (this.#ended) return;
        this.#ended = true;
        listener.handleExit(signal === null ? `it ended with ${code}` : `it was killed by ${signal}`);
        resolve();
      };
      this.#child.once('exit', (code, signal) => (late = setTimeout(() => end(code, signal), LAST_LINES_MS)));
      this.#child.once('close', end);
    });
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Whoever is gone is sent nothing. */
  send(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Sends it the last message. What is not over after `grace` ms is killed. */
  async stop(message: object, grace: number): Promise<void> {
    if (this.#ended) return;
    this.send(message);
    const timer = setTimeout(() => this.kill(), grace);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Cuts the channel, and waits no longer. */
  disconnect(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.unref();
  }
}
