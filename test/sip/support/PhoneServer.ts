/** The real server, with phones: SIP and their sound on loopback, at ports of its own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord, DispatchRule, ParticipantInfo, Trunk } from '@parley/protocol';
import { PROMPTS, type PromptName } from '@parley/protocol/phoneProcess';
import { isListening } from '../../support/isListening.ts';
import { ParleyServer, type ServerOptions } from '../../support/ParleyServer.ts';
import { adminToken } from '../../support/tokens.ts';
import { waitFor } from '../../support/waitFor.ts';
import { freeTcpPort } from './ports.ts';
import { wavOf } from './sound.ts';

type Given<T> = { [K in keyof T]?: T[K] extends object | null ? object | null : T[K] };

export interface PhoneServerOptions {
  trunks?: Given<Trunk>[];
  rules?: Given<DispatchRule>[];
  /** More settings, `PARLEY_SIP_` left out. */
  sip?: Record<string, string>;
  server?: ServerOptions;
}

/** Whoever calls from this machine. */
export const FROM_HERE: Given<Trunk> = {
  ...{ trunkId: 'here', name: 'Here', country: 'DE', optionsSeconds: 0 },
  inbound: { allowedAddresses: ['127.0.0.1'] },
};

export const toRoom = (ruleId: string, number: string, room = ruleId): Given<DispatchRule> => ({
  ...{ ruleId, numbers: [number], target: { kind: 'room', room } },
});

/** What each prompt sounds like here: so it is heard which one was said. Music goes on, the others are short. */
export const PROMPT_HERTZ = Object.fromEntries(
  PROMPTS.map((name, index) => [name, 1900 + 50 * index]),
) as Record<PromptName, number>;

export class PhoneServer {
  /** Another one after a restart. */
  server: ParleyServer;
  readonly sipPort: number;
  readonly #prompts: string;
  readonly #env: Record<string, string>;

  static async start({
    trunks = [FROM_HERE],
    rules = [],
    sip = {},
    server: options = {},
  }: PhoneServerOptions = {}): Promise<PhoneServer> {
    const [prompts, sipPort] = [await makePrompts(), await freeTcpPort()];
    const settings = {
      ...{ HOST: '127.0.0.1', UDP_PORT: String(sipPort), TCP_PORT: String(sipPort), TLS_PORT: '0' },
      ...{ RTP_IP: '127.0.0.1', RTP_MIN_PORT: '26000', RTP_MAX_PORT: '27999', PROMPTS_FOLDER: prompts },
      ...{ TRUNKS: JSON.stringify(trunks), RULES: JSON.stringify(rules), ...sip },
    };
    const env = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`PARLEY_SIP_${name}`, value]),
    );
    const all = { ...env, ...options.env };
    const server = await ParleyServer.start({ ...options, env: all });
    await listened(sipPort);
    return new PhoneServer(server, { sipPort, prompts, env: all });
  }

  private constructor(
    server: ParleyServer,
    { sipPort, prompts, env }: { sipPort: number; prompts: string; env: Record<string, string> },
  ) {
    this.server = server;
    this.sipPort = sipPort;
    this.#prompts = prompts;
    this.#env = env;
  }

  /** The process that speaks SIP now. */
  get phonesPid(): number {
    return Number(this.server.log.findLast(({ msg }) => msg === 'phones started')?.['phones']);
  }

  /** After it was killed: with the same data, at the same address. */
  async startAgain(): Promise<void> {
    const { port, dataDir } = this.server;
    this.server = await ParleyServer.start({ port, dataDir, env: this.#env });
    await listened(this.sipPort);
  }

  /** How a number is called at this server. */
  at(number: string): string {
    return `sip:${number}@127.0.0.1:${this.sipPort}`;
  }

  async rest<T>(path: string, { method = 'GET', body }: { method?: string; body?: object } = {}): Promise<T> {
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken()}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Who is in a room; nobody where there is none. */
  async participants(room: string): Promise<ParticipantInfo[]> {
    const page = this.rest<{ items: ParticipantInfo[] }>(`/rooms/${room}/participants`);
    return page.then(({ items }) => items).catch(() => []);
  }

  /** Waits until so many phones are in the room; gives them. */
  async phonesIn(room: string, count: number): Promise<ParticipantInfo[]> {
    return waitFor(
      `${count} phones in ${room}`,
      async () => (await this.participants(room)).filter(({ kind }) => kind === 'phone'),
      { done: ({ length }) => length === count },
    );
  }

  async calls(query = ''): Promise<CallRecord[]> {
    return (await this.rest<{ items: CallRecord[] }>(`/calls${query}`)).items;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.server.dataDir, { recursive: true, force: true });
    await rm(this.#prompts, { recursive: true, force: true });
  }
}

/** Until SIP is listened for at a port. */
export const listened = (port: number) =>
  waitFor(`SIP at port ${port}`, () => isListening(port), { done: (listens) => listens });

async function makePrompts(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-prompts-'));
  await mkdir(join(folder, 'en'));
  for (const name of PROMPTS) {
    const [file, seconds] = name === 'music' ? ['music.wav', 5] : [`en/${name}.wav`, 0.6];
    await writeFile(join(folder, file), wavOf({ hertz: PROMPT_HERTZ[name], seconds, rate: 16_000 }));
  }
  return folder;
}
