import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface SippOptions {
  /** What it does, as XML. */
  readonly scenario: string;
  /** Where it calls; absent, it waits to be called. */
  readonly remotePort?: number | undefined;
  /** Where it is called; any other free one otherwise. */
  readonly port?: number | undefined;
  readonly transport?: 'UDP' | 'TCP' | undefined;
}

const TIMEOUT_S = 25;

export interface RunningSipp {
  /** Resolves when it can be called. */
  readonly ready: Promise<void>;
  /** Resolves when it has gone through its script; rejects with what it has to say when something else happened. */
  readonly done: Promise<void>;
}

/** Has sipp, a caller that does what a script says, go through a scenario once. */
export async function startSipp(options: SippOptions): Promise<RunningSipp> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sipp-'));
  const port = options.port ?? (await freeUdpPort());
  const transport = options.transport ?? 'UDP';
  const done = run(folder, { ...options, port, transport }).finally(() =>
    rm(folder, { recursive: true, force: true }),
  );
  // Whoever waits for it to be ready first is told of a failure afterwards.
  done.catch(() => undefined);
  const taken = vi.waitUntil(() => isTaken(port, transport), { timeout: 15_000 });
  return { ready: taken.then(() => undefined), done };
}

export async function runSipp(options: SippOptions): Promise<void> {
  const { ready, done } = await startSipp(options);
  ready.catch(() => undefined);
  await done;
}

async function run(
  folder: string,
  o: SippOptions & { port: number; transport: 'UDP' | 'TCP' },
): Promise<void> {
  const file = join(folder, 'scenario.xml');
  await writeFile(file, o.scenario);
  const [errors, messages] = [join(folder, 'errors'), join(folder, 'messages')];
  const child = spawn(
    'sipp',
    [
      ...(o.remotePort === undefined ? [] : [`127.0.0.1:${o.remotePort}`]),
      ...['-sf', file, '-i', '127.0.0.1', '-p', String(o.port), '-t', o.transport === 'TCP' ? 't1' : 'u1'],
      ...['-m', '1', '-timeout', `${TIMEOUT_S}s`, '-timeout_error', '-nostdin', '-deadcall_wait', '0'],
      ...['-trace_err', '-error_file', errors, '-trace_msg', '-message_file', messages],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  if (code === 0) return;
  const said = await Promise.all([errors, messages].map((name) => readIfThere(name)));
  throw new Error(`sipp ended with ${code}.\n${said.join('\n')}`);
}

/** Whether somebody else has a port. Where the system says so it is not tried: sipp could find it taken just then. */
async function isTaken(port: number, transport: 'UDP' | 'TCP'): Promise<boolean> {
  const table = `/proc/net/${transport.toLowerCase()}`;
  if (existsSync(table)) {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const state = transport === 'TCP' ? ' \\S+ 0A ' : ' ';
    return new RegExp(`^ *\\d+: [0-9A-F]{8}:${hex}${state}`, 'm').test(await readFile(table, 'utf8'));
  }
  try {
    if (transport === 'UDP') {
      const socket = createSocket('udp4').bind(port, '127.0.0.1');
      await once(socket, 'listening').finally(() => socket.close());
    } else {
      const server = createServer().listen(port, '127.0.0.1');
      await once(server, 'listening').finally(() => server.close());
    }
    return false;
  } catch {
    return true;
  }
}

const readIfThere = (file: string): Promise<string> =>
  existsSync(file) ? readFile(file, 'utf8') : Promise.resolve('');

/** A port of UDP on loopback that nobody has just now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
