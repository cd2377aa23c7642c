/** REST over rooms as they are in production: a real media worker, a real database. */
import type { TokenClaims, VideoGrant } from '@parley/protocol';
import { TokenService } from '../../auth/TokenService.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { Config } from '../../config/schema.ts';
import { createLogger } from '../../observability/logger.ts';
import { Metrics } from '../../observability/Metrics.ts';
import { HistoryDesk } from '../../history/HistoryDesk.ts';
import { FileDesk } from '../../room/FileDesk.ts';
import { HostDesk } from '../../room/HostDesk.ts';
import { Schedules } from '../../schedules/Schedules.ts';
import { RoomsHarness } from '../../room/testing/RoomsHarness.ts';
import type { SqliteStore } from '../../store/SqliteStore.ts';
import { Webhooks, type WebhooksOptions } from '../../webhooks/Webhooks.ts';
import { SignInDesk } from '../../signin/SignInDesk.ts';
import { createApp } from '../app.ts';
import type { App } from '../appType.ts';
import { KEYS } from './harness.ts';

export type Claims = Partial<Omit<TokenClaims, 'video'>>;
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

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

  static async create(
    env: Record<string, string> = {},
    telling: Partial<WebhooksOptions> = {},
  ): Promise<RealHarness> {
    const config = loadConfig({ PARLEY_DATA_DIR: '/nonexistent', ...env });
    const late: { signIn?: SignInDesk } = {};
    const tokens = await TokenService.create(
      KEYS,
      config.auth,
      (id) => late.signIn?.sessions.isOpen(id) === true,
    );
    let webhooks: Webhooks | undefined;
    const people = await RoomsHarness.create(env, (stores) => {
      webhooks ??= webhooksOf(stores, { config: config.webhooks, sign: signerOf(tokens), ...telling });
      return webhooks;
    });
    if (!webhooks) throw new Error('nobody looks on');
    const signIn = (late.signIn = signInOf(people, config));
    const app = await createApp({
      ...{ config, tokens, webhooks, signIn },
      ...servicesOf(people),
      // A whole file of tests is one address.
      planning: { burst: 200, perSecond: 10 },
      logger: createLogger('silent'),
      metrics: new Metrics(),
    });
    return new RealHarness({ people, tokens, app, webhooks });
  }

  private constructor(parts: Pick<RealHarness, 'people' | 'tokens' | 'app' | 'webhooks'>) {
    this.people = parts.people;
    this.tokens = parts.tokens;
    this.app = parts.app;
    this.webhooks = parts.webhooks;
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

function servicesOf(people: RoomsHarness) {
  const { rooms, stores } = people;
  return {
    ...{ rooms, hosts: new HostDesk(rooms) },
    files: new FileDesk(rooms, stores.contents),
    history: new HistoryDesk(rooms, stores.history, stores.contents),
    schedules: new Schedules(rooms, stores.schedules),
  };
}

function signInOf({ dataDir, stores }: RoomsHarness, config: Config): SignInDesk {
  const logger = createLogger('silent');
  return new SignInDesk({ config: { ...config, dataDir }, store: stores.hostSessions, logger });
}
