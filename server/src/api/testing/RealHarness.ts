/** REST over rooms as they are in production: a real media worker, a real database. */
import { join } from 'node:path';
import { ParleyError, type TokenClaims, type VideoGrant } from '@parley/protocol';
import { TokenService } from '../../auth/TokenService.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { Config } from '../../config/schema.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import { LivePages } from '../../live/LivePages.ts';
import { HistoryDesk } from '../../history/HistoryDesk.ts';
import { CallDesk } from '../../room/CallDesk.ts';
import { FileDesk } from '../../room/FileDesk.ts';
import { NO_PERSONAL_CALLS } from '../../room/noPhones.ts';
import { HostDesk } from '../../room/HostDesk.ts';
import { Library } from '../../recordings/Library.ts';
import { RecordingVault } from '../../recordings/RecordingVault.ts';
import { Observers } from '../../room/Observers.ts';
import { LiveDesk } from '../../room/LiveDesk.ts';
import { RecordingDesk } from '../../room/RecordingDesk.ts';
import { Schedules } from '../../schedules/Schedules.ts';
import { RoomsHarness, type Recorders } from '../../room/testing/RoomsHarness.ts';
import type { SqliteStore } from '../../store/SqliteStore.ts';
import { Webhooks, type WebhooksOptions } from '../../webhooks/Webhooks.ts';
import { PhoneOffice } from '../../sip/book/PhoneOffice.ts';
import { SignInDesk } from '../../signin/SignInDesk.ts';
import { HttpMedia } from '../../whip/HttpMedia.ts';
import { createApp } from '../app.ts';
import type { App } from '../appType.ts';
import { KEYS } from './harness.ts';

export type Claims = Partial<Omit<TokenClaims, 'video'>>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer {
  status: number;
  body: unknown;
  text: string;
}

/** The grant of an integrator. */
export const ADMIN: VideoGrant = { roomCreate: true, roomList: true, roomAdmin: true };
/** The grant of somebody who joins the room `demo`. */
export const JOIN: VideoGrant = { roomJoin: true, room: 'demo' };

export class RealHarness {
  readonly people: RoomsHarness;
  readonly tokens: TokenService;
  readonly app: App;
  readonly webhooks: Webhooks;
  readonly office: PhoneOffice;

  static async create(
    env: Record<string, string> = {},
    telling: Partial<WebhooksOptions> = {},
    recorders?: Recorders,
  ): Promise<RealHarness> {
    const config = loadConfig({ PARLEY_DATA_DIR: '/nonexistent', ...env });
    const late: { signIn?: SignInDesk } = {};
    const tokens = await TokenService.create(
      KEYS,
      config.auth,
      (id) => late.signIn?.sessions.isOpen(id) === true,
    );
    let webhooks: Webhooks | undefined;
    const observers = new Observers();
    const people = await RoomsHarness.create(
      env,
      (stores) => {
        webhooks ??= webhooksOf(stores, { config: config.webhooks, sign: signerOf(tokens), ...telling });
        observers.add(webhooks);
        return observers;
      },
      recorders,
    );
    if (!webhooks) throw new Error('nobody looks on');
    const { rooms } = people;
    const logger = createLogger('silent');
    const metrics = new Metrics();
    const media = new HttpMedia({
      feeding: NO_FEEDING,
      rooms,
      tokens,
      config,
      logger,
      metrics,
    });
    const signIn = (late.signIn = signInOf(people, config));
    const office = new PhoneOffice({
      config: { ...config, dataDir: people.dataDir },
      ...{ stores: people.stores, receivers: webhooks, logger },
    });
    const app = await createApp({
      phones: office.open(rooms, { trunks: [], registered: new Set(), calls: [] }),
      ...{ config, tokens, webhooks, media, signIn, live: new LivePages() },
      personalCalls: NO_PERSONAL_CALLS,
      roomCalls: new CallDesk(rooms),
      ...servicesOf(people, observers),
      // A whole file of tests is one address.
      planning: { burst: 200, perSecond: 10 },
      ...{ logger, metrics },
    });
    return new RealHarness({ people, tokens, app, webhooks, office });
  }

  private constructor(parts: Pick<RealHarness, 'people' | 'tokens' | 'app' | 'webhooks' | 'office'>) {
    this.people = parts.people;
    this.tokens = parts.tokens;
    this.app = parts.app;
    this.webhooks = parts.webhooks;
    this.office = parts.office;
  }

  /** Asks with a token of this grant; without one when it is null. */
  async ask(
    [method, url]: [Method, string],
    payload?: object,
    { video = ADMIN, ...claims }: Claims & { video?: VideoGrant | null } = {},
  ): Promise<Answer> {
    const token = video && this.tokens.sign({ sub: 'ann', video, ...claims }, 60);
    const answer = await this.app.inject({
      ...{ method, url: `/api/v1${url}` },
      headers: { host: 'meet.test', ...(token && { authorization: `Bearer ${token}` }) },
      ...(payload && { payload }),
    });
    const isJson = /json/.test(String(answer.headers['content-type']));
    const body: unknown = isJson ? answer.json() : null;
    return { status: answer.statusCode, body, text: answer.body };
  }

  /** Ends all meetings and forgets all rooms. */
  async clear(): Promise<void> {
    const { rooms } = this.people;
    for (const { name } of rooms.listRooms({ limit: 100 }).items) await rooms.deleteRoom(name);
  }

  async close(): Promise<void> {
    await this.app.close();
    this.office.close();
    await this.webhooks.close();
    await this.people.close();
  }
}

const signerOf =
  (tokens: TokenService) =>
  (body: string): string =>
    tokens.signBody(body, 60);

const webhooksOf = (
  stores: SqliteStore,
  options: Pick<WebhooksOptions, 'config' | 'sign'> & Partial<WebhooksOptions>,
): Webhooks =>
  new Webhooks({
    ...{ stores, version: '1.2.3', logger: createLogger('silent'), metrics: new Metrics() },
    ...options,
  });

function servicesOf({ rooms, stores, dataDir }: RoomsHarness, observers: Observers) {
  const folder = new RecordingVault({ folder: join(dataDir, 'recordings'), key: null });
  const logger = createLogger('silent');
  const library = new Library({
    ...{ rooms, store: stores.recordings, folder, retention: 0, observer: observers, logger },
  });
  observers.add(library);
  return {
    recordings: { desk: new RecordingDesk(rooms), library },
    streams: new LiveDesk(rooms),
    ...{ rooms, hosts: new HostDesk(rooms) },
    files: new FileDesk(rooms, stores.contents),
    history: new HistoryDesk(rooms, stores.history, {
      contents: stores.contents,
      recordings: (meetingId) => library.ofMeeting(meetingId),
      calls: (meetingId) => stores.calls.ofMeeting(meetingId, 500),
    }),
    schedules: new Schedules(rooms, stores.schedules),
  };
}

function signInOf({ dataDir, stores }: RoomsHarness, config: Config): SignInDesk {
  const logger = createLogger('silent');
  return new SignInDesk({ config: { ...config, dataDir }, store: stores.hostSessions, logger });
}

/** No recorder runs here. */
const NO_FEEDING = {
  begin: () => {
    throw new ParleyError('RECORDING_OFF');
  },
};
