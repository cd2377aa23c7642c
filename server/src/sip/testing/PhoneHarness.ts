/** Phones as they are in production, but for the process that speaks SIP, over real rooms and a real media worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { vi } from 'vitest';
import { ParleyError, type CallRecord } from '@parley/protocol';
import type { LegEnd, PhoneCommand, PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { childEnv } from '../../config/childEnv.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { WorkerPool } from '../../media/WorkerPool.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import type {
  CallLog,
  CallRoute,
  DialAsked,
  DialWay,
  IncomingCall,
  PhoneBook,
  PinAttempt,
  PinOutcome,
  RefusedCall,
} from '../../room/phonePorts.ts';
import { Rooms } from '../../room/Rooms.ts';
import { Ear, grantsFor, type Claims, type Joined } from '../../room/testing/RoomsHarness.ts';
import { SqliteStore } from '../../store/SqliteStore.ts';
import { PhoneMeter } from '../PhoneMeter.ts';
import { PhoneService } from '../PhoneService.ts';
import type { FromPhones, ToPhones } from './scriptedPhones.ts';

const ENTRY = join(import.meta.dirname, 'scriptedPhones.ts');
const SETTINGS: PhoneSettings = {
  listen: { host: '127.0.0.1', udpPort: 0, tcpPort: null, tlsPort: null, tlsCert: '', tlsKey: '' },
  ...{ advertisedAddress: null, domain: 'parley.test', sfuIp: '127.0.0.1', trunks: [], extensions: [] },
  rtp: { ip: '127.0.0.1', minPort: 20_000, maxPort: 20_100 },
  limits: {
    ...{ maxCalls: 10, messagesPerSecond: 100, ringSeconds: 30, maxCallSeconds: 3600 },
    ...{ silentSeconds: 10, sessionSeconds: 1800 },
  },
  ...{ promptsFolder: null, language: 'en' },
};

export const eventually = <T>(check: () => T): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 });

/** What is configured is what the test says. */
class PlainBook implements PhoneBook {
  isOn = true;
  maxCallsPerPerson = 10;
  extensions: PhoneSettings['extensions'] = [];
  trunks: PhoneSettings['trunks'] = [];
  routes: (call: IncomingCall) => CallRoute = () => ({
    kind: 'reject',
    status: 404,
    why: 'There is no rule.',
  });
  pins: (attempt: PinAttempt) => PinOutcome = () => ({ kind: 'wrong', triesLeft: 2 });
  readonly forgotten: string[] = [];
  #told: (() => void) | undefined;

  settings(): PhoneSettings | null {
    return this.isOn ? { ...SETTINGS, extensions: this.extensions, trunks: this.trunks } : null;
  }
  route(call: IncomingCall): Promise<CallRoute> {
    return Promise.resolve(this.routes(call));
  }
  checkPin(attempt: PinAttempt): Promise<PinOutcome> {
    return Promise.resolve(this.pins(attempt));
  }
  legEnded(legId: string): void {
    this.forgotten.push(legId);
  }
  mayDial({ target, present = 0 }: DialAsked): DialWay {
    if (present >= this.maxCallsPerPerson) throw new ParleyError('PHONE_LIMIT_REACHED');
    if (this.extensions.some(({ extension }) => extension === target))
      return { trunkId: null, target, callerId: null };
    if (!target.startsWith('+49')) throw new ParleyError('PHONE_NUMBER_REFUSED');
    return { trunkId: 'trunk', target, callerId: '+4930999' };
  }
  whySpent(): undefined {
    return undefined;
  }
  onChanged(told: () => void): () => void {
    this.#told = told;
    return () => (this.#told = undefined);
  }
  turn(on: boolean): void {
    this.isOn = on;
    this.#told?.();
  }
}

class PlainLog implements CallLog {
  readonly begun: CallRecord[] = [];
  readonly over: CallRecord[] = [];
  readonly refusals: RefusedCall[] = [];
  started(record: CallRecord): void {
    this.begun.push(record);
  }
  changed(): void {
    // What it is like while it goes on is not written down here.
  }
  ended(record: CallRecord): void {
    this.over.push(record);
  }
  refused(call: RefusedCall): void {
    this.refusals.push(call);
  }
}

/** What the process says when a leg has ended. */
export function endOf(
  legId: string,
  { by, status = 200, why = 'It hung up.', answered = true }: EndOptions,
): Extract<PhoneEvent, { type: 'ended' }> {
  const now = Date.now();
  return {
    ...{ type: 'ended', legId },
    end: {
      ...{ by, status, why, startedAt: now, answeredAt: answered ? now : null, endedAt: now },
      quality: { codec: 'PCMU', packetsLost: 0, packetsReceived: 9, jitterMs: 1, concealedMs: 0, mos: 4 },
    },
  };
}

interface EndOptions {
  by: LegEnd['by'];
  status?: number;
  why?: string;
  answered?: boolean;
}

type Ringing = Partial<Omit<Extract<PhoneEvent, { type: 'incoming' }>, 'type' | 'legId' | 'at'>>;

export class PhoneHarness {
  readonly book = new PlainBook();
  readonly log = new PlainLog();
  readonly commands: PhoneCommand[] = [];
  /** Packets that arrived at zones, by SSRC. */
  readonly heard = new Map<number, { zoneId: string; packets: number }>();
  readonly rooms: Rooms;
  readonly metrics = new Metrics();
  readonly phones: PhoneService;
  readonly pool: WorkerPool;
  readonly #server: Server;
  readonly #store: SqliteStore;
  readonly #folder: string;
  #line: Socket | undefined;
  /** Processes that have come. */
  lives = 0;
  #nextLeg = 0;

  static async create(): Promise<PhoneHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-phones-'));
    const config = loadConfig({
      PARLEY_MEDIA_PORT: '0',
      PARLEY_MEDIA_WORKERS: '1',
      PARLEY_LOG_LEVEL: 'silent',
    });
    const pool = await WorkerPool.create({ config: config.media, logger, metrics: new Metrics() });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'line'), resolve));
    return new PhoneHarness({ folder, pool, server });
  }

  private constructor({ folder, pool, server }: { folder: string; pool: WorkerPool; server: Server }) {
    this.#folder = folder;
    this.pool = pool;
    this.#server = server;
    server.on('connection', (line) => this.#attend(line));
    const env = { ...childEnv(), TEST_PHONES: join(folder, 'line') };
    this.phones = new PhoneService({
      ...{ book: this.book, log: this.log, logger, meter: new PhoneMeter(this.metrics) },
      program: { entry: ENTRY, env, logger },
    });
    this.#store = SqliteStore.open(folder);
    this.rooms = new Rooms({
      ...{ media: pool, stores: this.#store, logger, metrics: this.metrics, phones: this.phones },
      config: loadConfig({ PARLEY_LOG_LEVEL: 'silent' }),
    });
    this.phones.open(this.rooms);
  }

  /** The process is there, and listens. */
  async running(): Promise<void> {
    await eventually(() => {
      if (this.phones.state !== 'running' || !this.#line) throw new Error('phones do not run');
    });
  }

  tell(event: PhoneEvent): void {
    this.#send({ event });
  }

  setSound(legId: string, on: boolean): void {
    this.#send({ rtp: { legId, on } });
  }

  die(): void {
    this.#send({ die: true });
  }

  /** The media worker dies, and is replaced. */
  killWorker(): void {
    for (const pid of this.pool.workerPids) process.kill(pid, 'SIGKILL');
  }

  /** A call comes in; gives its leg. */
  ring({ from = '+4930123456', fromName = '', to = '+4930999', ...more }: Ringing = {}): string {
    const legId = `leg-${(this.#nextLeg += 1)}`;
    this.tell({
      ...{ type: 'incoming', legId, extension: null, from, fromName, to, at: Date.now() },
      trunkId: more.extension === undefined ? 'trunk' : null,
      ...more,
    });
    return legId;
  }

  /** The next thing of this type that the process is told of the leg, from now on or since the beginning. */
  told<T extends PhoneCommand['type']>(type: T, legId?: string): Extract<PhoneCommand, { type: T }>[] {
    return this.commands.filter(
      (command): command is Extract<PhoneCommand, { type: T }> =>
        command.type === type && (legId === undefined || ('legId' in command && command.legId === legId)),
    );
  }

  /** Waits for the last of what the process is told of this type to be as it should be. */
  lastTold<T extends PhoneCommand['type']>(
    type: T,
    legId: string | undefined,
    fits: (command: Extract<PhoneCommand, { type: T }>) => boolean = () => true,
  ): Promise<Extract<PhoneCommand, { type: T }>> {
    return eventually(() => {
      const last = this.told(type, legId).at(-1);
      if (!last || !fits(last)) throw new Error(`${type} is ${JSON.stringify(last)}`);
      return last;
    });
  }

  /** Calls a room by a rule, and is placed there. */
  async callRoom(room: string, call: Ringing = {}) {
    this.book.routes = () => ({ kind: 'room', room, identity: null, displayName: null, role: 'participant' });
    const legId = this.ring(call);
    await this.lastTold('decide', legId, ({ decision }) => decision.kind === 'answer');
    this.answer(legId);
    const { place } = await this.lastTold('place', legId);
    return { legId, place };
  }

  answer(legId: string): void {
    this.tell({ type: 'answered', legId, at: Date.now(), codec: 'PCMU' });
  }

  /** Somebody with a browser comes in. */
  async enter(identity: string, claims: Claims = {}): Promise<Joined> {
    const ear = new Ear();
    const outcome = await this.rooms.join(grantsFor(identity, claims), { outlet: ear, network: '192.0.2.1' });
    if (outcome.state !== 'joined') throw new Error(`${identity} has to wait in the lobby`);
    return { ear, ...outcome };
  }

  async close(): Promise<void> {
    await this.phones.close();
    await this.rooms.close();
    this.#line?.destroy();
    this.#server.close();
    this.#store.close();
    await this.pool.close();
    rmSync(this.#folder, { recursive: true });
  }

  #send(message: ToPhones): void {
    if (!this.#line) throw new Error('There is no process of phones.');
    this.#line.write(`${JSON.stringify(message)}\n`);
  }

  #attend(line: Socket): void {
    this.#line = line;
    this.lives += 1;
    line.on('error', () => undefined);
    createInterface({ input: line }).on('line', (text) => {
      const message = JSON.parse(text) as FromPhones;
      if ('command' in message) this.commands.push(message.command);
      else this.heard.set(message.heard.ssrc, message.heard);
    });
  }
}

const logger = createLogger('silent');
