import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListening } from './isListening.ts';
import { waitFor } from './waitFor.ts';

const MODULE = [
  '/usr/lib/nginx/modules/ngx_rtmp_module.so',
  '/usr/lib64/nginx/modules/ngx_rtmp_module.so',
  '/usr/share/nginx/modules/ngx_rtmp_module.so',
].find((path) => existsSync(path));

/** A real ingest: nginx with its RTMP module, on a port of its own on loopback. */
export class NginxRtmp {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** `onPublish`: where it asks whether somebody may publish. */
  static async start(options: { onPublish?: string } = {}): Promise<NginxRtmp> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
    const nginx = new NginxRtmp(await freePort(), folder);
    const ask = options.onPublish ? `on_publish ${options.onPublish};` : '';
    await writeFile(
      join(folder, 'nginx.conf'),
      `${MODULE ? `load_module ${MODULE};` : ''}
daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log info;
events { worker_connections 64; }
rtmp { server { listen 127.0.0.1:${String(nginx.port)}; chunk_size 4096;
  application live { live on; record off; ${ask} } } }
`,
    );
    await nginx.run();
    return nginx;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  url(key: string): string {
    return `rtmp://127.0.0.1:${String(this.port)}/live/${key}`;
  }

  /** Starts it, or starts it again. */
  async run(): Promise<void> {
    const child = spawn('nginx', ['-p', this.#folder, '-c', join(this.#folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#process = child;
    await waitFor('nginx to listen', () => isListening(this.port), { done: (listens) => listens });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
