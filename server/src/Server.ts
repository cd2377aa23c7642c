import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './api/app.ts';
import type { App } from './api/appType.ts';
import { childEnv } from './config/childEnv.ts';
import { configuredCertificate } from './api/tls.ts';
import { createListeners, type Listeners, type ListenUrl } from './api/listeners.ts';
import { ensurePrivateFolder } from './auth/privateFile.ts';
import { loadSecrets } from './auth/secrets.ts';
import { TokenService } from './auth/TokenService.ts';
import type { Config } from './config/schema.ts';
import { createEgress } from './egress/createEgress.ts';
import type { Egress } from './egress/Egress.ts';
import { storageOf } from './egress/settings.ts';
import { recorderAddress } from './egress/recorderAddress.ts';
import { WorkerPool } from './media/WorkerPool.ts';
import type { Logger } from './observability/logger.ts';
import { Metrics } from './observability/Metrics.ts';
import { LivePages } from './live/LivePages.ts';
import { HistoryDesk } from './history/HistoryDesk.ts';
import { startRetention } from './history/retention.ts';
import { sessionEndOf } from './room/sessionEnds.ts';
import { CallDesk } from './room/CallDesk.ts';
import { FileDesk } from './room/FileDesk.ts';
import { HostDesk } from './room/HostDesk.ts';
import { Observers } from './room/Observers.ts';
import { LiveDesk } from './room/LiveDesk.ts';
import { RecordingDesk } from './room/RecordingDesk.ts';
import { Rooms } from './room/Rooms.ts';
import { Schedules } from './schedules/Schedules.ts';
import { Timetable } from './schedules/Timetable.ts';
import { adminLinkUrl, makeAdminLink } from './signin/AdminLink.ts';
import { SignInDesk } from './signin/SignInDesk.ts';
import { Library } from './recordings/Library.ts';
import { startRecordingRetention } from './recordings/recordingRetention.ts';
import { RecordingVault } from './recordings/RecordingVault.ts';
import { PhoneOffice } from './sip/book/PhoneOffice.ts';
import { PhoneMeter } from './sip/PhoneMeter.ts';
import { PhoneService } from './sip/PhoneService.ts';
import { SignallingServer } from './signalling/SignallingServer.ts';
import { DataLock } from './store/DataLock.ts';
import { SqliteStore } from './store/SqliteStore.ts';
import { Webhooks } from './webhooks/Webhooks.ts';
import { HttpMedia } from './whip/HttpMedia.ts';
import type { HourlySweep } from './util/HourlySweep.ts';

interface Parts {
  lock: DataLock;
  store: SqliteStore;
  signIn: SignInDesk;
  retention: HourlySweep;
  recordings: HourlySweep;
  library: Library;
  webhooks: Webhooks;
  pool: WorkerPool;
  egress: Egress;
  office: PhoneOffice;
  phones: PhoneService;
  rooms: Rooms;
  live: LivePages;
  media: HttpMedia;
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

interface Around extends Telling {
  pool: WorkerPool;
  webhooks: Webhooks;
}

/** Seconds that a receiver may take the signature of an event for good: each attempt is signed anew. */
const SIGNATURE_TTL = 300;

/** Calls that the history of a meeting shows. */
const MAX_CALLS_OF_MEETING = 500;
/** What speaks SIP, in a process of its own. */
const PHONE_PROGRAM = join(import.meta.dirname, 'sip/process/index.ts');

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
    const retention = startRetention({ store: store.history, days: config.retention, logger });
    undo.push(() => retention.close());
    const pool = await WorkerPool.create({ config: config.media, logger, metrics });
    undo.push(() => pool.close());
    const webhooks = Server.#tellOthers({ config, tokens, store, logger, metrics });
    undo.push(() => webhooks.close());
    const around = { config, tokens, store, pool, webhooks, logger, metrics };
    const { office, phones } = openPhones(around);
    undo.push(
      () => office.close(),
      () => phones.close(),
    );
    const { egress, rooms, live, library, recordings } = Server.#openRooms(around, phones);
    phones.open(rooms);
    undo.push(
      () => recordings.close(),
      () => library.close(),
      () => egress.close(),
      () => live.closeAll(),
    );
    const readiness = (): string[] => [
      ...(rooms.closing ? ['The server is shutting down.'] : []),
      ...(pool.healthy ? [] : ['A media worker is being replaced.']),
    ];
    const media = new HttpMedia({ rooms, tokens, feeding: egress.feeds, config, logger, metrics });
    undo.push(() => media.close());
    let urls: readonly ListenUrl[] = [];
    const app = await createApp({
      ...{ config, logger, rooms, live, media, webhooks, signIn, tokens, metrics, readiness },
      ...desksOf(rooms, store, library),
      phones: office.open(rooms, phones),
      personalCalls: phones.forTwo,
      urls: () => urls,
      version: Server.version,
    });
    undo.push(() => app.close());
    const { trustProxy } = config.http;
    const signalling = new SignallingServer({
      ...{ rooms, tokens, config: config.signalling, origins: config.http, trustProxy, logger, metrics },
      serverVersion: Server.version,
    });
    const listeners = await createListeners({ config, handler: app.routing });
    ({ urls } = listeners);
    for (const server of listeners.servers) signalling.attach(server);
    await openForRecorders(egress, listeners, config);
    const started = { lock, store, retention, recordings, library, signIn, webhooks, pool, egress };
    return { ...started, office, phones, rooms, live, media, app, signalling, listeners };
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

  /** Rooms, who records them, and what was recorded. */
  static #openRooms(around: Around, phones: PhoneService) {
    const { config, tokens, store, pool, webhooks, logger, metrics } = around;
    const observer = new Observers();
    observer.add(webhooks);
    const storage = storageOf(config);
    const common = { store: store.recordings, observer, logger };
    const live = new LivePages();
    const egress = createEgress({ ...common, pages: live, config, storage, tokens, metrics });
    const rooms = new Rooms({
      ...{ media: pool, stores: store, config, logger, metrics },
      ...{ egress, phones, observer, hours: new Timetable(store.schedules) },
    });
    const { retention: days } = config.recorder;
    const folder = new RecordingVault(storage);
    const library = new Library({ ...common, rooms, retention: days, folder });
    observer.add(library);
    observer.add(egress);
    const recordings = startRecordingRetention({ library, store: store.recordings, days, logger });
    return { egress, rooms, live, library, recordings };
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
    const { signalling, rooms, listeners, app, pool, egress, webhooks, store, lock } = this.#parts;
    const { retention, recordings, library, live, media, phones, office } = this.#parts;
    this.#logger.info('shutting down');
    rooms.stopAdmitting();
    pool.expectEnd();
    // While the meetings still go on: a recorder closes its files in order.
    await egress.close();
    // Whoever is on the phone hears that it ends.
    await phones.close();
    office.close();
    await signalling.close(sessionEndOf('serverShutdown'));
    media.close();
    await rooms.close();
    // Who waits for the next part is answered, so that nothing keeps the listeners open.
    live.closeAll();
    await listeners.close();
    await app.close();
    await pool.close();
    await webhooks.close();
    await Promise.all([retention.close(), recordings.close(), library.close()]);
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

/** What is kept and decided of phones, and those who carry their calls. */
function openPhones({ config, store, webhooks, logger, metrics }: Around) {
  const office = new PhoneOffice({ config, stores: store, receivers: webhooks, logger });
  const program = { entry: PHONE_PROGRAM, env: childEnv(), logger };
  const meter = new PhoneMeter(metrics);
  const phones = new PhoneService({ book: office.directory, log: office.calls, program, meter, logger });
  return { office, phones };
}

const desksOf = (rooms: Rooms, store: SqliteStore, library: Library) => ({
  hosts: new HostDesk(rooms),
  roomCalls: new CallDesk(rooms),
  files: new FileDesk(rooms, store.contents),
  history: new HistoryDesk(rooms, store.history, {
    contents: store.contents,
    recordings: (meetingId) => library.ofMeeting(meetingId),
    calls: (meetingId) => store.calls.ofMeeting(meetingId, MAX_CALLS_OF_MEETING),
  }),
  recordings: { desk: new RecordingDesk(rooms), library },
  streams: new LiveDesk(rooms),
  schedules: new Schedules(rooms, store.schedules),
});

async function openForRecorders(egress: Egress, { servers }: Listeners, { http }: Config): Promise<void> {
  const [server] = servers;
  if (server) await egress.open(recorderAddress(server, configuredCertificate(http)?.cert));
}

/** Where there is a provider the link is for emergencies, and made by hand. */
function makeLink({ signIn, listeners }: Parts, { dataDir, auth }: Config): string | undefined {
  const [first] = listeners.urls;
  if (signIn.way !== 'link' || !first) return undefined;
  return adminLinkUrl(first.url, makeAdminLink(dataDir, auth.adminLinkTtl));
}
