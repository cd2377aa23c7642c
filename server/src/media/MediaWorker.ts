import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createWorker, type types } from 'mediasoup';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { TypedEmitter } from '../util/TypedEmitter.ts';
import { buildIceCandidates, planAddresses, type AddressPlan } from './listenAddresses.ts';
import { MediaError, reasonOf } from './mediaErrors.ts';
import { MediaRoom } from './MediaRoom.ts';
import type { WorkerLoad } from './placement.ts';
import { Watchdog } from './Watchdog.ts';

/** Why a worker ended: a signal from outside, by itself, or it was hung and we killed it. */
export type DeathCause = 'signal' | 'exit' | 'hung';

export interface MediaWorkerOptions {
  config: Config['media'];
  logger: Logger;
  metrics: Metrics;
  /** UDP and TCP port; 0 takes a free one. */
  port: number;
}

const FREE_PORT_ATTEMPTS = 10;
/** An answer that is late by this much is a sign of trouble, in ms. */
const SUSPICIOUS_SILENCE_MS = 300;
/** How long a worker may take to end when asked to, in ms. */
const CLOSE_TIMEOUT_MS = 1_000;

/** One worker process with its one port, and the media rooms on it. */
export class MediaWorker extends TypedEmitter<{ died: [DeathCause] }> {
  readonly port: number;
  readonly #worker: types.Worker;
  readonly #webRtcServer: types.WebRtcServer;
  readonly #addresses: AddressPlan;
  readonly #options: MediaWorkerOptions;
  readonly #watchdog: Watchdog;
  readonly #rooms = new Set<MediaRoom>();
  #roomsComing = 0;
  #isHung = false;
  #isEndExpected = false;
  #closed = false;

  /** Throws an Error for the operator when the worker cannot start or its port is taken. */
  static async create(options: MediaWorkerOptions): Promise<MediaWorker> {
    const { config } = options;
    const addresses = planAddresses({ ...config, interfaces: networkInterfaces() });
    const worker = await startWorker(config.workerBin);
    try {
      const { webRtcServer, port } = await openPort(worker, options.port, addresses);
      return new MediaWorker(options, { worker, webRtcServer, port, addresses });
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  private constructor(
    options: MediaWorkerOptions,
    parts: { worker: types.Worker; webRtcServer: types.WebRtcServer; port: number; addresses: AddressPlan },
  ) {
    super();
    this.port = parts.port;
    this.#worker = parts.worker;
    this.#webRtcServer = parts.webRtcServer;
    this.#addresses = parts.addresses;
    this.#options = { ...options, logger: options.logger.child({ workerPid: parts.worker.pid }) };
    this.#worker.on('died', (error) => this.#handleDeath(error));
    this.#watchdog = new Watchdog({
      interval: options.config.watchdogInterval,
      timeout: options.config.watchdogTimeout,
      ask: () => this.#worker.getResourceUsage(),
      hung: () => this.#killHung(),
    });
    this.#options.logger.info(
      { port: this.port, addresses: this.#addresses.announce },
      'media worker started',
    );
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get alive(): boolean {
    return !this.#worker.closed;
  }

  get load(): WorkerLoad {
    const load = { rooms: this.#rooms.size + this.#roomsComing, transports: 0, consumers: 0 };
    for (const room of this.#rooms) {
      const { transports, consumers } = room.load;
      load.transports += transports;
      load.consumers += consumers;
    }
    return { ...load, responsive: this.#watchdog.waiting < SUSPICIOUS_SILENCE_MS };
  }

  /** Throws what mediasoup throws. */
  async createRoom(): Promise<MediaRoom> {
    const { config, logger, metrics } = this.#options;
    this.#roomsComing += 1;
    try {
      const context = {
        webRtcServer: this.#webRtcServer,
        config,
        logger,
        metrics,
        iceCandidates: ({ forceTcp }: { forceTcp: boolean }) =>
          buildIceCandidates({ announce: this.#addresses.announce, port: this.port, forceTcp }),
      };
      const room = await MediaRoom.create(this.#worker, context, (closed) => this.#rooms.delete(closed));
      this.#rooms.add(room);
      return room;
    } finally {
      this.#roomsComing -= 1;
    }
  }

  /** That it ends from now on is no fault. */
  expectEnd(): void {
    this.#isEndExpected = true;
  }

  /** Closes its rooms, then ends the process. Resolves when the process is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchdog.close();
    for (const room of this.#rooms) room.close();
    if (this.#worker.subprocessClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => kill(this.pid), CLOSE_TIMEOUT_MS);
      this.#worker.once('subprocessclose', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#worker.close();
    });
  }

  #killHung(): void {
    this.#isHung = true;
    this.#options.logger.error('media worker does not answer, killing it');
    kill(this.pid);
  }

  #handleDeath(error: Error): void {
    this.#closed = true;
    this.#watchdog.close();
    const cause = this.#isHung ? 'hung' : error.message.includes('signal:null') ? 'exit' : 'signal';
    const level = this.#isEndExpected ? 'debug' : 'error';
    this.#options.logger[level]({ err: error, cause }, 'media worker died');
    // Whoever replaces it hears first, so that the rooms find a replacement under way.
    this.emit('died', cause);
    for (const room of [...this.#rooms]) room.handleWorkerDeath();
  }
}

/**
 * NOTE: mediasoup ends a worker by itself when this process gets SIGINT or SIGTERM. Here the order of closing is the
 * server's to choose (people are told first), so the listeners that it adds are taken off again.
 */
async function startWorker(workerBin: string): Promise<types.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const starting = createWorker({ logLevel: 'warn', ...(workerBin !== '' && { workerBin }) });
  for (const signal of signals)
    for (const listener of process.listeners(signal))
      if (!before.has(listener)) process.removeListener(signal, listener);
  try {
    return await starting;
  } catch (cause) {
    throw new MediaError(
      `The media worker does not start: ${reasonOf(cause)}. ` +
        'Run the set-up again, or name a worker in media.workerBin (PARLEY_MEDIA_WORKER_BIN).',
      { cause },
    );
  }
}

async function openPort(
  worker: types.Worker,
  wantedPort: number,
  addresses: AddressPlan,
): Promise<{ webRtcServer: types.WebRtcServer; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = wantedPort === 0 ? await findFreePort() : wantedPort;
    try {
      const listenInfos = addresses.listen.flatMap((ip) =>
        (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ip, port })),
      );
      return { webRtcServer: await worker.createWebRtcServer({ listenInfos }), port };
    } catch (cause) {
      if (wantedPort === 0 && attempt < FREE_PORT_ATTEMPTS) continue;
      throw new MediaError(
        `Media port ${port} cannot be opened: ${reasonOf(cause)}. Stop what uses it, or set media.port ` +
          '(PARLEY_MEDIA_PORT; each worker takes one port from there on) or media.listenIp (PARLEY_MEDIA_LISTEN_IP).',
        { cause },
      );
    }
  }
}

/** A TCP port that is free now; that UDP is, too, is seen when it is opened. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
