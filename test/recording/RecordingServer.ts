import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { EgressState, RecordingInfo } from '@parley/protocol';
import { childrenOf, ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { assertDecodes } from './mediaProbe.ts';

/** Small pictures: most tests look at what becomes of them, not at them. */
const SMALL = {
  PARLEY_RECORDER_MAX_PROGRAMS: '2',
  PARLEY_RECORDER_WIDTH: '320',
  PARLEY_RECORDER_HEIGHT: '180',
  PARLEY_MEDIA_WORKERS: '1',
};
const ROOM = 'demo';

/** A server whose room `demo` is recorded, seen from outside. It can be killed and started again on the same data. */
export class RecordingServer {
  readonly dataDir: string;
  readonly #env: Record<string, string>;
  #server: ParleyServer;

  private constructor(server: ParleyServer, env: Record<string, string>) {
    this.#server = server;
    this.#env = env;
    this.dataDir = server.dataDir;
  }

  static async start(
    more: Record<string, string> = {},
    dataDir = mkdtempSync(join(tmpdir(), 'parley-recording-')),
  ): Promise<RecordingServer> {
    const env = { ...SMALL, ...more };
    return new RecordingServer(await ParleyServer.start({ env, dataDir }), env);
  }

  get url(): string {
    return this.#server.url;
  }

  /** What it has written last. */
  get lastWords(): string {
    return this.#server.output.slice(-1500);
  }

  /** The recorders that run, and what they run. */
  get processes(): { recorders: number[]; ffmpegs: number[] } {
    const recorders = childrenOf(this.#server.pid).filter((pid) => commandOf(pid).includes('recorder'));
    return { recorders, ffmpegs: recorders.flatMap(childrenOf) };
  }

  /** The ffmpeg that makes the recording. */
  get encoderPid(): number | undefined {
    return this.processes.ffmpegs.find((pid) => commandOf(pid).includes('libx264'));
  }

  /** Ends it as an operator would. */
  stop(): ReturnType<ParleyServer['stop']> {
    return this.#server.stop();
  }

  kill(): Promise<void> {
    return this.#server.kill();
  }

  /** The server, recorders and all that they run, at the same moment. Gives that moment, ms since the epoch. */
  async killAll(): Promise<number> {
    const { recorders, ffmpegs } = this.processes;
    const killed = this.#server.kill();
    const at = Date.now();
    for (const pid of [...recorders, ...ffmpegs]) killIfThere(pid);
    await killed;
    return at;
  }

  /** Starts it again, under the same address. */
  async restart(): Promise<void> {
    const { port } = this.#server;
    this.#server = await ParleyServer.start({ env: this.#env, dataDir: this.dataDir, port });
  }

  async close(): Promise<void> {
    await this.#server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A host comes into the room. */
  async enter(): Promise<RawSocket> {
    const socket = await RawSocket.open(this.url);
    await socket.hello(joinToken(ROOM, 'ann', { claims: { role: 'host' } }));
    const { error } = await socket.request('room.join');
    expect(error).toBeUndefined();
    socket.keepAlive();
    return socket;
  }

  async startRecording(socket: RawSocket, wish: Record<string, unknown> = {}): Promise<string> {
    const { result, error } = await socket.request('recording.start', wish);
    expect(error).toBeUndefined();
    return String(result?.['recordingId']);
  }

  /** Asks the library, as a host. */
  ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const token = joinToken(ROOM, 'ann', { claims: { role: 'host' } });
    return fetch(new URL(`/api/v1${path}`, this.url), {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  }

  async recording(recordingId: string): Promise<RecordingInfo> {
    return (await (await this.ask(`/recordings/${recordingId}`)).json()) as RecordingInfo;
  }

  untilState(recordingId: string, ...states: string[]): Promise<RecordingInfo> {
    return waitFor(`the recording to be ${states.join(' or ')}`, () => this.recording(recordingId), {
      // Only what hangs is to be noticed: the machine may be busy.
      timeout: 120_000,
      done: ({ state }) => states.includes(state),
    });
  }

  /** Files of a recording, as they lie on the disk. */
  files(recordingId: string): string[] {
    const { PARLEY_RECORDER_FOLDER: folderOfAll = join(this.dataDir, 'recordings') } = this.#env;
    const folder = join(folderOfAll, recordingId);
    // The recorder runs before it makes the folder.
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  }

  /** Bytes lie on the disk that were not there a moment ago. */
  async grows(recordingId: string, bytes = 2000): Promise<void> {
    const size = (): number => this.files(recordingId).reduce((sum, path) => sum + statSync(path).size, 0);
    const before = size();
    await waitFor('the recording to grow', size, {
      timeout: 20_000,
      done: (now) => now > before + bytes,
    });
  }

  /** Saves a file, and decodes it with ffmpeg, which fails on anything that is not right. Gives where it is. */
  async download(recordingId: string, number: number): Promise<string> {
    const answer = await this.ask(`/recordings/${recordingId}/parts/${number}/content`);
    expect(answer.status).toBe(200);
    const path = join(this.dataDir, `${recordingId}-${number}.mp4`);
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
    await assertDecodes(path);
    return path;
  }
}

/** What hosts are told of the recordings of their room. */
export const egressOf = ({ frames }: RawSocket): EgressState | undefined =>
  frames.findLast(({ method }) => method === 'room.egressUpdated')?.params?.['egress'] as
    EgressState | undefined;

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}
