import { Writable } from 'node:stream';
import { ParleyError, type TokenClaims, type VideoGrant } from '@parley/protocol';
import { pino } from 'pino';
import { TokenService } from '../../auth/TokenService.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { Config } from '../../config/schema.ts';
import { Metrics } from '../../observability/Metrics.ts';
import { LivePages } from '../../live/LivePages.ts';
import { HistoryDesk } from '../../history/HistoryDesk.ts';
import { CallDesk } from '../../room/CallDesk.ts';
import { FileDesk } from '../../room/FileDesk.ts';
import { Library } from '../../recordings/Library.ts';
import { NO_PERSONAL_CALLS } from '../../room/noPhones.ts';
import { HostDesk } from '../../room/HostDesk.ts';
import { LiveDesk } from '../../room/LiveDesk.ts';
import { RecordingDesk } from '../../room/RecordingDesk.ts';
import { Schedules } from '../../schedules/Schedules.ts';
import type { HostSessionStore } from '../../signin/ports.ts';
import { SignInDesk } from '../../signin/SignInDesk.ts';
import { createApp, type AppOptions } from '../app.ts';
import type { App } from '../appType.ts';
import { NO_PHONE_ADMIN } from '../noPhoneAdmin.ts';
import { InMemoryRooms } from './InMemoryRooms.ts';

export const KEYS = { apiKey: 'PKtest', apiSecret: 'a secret of more than thirty-two characters' };

export interface Harness {
  app: App;
  rooms: InMemoryRooms;
  tokens: TokenService;
  config: Config;
  /** Parsed lines of the log. */
  log: Record<string, unknown>[];
  /** The header of a token with this grant. */
  bearer(video: VideoGrant, more?: Partial<TokenClaims>): { authorization: string };
}

const nowhere = (): never => {
  throw new ParleyError('ROOM_NOT_FOUND');
};

const NO_SESSIONS: HostSessionStore = {
  ...{ add: nowhere, find: () => undefined, see: nowhere, delete: nowhere, deleteOutdated: nowhere },
};

const NO_HISTORY = {
  ...{ meetings: nowhere, findMeeting: nowhere, stays: nowhere, files: nowhere, findFile: nowhere },
  ...{ liveStreams: nowhere, messages: nowhere, audit: nowhere },
};

const NO_LIBRARY = new Library({
  rooms: { find: nowhere, listRooms: nowhere },
  store: {
    ...{ save: nowhere, find: nowhere, delete: nowhere, list: nowhere },
    ...{ open: nowhere, uncopied: nowhere, deleted: nowhere, endedBefore: nowhere },
  },
  folder: { open: nowhere, delete: nowhere },
  retention: 0,
  observer: { handleFact: nowhere },
  logger: pino({ level: 'silent' }),
});

const noWebhook = (): never => {
  throw new ParleyError('WEBHOOK_NOT_FOUND');
};
const NO_WEBHOOKS = {
  ...{ listWebhooks: noWebhook, getWebhook: noWebhook, createWebhook: noWebhook, updateWebhook: noWebhook },
  ...{ deleteWebhook: noWebhook, testWebhook: noWebhook, listDeliveries: noWebhook, getDelivery: noWebhook },
  ...{ replayDelivery: noWebhook, replaySince: noWebhook },
};

const NO_MEDIA = { publish: nowhere, watch: nowhere, answer: nowhere, patch: nowhere, end: nowhere };

/** The app as it is in production, over rooms in memory; settings by environment variable. */
export async function startHarness(
  options: Partial<AppOptions> & { env?: Record<string, string> } = {},
): Promise<Harness> {
  const config = loadConfig({ PARLEY_DATA_DIR: '/nonexistent', ...options.env });
  const rooms = new InMemoryRooms();
  const tokens = await TokenService.create(KEYS, config.auth);
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const app = await createApp({
    config,
    logger: pino({ level: 'debug' }, sink),
    rooms,
    hosts: new HostDesk({ room: nowhere, keep: nowhere }),
    recordings: { desk: new RecordingDesk({ room: nowhere }), library: NO_LIBRARY },
    streams: new LiveDesk({ room: nowhere }),
    files: new FileDesk({ room: nowhere }, { read: nowhere }),
    history: new HistoryDesk({ find: nowhere }, NO_HISTORY, {
      contents: { read: nowhere },
      recordings: nowhere,
      calls: nowhere,
    }),
    schedules: new Schedules(
      { room: nowhere, find: nowhere, keep: nowhere, createRoom: nowhere },
      { find: nowhere, save: nowhere, list: nowhere, ofRoom: nowhere, restricting: nowhere },
    ),
    webhooks: NO_WEBHOOKS,
    phones: NO_PHONE_ADMIN,
    live: new LivePages(),
    personalCalls: NO_PERSONAL_CALLS,
    roomCalls: new CallDesk({ room: nowhere }),
    media: NO_MEDIA,
    signIn: new SignInDesk({ config, store: NO_SESSIONS, logger: pino({ level: 'silent' }) }),
    tokens,
    metrics: new Metrics(),
    ...options,
  });
  const bearer: Harness['bearer'] = (video, more = {}) => ({
    authorization: `Bearer ${tokens.sign({ sub: 'ann', video, ...more }, 60)}`,
  });
  return { app, rooms, tokens, config, log, bearer };
}
