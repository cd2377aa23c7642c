import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';

const ROOT = join(import.meta.dirname, '../..');
const children: ChildProcess[] = [];
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-start-'));
});
afterEach(async () => {
  // NOTE: not SIGKILL, which npm could not hand on.
  const running = children.splice(0).filter(({ exitCode }) => exitCode === null);
  await Promise.all(
    running.map((child) => {
      child.kill('SIGTERM');
      return once(child, 'close');
    }),
  );
  rmSync(dataDir, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function start(port: number): { npm: ChildProcess; output: () => string } {
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PARLEY_DATA_DIR: dataDir,
      PARLEY_HTTP_PORT: String(port),
      PARLEY_HTTP_LAN_HTTPS_PORT: '0',
      PARLEY_MEDIA_PORT: '0',
    },
  });
  children.push(npm);
  let output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { npm, output: () => output };
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://localhost:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('npm start', () => {
  it('starts the server, which ends when npm is told to', async () => {
    const port = await freePort();
    const { npm } = start(port);
    await waitFor('the server', () => isReady(port), { timeout: 120_000, done: Boolean });
    npm.kill('SIGTERM');
    await once(npm, 'close');
    await waitFor('the server to be gone', () => isReady(port), { done: (ready) => !ready });
  });

  it('refuses a data folder that another server uses, in words', async () => {
    const [port, other] = [await freePort(), await freePort()];
    start(port);
    await waitFor('the server', () => isReady(port), { timeout: 120_000, done: Boolean });
    const second = start(other);
    await once(second.npm, 'close');
    expect(second.output()).toContain('Parley cannot start. Another Parley uses the data folder');
  });
});
