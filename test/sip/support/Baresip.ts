import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../support/waitFor.ts';
import { freePhonePort, freeTcpPort } from './ports.ts';
import { loudnessOf, readRecording, wavOf, type Recording } from './sound.ts';

const LOOPBACK = '127.0.0.1';
/** At the end of the file it hangs up. */
const TONE_SECONDS = 150;
/** So much of the end of a recording is looked at, ms. */
const WINDOW_MS = 300;
/** A tone that is louder is heard, one that is quieter than the other is not, dB of full scale. */
const HEARD_DB = -30;
export const UNHEARD_DB = -50;

const CLOSE_MS = 1000;
const TRIES = 3;

class EndedError extends Error {}

const FORMATS = { PCMU: 'PCMU', PCMA: 'PCMA', G722: 'G722/16000/1', opus: 'opus/48000/2' };
const RATES = { PCMU: 8000, PCMA: 8000, G722: 16_000, opus: 48_000 };
const MODULES = ['/usr/lib/baresip/modules', '/usr/lib64/baresip/modules', '/usr/local/lib/baresip/modules'];

export interface PhoneOptions {
  /** Its number, or the user part of its address. */
  number: string;
  /** Where it is called; any free one otherwise. TLS is at the one after it. */
  port?: number;
  /** What it says all the time; silence otherwise. */
  hertz?: number;
  codec?: 'PCMU' | 'PCMA' | 'G722' | 'opus';
  /** `manual`: it rings until `answer` or `hangUp`. */
  answers?: 'auto' | 'manual';
  /** Host (and port) of its address; its own otherwise. */
  domain?: string;
  /** More parameters of its account, such as `regint=60`. */
  account?: string;
  /** More lines of its configuration. */
  config?: string;
}

/** What happens to it, as it says itself. */
export interface PhoneEvent {
  readonly type: string;
  readonly param: string;
}

interface Answer {
  readonly response: true;
  readonly ok: boolean;
  readonly data: string;
  readonly token: string;
}

/** A real telephone: baresip, on loopback, which says one tone and keeps what it hears. */
export class Baresip {
  readonly number: string;
  readonly port: number;
  readonly events: PhoneEvent[] = [];
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  #line: Socket | undefined;
  #received = Buffer.alloc(0);
  #asked = 0;
  #output = '';

  static async start(options: PhoneOptions): Promise<Baresip> {
    for (let tries = 1; ; tries += 1)
      try {
        return await Baresip.#start(options);
      } catch (error) {
        // A port that was free may be taken by another before it is used: then it ends at once.
        if (tries === TRIES || options.port !== undefined || !(error instanceof EndedError)) throw error;
      }
  }

  static async #start(options: PhoneOptions): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-baresip-'));
    const [port, control] = [options.port ?? (await freePhonePort()), await freeTcpPort()];
    const rate = RATES[options.codec ?? 'PCMU'];
    const tone = wavOf({ hertz: options.hertz, seconds: TONE_SECONDS, rate });
    await Promise.all([
      writeFile(join(folder, 'tone.wav'), tone),
      writeFile(join(folder, 'config'), configOf({ folder, port, control, rate, more: options.config })),
      writeFile(join(folder, 'accounts'), accountOf(options, port)),
      writeFile(join(folder, 'contacts'), ''),
    ]);
    const phone = new Baresip(folder, { number: options.number, port });
    try {
      await phone.#open(control);
    } catch (error) {
      await phone.close();
      throw error;
    }
    return phone;
  }

  private constructor(folder: string, { number, port }: { number: string; port: number }) {
    this.#folder = folder;
    this.number = number;
    this.port = port;
    this.#process = spawn('baresip', ['-4', '-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on(
        'data',
        (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-20_000)),
      );
  }

  get address(): string {
    return `sip:${this.number}@${LOOPBACK}:${this.port}`;
  }

  /** What it prints, without the line that it keeps writing anew. */
  get output(): string {
    return this.#output.replaceAll(/\r?\[[0-9:]+\] audio=\S* \(bit\/s\)\s*/g, '');
  }

  async dial(target: string): Promise<void> {
    await this.ask('dial', target);
  }

  async answer(): Promise<void> {
    await this.ask('accept');
  }

  /** Ends the call; one that rings is declined. */
  async hangUp(): Promise<void> {
    await this.ask('hangup');
  }

  /** Presses keys (RFC 4733), one after the other. */
  async press(keys: string): Promise<void> {
    await this.ask('sndcode', keys);
  }

  /** Until it has registered. */
  async registered(): Promise<void> {
    await waitFor(`${this.number} to be registered`, () => this.ask('reginfo'), {
      done: (state) => state.includes('OK'),
    });
  }

  /** How many events of a type there were. */
  count(type: string): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** Keys that were sent to it (RFC 4733). */
  get digits(): string[] {
    return this.events.filter(({ type }) => type === 'CALL_DTMF_START').map(({ param }) => param);
  }

  /** Waits for an event, such as CALL_ESTABLISHED, or for so many of it since it was started. */
  async told(type: string, { times = 1, timeout = 15_000 } = {}): Promise<PhoneEvent> {
    await waitFor(
      `${this.number} to tell ${type} (${times})`,
      () => this.events.map((event) => `${event.type} ${event.param}`),
      { timeout, interval: 20, done: () => this.count(type) >= times },
    );
    const [found] = this.events.filter((event) => event.type === type).slice(times - 1);
    if (!found) throw new Error('unreachable');
    return found;
  }

  /** All it has heard in its last call. */
  recording(): Recording {
    const file = this.#recordingFile();
    return readRecording(file === undefined ? Buffer.alloc(0) : readFileSync(file));
  }

  /** How loud a frequency was in the loudest moment of its last call, dB. */
  loudest(hertz: number): number {
    const { samples, rate } = this.recording();
    const count = (WINDOW_MS * rate) / 1000;
    const windows = Array.from({ length: Math.floor(samples.length / count) }, (_, at) =>
      samples.subarray(at * count, (at + 1) * count),
    );
    return Math.max(...windows.map((window) => loudnessOf({ rate, samples: window }, hertz)));
  }

  /** Waits until it hears these frequencies at once and, in the same moment, not the others; sound from now on counts. */
  async hears(hertz: number[], { not = [], timeout = 15_000 }: { not?: number[]; timeout?: number } = {}) {
    const [file, length] = [this.#recordingFile(), this.recording().samples.length];
    await waitFor(
      `${this.number} to hear ${hertz.join(', ')}${not.length > 0 ? `, and not ${not.join(', ')}` : ''} Hz`,
      () => {
        const from = this.#recordingFile() === file ? length : 0;
        return this.#levels([...hertz, ...not], from);
      },
      {
        timeout,
        // A prompt is short, and may be over when one looks; that something is silent has to be true now.
        done: (moments) =>
          (hertz.length === 0 ? moments.slice(-1) : moments).some(
            (levels) =>
              hertz.every((one) => (levels[one] ?? 0) > HEARD_DB) &&
              not.every((one) => (levels[one] ?? 0) < UNHEARD_DB),
          ),
      },
    );
  }

  /** Levels of each moment of the recording since `from`, in dB; the moments overlap by half. */
  #levels(hertz: number[], from: number): Record<number, number>[] {
    const { samples, rate } = this.recording();
    const count = (WINDOW_MS * rate) / 1000;
    const moments = Math.max(0, Math.floor((2 * (samples.length - from)) / count) - 1);
    return Array.from({ length: moments }, (_, index) => {
      const end = samples.length - ((moments - 1 - index) * count) / 2;
      const window = { rate, samples: samples.subarray(end - count, end) };
      return Object.fromEntries(hertz.map((one) => [one, Math.round(loudnessOf(window, one))]));
    });
  }

  #recordingFile(): string | undefined {
    const name = readdirSync(this.#folder)
      .filter((file) => file.endsWith('-dec.wav'))
      .sort()
      .at(-1);
    return name === undefined ? undefined : join(this.#folder, name);
  }

  /** Gives what it answers to a command; rejects when it refuses. */
  async ask(command: string, params = ''): Promise<string> {
    const token = String((this.#asked += 1));
    const text = JSON.stringify({ command, params, token });
    const answer = new Promise<Answer>((resolve) => this.#answers.set(token, resolve));
    this.#line?.write(`${Buffer.byteLength(text)}:${text},`);
    const { ok, data } = await answer;
    if (!ok) throw new Error(`baresip refuses ${command} ${params}: ${data}`);
    return data;
  }

  /** Ends its call, and it. */
  async close(): Promise<void> {
    this.#line?.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      // It waits for an answer to its BYE, which a server that is gone does not give.
      const stop = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_MS);
      await exit;
      clearTimeout(stop);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open(control: number): Promise<void> {
    this.#line = await waitFor(
      `baresip to be ready; it says ${this.output}`,
      () => {
        if (this.#process.exitCode !== null) throw new EndedError(`baresip has ended: ${this.output}`);
        return connectTo(control);
      },
      { done: (line) => line !== undefined },
    );
    this.#line?.on('data', (chunk: Buffer) => this.#receive(chunk));
    await this.ask('reginfo');
  }

  /** Netstrings of JSON. */
  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const length = Number(this.#received.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.#received.length < colon + length + 2) return;
      const text = this.#received.toString('utf8', colon + 1, colon + 1 + length);
      this.#received = this.#received.subarray(colon + length + 2);
      this.#take(JSON.parse(text) as Answer | (PhoneEvent & { event: true }));
    }
  }

  #take(message: Answer | (PhoneEvent & { event: true })): void {
    if ('response' in message) {
      this.#answers.get(message.token)?.(message);
      this.#answers.delete(message.token);
    } else this.events.push({ type: message.type, param: message.param });
  }
}

function configOf(o: {
  folder: string;
  port: number;
  control: number;
  rate: number;
  more: string | undefined;
}): string {
  const modules = MODULES.find((path) => existsSync(path)) ?? '';
  return `sip_listen ${LOOPBACK}:${o.port}
net_interface ${LOOPBACK}
audio_source aufile,${o.folder}/tone.wav
audio_player aubridge,sink
audio_alert aubridge,alert
ausrc_srate ${o.rate}
auplay_srate ${o.rate}
ausrc_channels 1
auplay_channels 1
snd_path ${o.folder}
module_path ${modules}
module g711.so
module g722.so
${o.rate === RATES.opus ? 'module opus.so' : ''}
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${LOOPBACK}:${o.control}
${o.more ?? ''}
`;
}

function accountOf({ number, domain, codec, answers, account }: PhoneOptions, port: number): string {
  const parameters = [
    account ?? 'regint=0',
    `audio_codecs=${FORMATS[codec ?? 'PCMU']}`,
    `answermode=${answers ?? 'auto'}`,
  ];
  return `<sip:${number}@${domain ?? `${LOOPBACK}:${port}`}>;${parameters.join(';')}\n`;
}

function connectTo(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
