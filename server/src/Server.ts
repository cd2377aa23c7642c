import { readFileSync } from 'node:fs';
import { createApp } from './api/app.ts';
import type { App } from './api/appType.ts';
import { createListeners, type Listeners, type ListenUrl } from './api/listeners.ts';
import { ensurePrivateFolder } from './auth/privateFile.ts';
import { loadSecrets } from './auth/secrets.ts';
import { TokenService } from './auth/TokenService.ts';
import type { Config } from './config/schema.ts';
import { WorkerPool } from './media/WorkerPool.ts';
import type { Logger } from './observability/logger.ts';
import { Metrics } from './observability/Metrics.ts';
import { HistoryDesk } from './history/HistoryDesk.ts';
import { Retention } from './history/Retention.ts';
import { sessionEndOf } from './room/sessionEnds.ts';
import { FileDesk } from './room/FileDesk.ts';
import { HostDesk } from './room/HostDesk.ts';
import { Rooms } from './room/Rooms.ts';
import { Schedules } from './schedules/Schedules.ts';
import { Timetable } from './schedules/Timetable.ts';
import { adminLinkUrl, makeAdminLink } from './signin/AdminLink.ts';
import { SignInDesk } from './signin/SignInDesk.ts';
import { SignallingServer } from './signalling/SignallingServer.ts';
import { DataLock } from './store/DataLock.ts';
import { SqliteStore } from './store/SqliteStore.ts';
import { Webhooks } from './webhooks/Webhooks.ts';

interface Parts {
  lock: DataLock;
  store: SqliteStore;
  signIn: SignInDesk;
  retention: Retention;
  webhooks: Webhooks;
  pool: WorkerPool;
  rooms: Rooms;
  app: App;
  signalling: SignallingServer;
  listeners: Listeners;
}

interface Telling {
  config: Config;
  tokens: TokenService;
  store: SqliteStore;
  logger: Logger;
  metrics: Metrics;
}

/** Seconds that a receiver may take the signature of an event for good: each attempt is signed anew. */
const SIGNATURE_TTL = 300;

/** Everything is wired here, by hand, in the order in which it starts; it closes in the order of docs/closing.md. */
export class Server {
  static readonly version = readVersion();
  /** A link by which whoever has it signs in as administrator; undefined where people sign in at a provider. */
  readonly adminLink: string | undefined;
  readonly #parts: Parts;
  readonly #logger: Logger;
  #closed: Promise<void> | undefined;

  private constructor(parts: Parts, config: Config, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
    this.adminLink = makeLink(parts, config);
  }

  /** Throws errors whose messages tell an operator what to do; nothing that was started stays. */
  static async start(config: Config, logger: Logger): Promise<Server> {
    const undo: (() => unknown)[] = [];
    try {
      return new Server(await Server.#build(config, logger, undo), config, logger);
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  static async #build(config: Config, logger: Logger, undo: (() => unknown)[]): Promise<Parts> {
    const metrics = new Metrics();
    const keys = loadSecrets(config);
    ensurePrivateFolder(config.dataDir);
    const lock = DataLock.take(config.dataDir);
    undo.push(() => lock.release());
    const store = SqliteStore.open(config.dataDir);
    undo.push(() => store.close());
    const signIn = new SignInDesk({ config, store: store.hostSessions, logger });
    const tokens = await TokenService.create(keys, config.auth, (id) => signIn.sessions.isOpen(id));
    const retention = new Retention({ store: store.history, days: config.retention, logger });
    undo.push(() => retention.close());
    const pool = await WorkerPool.create({ config: config.media, logger, metrics });
    undo.push(() => pool.close());
    const webhooks = Server.#tellOthers({ config, tokens, store, logger, metrics });
    undo.push(() => webhooks.close());
    const rooms = new Rooms({
      ...{ media: pool, stores: store, config, logger, metrics },
      ...{ observer: webhooks, hours: new Timetable(store.schedules) },
    });
    const readiness = (): string[] => [
      ...(rooms.closing ? ['The server is shutting down.'] : []),
      ...(pool.healthy ? [] : ['A media worker is being replaced.']),
    ];
    let urls: readonly ListenUrl[] = [];
    const app = await createApp({
      config,
      logger,
      rooms,
      hosts: new HostDesk(rooms),
      files: new FileDesk(rooms, store.contents),
      history: new HistoryDesk(rooms, store.history, store.contents),
      schedules: new Schedules(rooms, store.schedules),
      webhooks,
      signIn,
      tokens,
      metrics,
      readiness,
      urls: () => urls,
      version: Server.version,
    });
    undo.push(() => app.close());
    const signalling = new SignallingServer({
      rooms,
      tokens,
      config: config.signalling,
      origins: config.http,
      trustProxy: config.http.trustProxy,
      serverVersion: Server.version,
      logger,
      metrics,
    });
    const listeners = await createListeners({ config, handler: app.routing });
    ({ urls } = listeners);
    for (const server of listeners.servers) signalling.attach(server);
    return { lock, store, retention, signIn, webhooks, pool, rooms, app, signalling, listeners };
  }

  static #tellOthers({ config, tokens, store, logger, metrics }: Telling): Webhooks {
    // What is deleted from the chat does not stay in the log of what was told of it.
    const { messages } = config.retention;
    const keepDays = messages === 0 ? config.webhooks.keepDays : Math.min(config.webhooks.keepDays, messages);
    return new Webhooks({
      stores: store,
      config: { ...config.webhooks, keepDays },
      sign: (body) => tokens.signBody(body, SIGNATURE_TTL),
      version: Server.version,
      logger,
      metrics,
    });
  }

  /** Where people reach the web app, best first. */
  get urls(): readonly ListenUrl[] {
    return this.#parts.listeners.urls;
  }

  /** Tells everybody, then ends all in order. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { signalling, rooms, listeners, app, pool, webhooks, retention, store, lock } = this.#parts;
    this.#logger.info('shutting down');
    rooms.stopAdmitting();
    pool.expectEnd();
    await signalling.close(sessionEndOf('serverShutdown'));
    await rooms.close();
    await listeners.close();
    await app.close();
    await pool.close();
    await webhooks.close();
    await retention.close();
    store.close();
    lock.release();
    this.#logger.info('shut down');
  }
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Where there is a provider the link is for emergencies, and made by hand. */
function makeLink({ signIn, listeners }: Parts, { dataDir, auth }: Config): string | undefined {
  const [first] = listeners.urls;
  if (signIn.way !== 'link' || !first) return undefined;
  return adminLinkUrl(first.url, makeAdminLink(dataDir, auth.adminLinkTtl));
}
