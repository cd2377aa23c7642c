/** Rooms as they are in production, over a real media worker and a real database, for people without browsers. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AnyNotification,
  JoinedRoom,
  NotificationName,
  NotificationParams,
  TokenClaims,
} from '@parley/protocol';
import { joinGrantsOf, type JoinGrants } from '../../auth/grants.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { MediaRoom } from '../../media/MediaRoom.ts';
import { WorkerPool } from '../../media/WorkerPool.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import type { Participant } from '../Participant.ts';
import { Timetable } from '../../schedules/Timetable.ts';
import { SqliteStore } from '../../store/SqliteStore.ts';
import type { Egress, Outlet, Place, SessionEnd } from '../ports.ts';
import type { JoinOutcome, Room } from '../Room.ts';
import type { RoomObserver } from '../RoomEvents.ts';
import { Rooms } from '../Rooms.ts';
import type { Waiting } from '../Waiting.ts';

/** Remembers what somebody was told. */
export class Ear implements Outlet {
  readonly heard: AnyNotification[] = [];
  ended: SessionEnd | undefined;
  sentBackTo: Place | undefined;
  notify(notification: AnyNotification): void {
    this.heard.push(notification);
  }
  end(end: SessionEnd): void {
    this.ended = end;
  }
  sentToLobby(place: Place): void {
    this.sentBackTo = place;
  }
  of<N extends NotificationName>(method: N): NotificationParams<N>[] {
    return this.heard
      .filter((notification) => notification.method === method)
      .map(({ params }) => params as NotificationParams<N>);
  }
  last<N extends NotificationName>(method: N): NotificationParams<N> | undefined {
    return this.of(method).at(-1);
  }
}

export interface Joined {
  ear: Ear;
  participant: Participant;
  room: Room;
  answer: JoinedRoom;
}

export type Claims = Partial<Omit<TokenClaims, 'video'>> & { video?: TokenClaims['video'] };

export function grantsFor(identity: string, { video, ...claims }: Claims = {}): JoinGrants {
  const grant = { room: 'demo', roomJoin: true, canUpdateOwnMetadata: true, ...video };
  return joinGrantsOf({ iss: 'key', sub: identity, exp: Date.now() / 1000 + 60, video: grant, ...claims });
}

/** Gives who looks on, each time that rooms are opened. */
export type Observe = (stores: SqliteStore) => RoomObserver | undefined;
/** Gives who records, likewise. */
export type Recorders = (stores: SqliteStore, dataDir: string) => Egress | undefined;

export class RoomsHarness {
  readonly pool: WorkerPool;
  dataDir = newFolder();
  #env: Record<string, string>;
  readonly #observe: Observe;
  readonly #record: Recorders;
  /** Lives that ended with a crash, while they are cleared away. */
  readonly #formerLives: Promise<void>[] = [];
  /** Those that were made since the last crash. */
  mediaRooms: MediaRoom[] = [];
  stores: SqliteStore;
  rooms: Rooms;

  static async create(
    env: Record<string, string> = {},
    observe: Observe = () => undefined,
    record: Recorders = () => undefined,
  ): Promise<RoomsHarness> {
    const { media } = config();
    const pool = await WorkerPool.create({ config: media, logger, metrics: new Metrics() });
    return new RoomsHarness(pool, env, { observe, record });
  }

  private constructor(
    pool: WorkerPool,
    env: Record<string, string>,
    { observe, record }: { observe: Observe; record: Recorders },
  ) {
    this.pool = pool;
    this.#env = env;
    this.#observe = observe;
    this.#record = record;
    this.stores = SqliteStore.open(this.dataDir);
    this.rooms = this.#open();
  }

  /** As after a crash: what is on disk at this moment is all that is left of it. */
  crash(): void {
    const { rooms, stores, dataDir } = this;
    this.dataDir = newFolder();
    cpSync(dataDir, this.dataDir, { recursive: true });
    this.stores = SqliteStore.open(this.dataDir);
    this.mediaRooms = [];
    this.rooms = this.#open();
    this.#formerLives.push(bury({ rooms, stores, dataDir }));
  }

  async ask(identity: string, claims: Claims = {}, more: { password?: string; network?: string } = {}) {
    const ear = new Ear();
    const arrival = { outlet: ear, network: '192.0.2.1', ...more };
    const outcome: JoinOutcome = await this.rooms.join(grantsFor(identity, claims), arrival);
    return { ear, outcome };
  }

  /** Comes in, or fails. */
  async enter(
    identity: string,
    claims: Claims = {},
    more: { password?: string; network?: string } = {},
  ): Promise<Joined> {
    const { ear, outcome } = await this.ask(identity, claims, more);
    if (outcome.state !== 'joined') throw new Error(`${identity} has to wait in the lobby`);
    return { ear, ...outcome };
  }

  /** Waits in the lobby, or fails. */
  async knock(identity: string, claims: Claims = {}): Promise<{ ear: Ear; waiting: Waiting }> {
    const { ear, outcome } = await this.ask(identity, claims);
    if (outcome.state !== 'knocking') throw new Error(`${identity} did not have to wait`);
    return { ear, waiting: outcome.waiting };
  }

  /** Everything anew, with other configuration where it is given. */
  async reset(env = this.#env): Promise<void> {
    this.#env = env;
    await Promise.all([this.rooms.close(), ...this.#formerLives.splice(0)]);
    this.mediaRooms = [];
    for (const { roomId } of this.stores.rooms.load()) this.stores.rooms.delete(roomId);
    this.rooms = this.#open();
  }

  async close(): Promise<void> {
    await Promise.all([bury(this), ...this.#formerLives]);
    await this.pool.close();
  }

  #open(): Rooms {
    const { stores } = this;
    const createMediaRoom = async () => {
      const mediaRoom = await this.pool.createMediaRoom();
      this.mediaRooms.push(mediaRoom);
      return mediaRoom;
    };
    const observer = this.#observe(stores);
    const egress = this.#record(stores, this.dataDir);
    return new Rooms({
      ...{ media: { createMediaRoom }, stores, config: config(this.#env), logger },
      metrics: new Metrics(),
      hours: new Timetable(stores.schedules),
      ...(observer && { observer }),
      ...(egress && { egress }),
    });
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'parley-rooms-'));

async function bury({ rooms, stores, dataDir }: { rooms: Rooms; stores: SqliteStore; dataDir: string }) {
  await rooms.close();
  stores.close();
  rmSync(dataDir, { recursive: true });
}

const logger = createLogger('silent');
const config = (env: Record<string, string> = {}) =>
  loadConfig({ PARLEY_MEDIA_PORT: '0', PARLEY_MEDIA_WORKERS: '1', PARLEY_LOG_LEVEL: 'silent', ...env });
