import { availableParallelism } from 'node:os';
import { ParleyError } from '@parley/protocol';
import type { LegOptions, LegSound, MixerCounters, SoundEngine, ZoneOptions, ZoneSound } from './engine.ts';
import { HostLeg } from './host/HostLeg.ts';
import { HostZone } from './host/HostZone.ts';
import { PortPool } from './host/PortPool.ts';
import { WorkerHandle } from './host/WorkerHandle.ts';
import { addCounters, newCounters } from './mixer/counters.ts';
import type { WorkerSettings } from './worker/contract.ts';

/** What one core does with ease. */
const LEGS_PER_WORKER = 50;

export interface SoundEngineOptions {
  /** Where phones send their sound to: an address of this machine, or 0.0.0.0. */
  readonly ip: string;
  /** Both ends belong to it; a leg takes two. */
  readonly ports: { readonly from: number; readonly to: number };
  /** Where the SFU sends to. */
  readonly sfuIp?: string;
  /** Folder whose prompts come before those of the house. */
  readonly prompts?: string | undefined;
  readonly language?: string;
  readonly maxWorkers?: number;
  /** So many legs a worker has before another is started. */
  readonly legsPerWorker?: number;
  /** A worker died, and what it said. */
  readonly onWorkerLost?: (reason: string) => void;
  /** For tests. */
  readonly workerFile?: URL;
}

/** Rejects where not even one worker comes up. */
export async function openSoundEngine(options: SoundEngineOptions): Promise<SoundEngine> {
  const engine = new Engine(options);
  await engine.start();
  return engine;
}

class Engine implements SoundEngine {
  readonly #options: SoundEngineOptions;
  readonly #settings: WorkerSettings;
  readonly #ports: PortPool;
  readonly #workers = new Set<WorkerHandle>();
  readonly #zones = new Map<string, HostZone>();
  readonly #legs = new Map<string, HostLeg>();
  #starting: Promise<WorkerHandle> | undefined;
  #closed = false;

  constructor(options: SoundEngineOptions) {
    const { ip, sfuIp = '127.0.0.1', prompts, language = 'en' } = options;
    this.#options = options;
    this.#settings = { ip, sfuIp, prompts, language };
    this.#ports = new PortPool(options.ports);
  }

  async start(): Promise<void> {
    await this.#startWorker();
  }

  async openZone(zoneId: string, { audioLevelExtensionId = 0, from }: ZoneOptions = {}): Promise<ZoneSound> {
    if (this.#zones.has(zoneId)) throw new Error(`There is a zone ${zoneId} already.`);
    const worker = await this.#pickWorker();
    const asked = { zoneId, audioLevelId: audioLevelExtensionId, from };
    const receiveAt = await worker.ask('openZone', asked);
    const zone = new HostZone(zoneId, {
      ...{ worker, receiveAt },
      onClosed: () => this.#zones.delete(zoneId),
    });
    this.#zones.set(zoneId, zone);
    return zone;
  }

  async openLeg(legId: string, { language }: LegOptions = {}): Promise<LegSound> {
    if (this.#legs.has(legId)) throw new Error(`There is a leg ${legId} already.`);
    const worker = await this.#pickWorker();
    const port = await this.#takePort(worker, { legId, language });
    const leg = new HostLeg(legId, {
      ...{ port, language, worker },
      findZone: (zoneId) => this.#zones.get(zoneId),
      onClosed: (wasAgreed) => {
        this.#legs.delete(legId);
        this.#ports.giveBack(port, { rests: wasAgreed });
      },
    });
    this.#legs.set(legId, leg);
    return leg;
  }

  async counters(): Promise<MixerCounters> {
    const all = newCounters();
    for (const worker of this.#workers) addCounters(all, await worker.ask('counters', {}));
    return all;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#legs.values()].map((leg) => leg.close()));
    for (const zone of [...this.#zones.values()]) zone.close();
    await this.#starting?.catch(() => undefined);
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    this.#workers.clear();
  }

  /** The least busy one, or a new one where all are full. */
  async #pickWorker(): Promise<WorkerHandle> {
    const { maxWorkers: most = Math.max(1, availableParallelism() - 1), legsPerWorker = LEGS_PER_WORKER } =
      this.#options;
    const [best] = [...this.#workers].sort((a, b) => a.legs - b.legs);
    if (best && (best.legs < legsPerWorker || this.#workers.size >= most)) return best;
    return this.#startWorker();
  }

  #startWorker(): Promise<WorkerHandle> {
    this.#starting ??= this.#open().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #open(): Promise<WorkerHandle> {
    const file = this.#options.workerFile ?? new URL('worker/main.ts', import.meta.url);
    const worker = await WorkerHandle.start(file, this.#settings);
    this.#workers.add(worker);
    worker.onLost((reason) => this.#replace(worker, reason));
    return worker;
  }

  #replace(worker: WorkerHandle, reason: string): void {
    this.#workers.delete(worker);
    if (this.#closed) return;
    this.#options.onWorkerLost?.(reason);
    // Where it does not come up now, the next leg or zone tries again.
    this.#startWorker().catch(() => undefined);
  }

  async #takePort(
    worker: WorkerHandle,
    { legId, language }: { legId: string; language: string | undefined },
  ): Promise<number> {
    for (let port = this.#ports.take(); port !== undefined; port = this.#ports.take()) {
      const outcome = await this.#tryPort(worker, { legId, port, language });
      if (outcome === 'open') return port;
      this.#ports.giveBack(port);
    }
    throw new ParleyError('MEDIA_UNAVAILABLE', {
      message: 'All ports for the sound of phones are in use. Try again in a minute, or widen the range.',
    });
  }

  async #tryPort(
    worker: WorkerHandle,
    asked: { legId: string; port: number; language: string | undefined },
  ): Promise<'open' | 'taken'> {
    try {
      return await worker.ask('openLeg', { ...asked, progress: undefined });
    } catch (error) {
      this.#ports.giveBack(asked.port, { rests: false });
      throw error;
    }
  }
}
