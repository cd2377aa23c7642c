/** Janus with its AudioBridge, to which phones come by plain RTP: the peer that the mixer is measured beside. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../support/waitFor.ts';

const PORT = 42_088;
const API = `http://127.0.0.1:${PORT}/janus`;

interface Reply {
  janus?: string;
  data?: { id: number };
  sender?: number;
  plugindata?: { data: { rtp?: { port: number }; error?: string } };
}

export class JanusBridge {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #session = '';

  static async start(): Promise<JanusBridge> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-janus-'));
    const libraries = '/usr/lib/x86_64-linux-gnu/janus';
    writeFileSync(
      join(folder, 'janus.jcfg'),
      `general: { configs_folder = "${folder}"\n plugins_folder = "${libraries}/plugins"\n` +
        ` transports_folder = "${libraries}/transports"\n debug_level = 3\n log_to_stdout = true }\n` +
        'nat: { ice_lite = true }\nmedia: { rtp_port_range = "43000-44999" }\n' +
        'plugins: { disable = "libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_videoroom.so" }\n',
    );
    writeFileSync(
      join(folder, 'janus.transport.http.jcfg'),
      `general: { json = "plain"\n base_path = "/janus"\n http = true\n port = ${PORT}\n ip = "127.0.0.1"\n https = false }\nadmin: { admin_http = false }\n`,
    );
    writeFileSync(
      join(folder, 'janus.plugin.audiobridge.jcfg'),
      'general: { local_ip = "127.0.0.1"\n rtp_port_range = "45000-46999" }\n',
    );
    const child = spawn('janus', ['-F', folder, '-o'], { stdio: 'ignore' });
    const bridge = new JanusBridge(child, folder);
    await bridge.#open();
    return bridge;
  }

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rooms with phones that are at these ports. Returns where each is to send to, in the same order. */
  async fill(rooms: readonly (readonly number[])[]): Promise<number[]> {
    const ports: number[] = [];
    for (const [index, phones] of rooms.entries()) {
      const room = index + 1;
      const manager = await this.#attach();
      const create = { request: 'create', room, sampling_rate: 16_000, allow_rtp_participants: true };
      await this.#tell(manager, create);
      for (const port of phones) ports.push(await this.#join(room, port));
    }
    return ports;
  }

  close(): void {
    this.#child.kill('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    const reply = await waitFor('Janus', () => post(API, { janus: 'create' }).catch(() => undefined), {
      done: (seen) => seen?.data !== undefined,
    });
    this.#session = `${API}/${reply?.data?.id}`;
  }

  async #attach(): Promise<number> {
    const { data } = await post(this.#session, { janus: 'attach', plugin: 'janus.plugin.audiobridge' });
    if (!data) throw new Error('Janus has no AudioBridge.');
    return data.id;
  }

  #tell(handle: number, body: object): Promise<Reply> {
    return post(`${this.#session}/${handle}`, { janus: 'message', body });
  }

  async #join(room: number, port: number): Promise<number> {
    const handle = await this.#attach();
    const rtp = { ip: '127.0.0.1', port, payload_type: 0 };
    await this.#tell(handle, { request: 'join', room, codec: 'pcmu', rtp });
    for (;;) {
      const event = (await (await fetch(`${this.#session}?maxev=1`)).json()) as Reply;
      if (event.janus !== 'event' || event.sender !== handle) continue;
      const { rtp: answer, error } = event.plugindata?.data ?? {};
      if (!answer) throw new Error(`Janus does not let a phone in: ${error}`);
      return answer.port;
    }
  }
}

async function post(url: string, body: object): Promise<Reply> {
  const transaction = Math.random().toString(36).slice(2);
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ ...body, transaction }) });
  return (await response.json()) as Reply;
}
