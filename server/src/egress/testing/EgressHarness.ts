/** Rooms that are recorded, by a recorder that speaks the protocol and records nothing. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { loadConfig } from '../../config/loadConfig.ts';
import { LivePages } from '../../live/LivePages.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import type { RoomFact } from '../../room/RoomEvents.ts';
import { RoomsHarness } from '../../room/testing/RoomsHarness.ts';
import type { SqliteStore } from '../../store/SqliteStore.ts';
import { Capacity } from '../Capacity.ts';
import { Egress } from '../Egress.ts';
import { programSettings, storageOf } from '../settings.ts';

export const HONEST_RECORDER = join(import.meta.dirname, 'honestRecorder.ts');
const ADDRESS = { url: 'ws://127.0.0.1:1/ws', certificate: null };
const BUCKET = {
  PARLEY_RECORDER_BUCKET_ENDPOINT: 'http://127.0.0.1:1',
  PARLEY_RECORDER_BUCKET_BUCKET: 'recordings',
};

export interface EgressSetting {
  maxPrograms?: number;
  /** What the recorder does wrong. */
  fault?: string;
  /** Bytes that are free on the disk. */
  free?: () => number;
  /** How long a recorder may say nothing while it finishes, ms. */
  finishPatience?: number;
  /** Recordings are copied to one; the recorder does as if there were such a thing. */
  hasBucket?: boolean;
}

/** Waits until a check passes; how long that may take says nothing about the code. */
export const eventually = <T>(check: () => T): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });

interface Opened {
  egress: Egress;
  pages: LivePages;
  /** It is dead, and writes nothing more. */
  kill(): void;
}

export class EgressHarness {
  readonly people: RoomsHarness;
  readonly facts: RoomFact[] = [];
  readonly #opened: Opened[];

  static async create(setting: EgressSetting = {}, env: Record<string, string> = {}): Promise<EgressHarness> {
    const opened: Opened[] = [];
    const facts: RoomFact[] = [];
    const observer = { handleFact: (_room: unknown, fact: RoomFact) => void facts.push(fact) };
    const people = await RoomsHarness.create(
      env,
      () => observer,
      (stores, dataDir) => {
        const one = egressOf({ stores, dataDir, setting, observer });
        opened.push(one);
        return one.egress;
      },
    );
    const harness = new EgressHarness(people, opened, facts);
    await harness.egress.open(ADDRESS);
    return harness;
  }

  private constructor(people: RoomsHarness, opened: Opened[], facts: RoomFact[]) {
    this.people = people;
    this.#opened = opened;
    this.facts = facts;
  }

  get egress(): Egress {
    const opened = this.#opened.at(-1);
    if (!opened) throw new Error('nothing records');
    return opened.egress;
  }

  get pages(): LivePages {
    const opened = this.#opened.at(-1);
    if (!opened) throw new Error('nothing is streamed');
    return opened.pages;
  }

  get stores(): SqliteStore {
    return this.people.stores;
  }

  /** Pid of the only recorder. */
  get pid(): number {
    return [...this.egress.pids.values()][0] ?? 0;
  }

  factsOf<T extends RoomFact['type']>(type: T): Extract<RoomFact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<RoomFact, { type: T }> => fact.type === type);
  }

  /** The process of the server is killed, with all recorders, and started anew. */
  async crash(): Promise<void> {
    const pids = [...this.egress.pids.values()];
    this.#opened.at(-1)?.kill();
    this.people.crash();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await this.egress.open(ADDRESS);
  }

  /** The server is stopped in order, and started anew. */
  async restart(): Promise<void> {
    await this.egress.close();
    this.people.crash();
    await this.egress.open(ADDRESS);
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ egress }) => egress.close()));
    await this.people.close();
  }
}

function egressOf({
  stores,
  dataDir,
  setting: { maxPrograms = 2, fault = '', free, finishPatience = 60_000, hasBucket = false },
  observer,
}: {
  stores: SqliteStore;
  dataDir: string;
  setting: EgressSetting;
  observer: { handleFact(room: unknown, fact: RoomFact): void };
}): Opened {
  let isDead = false;
  const pages = new LivePages();
  const store = stores.recordings;
  const config = loadConfig({
    ...{ PARLEY_DATA_DIR: dataDir, PARLEY_RECORDER_ENCRYPTION: 'false' },
    ...(hasBucket && BUCKET),
  });
  const storage = storageOf(config);
  mkdirSync(storage.folder, { recursive: true });
  const logger = createLogger('silent');
  const egress = new Egress({
    isEnabled: true,
    recorder: { entry: HONEST_RECORDER, env: { TEST_RECORDER: fault }, logger },
    settings: programSettings(config.recorder),
    live: {
      pages,
      folder: join(dataDir, 'live'),
      windowSeconds: 60,
      allowPrivateTargets: true,
    },
    ...{ storage, retention: 0, observer, logger, metrics: new Metrics() },
    store: {
      open: () => store.open(),
      find: (recordingId) => store.find(recordingId),
      uncopied: () => store.uncopied(),
      save: (record) => (isDead ? undefined : store.save(record)),
    },
    finishPatience,
    capacity: new Capacity(maxPrograms),
    sign: (identity, room) => `${identity} in ${room}`,
    ...(free && { measureDisk: () => Promise.resolve(free()) }),
  });
  return { egress, pages, kill: () => (isDead = true) };
}
