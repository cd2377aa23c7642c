import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './waitFor.ts';

const scriptOf = (role: Role): string => join(import.meta.dirname, SCRIPTS[role]);
const SCRIPTS = { publisher: 'gstPublisher.py', player: 'gstPlayer.py' };
type Role = keyof typeof SCRIPTS;
/** That of the system, which is the one that Debian's bindings belong to; GST_PYTHON wins. */
const PYTHON = process.env['GST_PYTHON'] ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
const CHECK = [
  'import gi',
  'gi.require_version("Gst", "1.0")',
  'gi.require_version("GstWebRTC", "1.0")',
  'gi.require_version("GstSdp", "1.0")',
  'from gi.repository import Gst, GstSdp, GstWebRTC',
  'Gst.init(None)',
  'needed = ["webrtcbin", "nicesrc", "vp8enc", "opusenc", "openh264enc", "openh264dec", "vp8dec", "opusdec", "appsink", "dtlsenc", "srtpenc", "rtpvp8pay"]',
  'missing = [name for name in needed if not Gst.ElementFactory.find(name)]',
  'raise SystemExit("missing: " + ", ".join(missing) if missing else 0)',
].join('\n');

/** Throws with what to install when GStreamer's WebRTC is not there; `npm test` installs it where it may. */
export function assertGStreamer(): void {
  const { status, stderr } = spawnSync(PYTHON, ['-c', CHECK], { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(
    `GStreamer with webrtcbin is missing. \`npm test\` installs it where it may; on Debian: apt-get install gstreamer1.0-plugins-bad gstreamer1.0-plugins-good gstreamer1.0-nice gir1.2-gst-plugins-bad-1.0 python3-gst-1.0. ${String(stderr).trim()}`,
  );
}

type Codec = 'vp8' | 'h264';

/** A process of its own that speaks WHIP or WHEP with GStreamer. */
class GstPeer {
  readonly #process: ChildProcess;
  #output = '';

  constructor(role: Role, { url, token, codec }: { url: string; token: string; codec: Codec }) {
    const args = [scriptOf(role), url, token, codec];
    this.#process = spawn(PYTHON, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  get output(): string {
    return this.#output;
  }

  async isConnected(): Promise<void> {
    await waitFor('GStreamer to be connected', () => this.#output.slice(-3000), {
      timeout: 20_000,
      done: (output) => /^STATE connected$/m.test(output),
    });
  }

  /** As an operator ends it: it says goodbye. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Without a word. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }
}

/** An encoder that publishes by WHIP. */
export class GstPublisher extends GstPeer {
  constructor(url: string, token: string, codec: Codec = 'vp8') {
    super('publisher', { url, token, codec });
  }
}

/** A player by WHEP that offers, and takes an answer. */
export class GstPlayer extends GstPeer {
  constructor(url: string, token: string, codec: Codec = 'vp8') {
    super('player', { url, token, codec });
  }

  /** Waits until so many pictures, and sound, were decoded, the latter loud enough to be heard. */
  async plays({ pictures = 10 } = {}): Promise<void> {
    await waitFor('GStreamer to play', () => this.output.slice(-3000), {
      timeout: 30_000,
      done: (output) => {
        const last = [...output.matchAll(/^DECODED video=(\d+) audio=(\d+) level=(\d+)$/gm)].at(-1);
        const [video = 0, audio = 0, level = 0] = (last ?? []).slice(1).map(Number);
        return video >= pictures && audio >= 10 && level > 500;
      },
    });
  }
}
