import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// eslint-disable-next-line no-restricted-syntax -- how much a process works shows only over a span of time
import { setTimeout as delay } from 'node:timers/promises';
import { API_KEY, API_SECRET } from './tokens.ts';
import { waitFor } from './waitFor.ts';

const ENTRY = join(import.meta.dirname, '../../server/src/index.ts');

export interface ServerOptions {
  env?: Record<string, string>;
  /** Data folder to go on with; a fresh one by default. */
  dataDir?: string;
  port?: number;
  /** A command that runs the server, such as `ip netns exec NAME`. */
  prefix?: string[];
}

/** The real server, as a process of its own. */
export class ParleyServer {
  readonly #process: ChildProcess;
  readonly #ownsData: boolean;
  readonly dataDir: string;
  #output = '';

  private constructor(child: ChildProcess, data: { dataDir: string; ownsData: boolean }) {
    this.#process = child;
    this.dataDir = data.dataDir;
    this.#ownsData = data.ownsData;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  static async start({
    env = {},
    dataDir,
    port = 0,
    prefix = [],
  }: ServerOptions = {}): Promise<ParleyServer> {
    const data = {
      dataDir: dataDir ?? mkdtempSync(join(tmpdir(), 'parley-server-')),
      ownsData: dataDir === undefined,
    };
    const [command = process.execPath, ...rest] = [...prefix, process.execPath, ENTRY];
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PARLEY_DATA_DIR: data.dataDir,
        PARLEY_HTTP_PORT: String(port),
        PARLEY_HTTP_LAN_HTTPS_PORT: '0',
        PARLEY_MEDIA_PORT: '0',
        PARLEY_AUTH_API_KEY: API_KEY,
        PARLEY_AUTH_API_SECRET: API_SECRET,
        ...env,
      },
    });
    const server = new ParleyServer(child, data);
    try {
      await server.#isReady();
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return server;
  }

  async #isReady(): Promise<void> {
    const look = () => ({ exitCode: this.#process.exitCode, output: this.#output.slice(-2000) });
    await waitFor('the server to be ready', look, {
      // Only what hangs is to be noticed: the machine may be busy.
      timeout: 120_000,
      done: ({ exitCode, output }) => {
        if (exitCode !== null) throw new Error(`The server ended with ${exitCode}:\n${output}`);
        return / is ready\./.test(output) && /https?:\/\/\S+:\d+/.test(output);
      },
    });
  }

  /** Address of the web app. */
  get url(): string {
    return /^\s+(https?:\/\/\S+)$/m.exec(this.#output)?.[1] ?? '';
  }
  get port(): number {
    return Number(new URL(this.url).port);
  }
  get pid(): number {
    return this.#process.pid ?? 0;
  }
  get output(): string {
    return this.#output;
  }
  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Media workers that live now. */
  get workerPids(): number[] {
    return childrenOf(this.pid);
  }

  /** The worker that carries the media: the one that uses the processor, and not only while it starts. */
  async busiestWorker(): Promise<number> {
    let former = 0;
    return waitFor(
      'a worker that is busy',
      async () => {
        const [busiest, second] = await this.#workersByUse();
        const leader = busiest && busiest.time > 3 * (second?.time ?? 0) ? busiest.pid : 0;
        const lasting = leader === former ? leader : 0;
        former = leader;
        return lasting;
      },
      { interval: 0, done: (pid) => pid !== 0 },
    );
  }

  /** Workers and the processor time they used within a moment, the busiest first. */
  async #workersByUse(): Promise<{ pid: number; time: number }[]> {
    const before = new Map(this.workerPids.map((pid) => [pid, cpuTime(pid)]));
    await delay(300);
    const alive = this.workerPids.filter((pid) => before.has(pid));
    return alive
      .map((pid) => ({ pid, time: cpuTime(pid) - (before.get(pid) ?? 0) }))
      .sort((a, b) => b.time - a.time);
  }

  /** Log lines as objects. */
  get log(): Record<string, unknown>[] {
    return this.#output
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** Ends it as an operator would. Gives the exit code and the milliseconds it took. */
  async stop(): Promise<{ code: number | null; ms: number; orphans: number[] }> {
    const children = this.running ? this.workerPids : [];
    const started = performance.now();
    if (this.running) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await ended;
    }
    const ms = performance.now() - started;
    if (this.#ownsData) rmSync(this.dataDir, { recursive: true, force: true });
    return { code: this.#process.exitCode, ms, orphans: children.filter(isAlive) };
  }

  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; its parent has not looked yet.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Processes that a process has started and that live. */
export function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=']).toString().trim().split('\n');
  return lines.flatMap((line) => {
    const [child = '', parent = '', state = ''] = line.trim().split(/\s+/);
    return Number(parent) === pid && !state.startsWith('Z') ? [Number(child)] : [];
  });
}

/** Processor time of a process, in nanoseconds. */
function cpuTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}
