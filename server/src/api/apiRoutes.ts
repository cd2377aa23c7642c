import type { TokenService } from '../auth/TokenService.ts';
import type { Config } from '../config/schema.ts';
import type { App } from './appType.ts';
import type { ListenUrl } from './listeners.ts';
import type { Schedules } from '../schedules/Schedules.ts';
import type { LivePages } from '../live/LivePages.ts';
import type { HistoryDesk } from '../history/HistoryDesk.ts';
import type { Library } from '../recordings/Library.ts';
import type { CallDesk } from '../room/CallDesk.ts';
import type { FileDesk } from '../room/FileDesk.ts';
import type { HostDesk } from '../room/HostDesk.ts';
import type { LiveDesk } from '../room/LiveDesk.ts';
import type { PersonalCalls } from '../room/phonePorts.ts';
import type { RecordingDesk } from '../room/RecordingDesk.ts';
import type { SignInDesk } from '../signin/SignInDesk.ts';
import type { RoomService } from './RoomService.ts';
import type { PhoneAdmin } from './PhoneAdmin.ts';
import type { WebhookService } from './WebhookService.ts';
import { AddressLimiter } from './AddressLimiter.ts';
import { banRoutes } from './routes/bans.ts';
import { fileRoutes } from './routes/files.ts';
import { guestRoutes } from './routes/guests.ts';
import { historyRoutes } from './routes/history.ts';
import { inviteRoutes } from './routes/invites.ts';
import { libraryRoutes } from './routes/library.ts';
import { liveRoutes } from './routes/live.ts';
import { lobbyRoutes } from './routes/lobby.ts';
import { meRoutes } from './routes/me.ts';
import { moderationRoutes } from './routes/moderation.ts';
import { noticeRoutes } from './routes/notice.ts';
import { occurrenceRoutes } from './routes/occurrences.ts';
import { participantRoutes } from './routes/participants.ts';
import { callRoutes } from './routes/phones/calls.ts';
import { extensionRoutes } from './routes/phones/extensions.ts';
import { pinRoutes } from './routes/phones/pins.ts';
import { ruleRoutes } from './routes/phones/rules.ts';
import { trunkRoutes } from './routes/phones/trunks.ts';
import { personalCallRoutes } from './routes/personalCalls.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { roomCallRoutes } from './routes/roomCalls.ts';
import { roomRoutes } from './routes/rooms.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { serverRoutes } from './routes/server.ts';
import { streamRoutes } from './routes/streams.ts';
import { webhookDeliveryRoutes } from './routes/webhookDeliveries.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export interface ApiOptions {
  config: Pick<Config, 'http' | 'auth'>;
  rooms: RoomService;
  hosts: HostDesk;
  files: FileDesk;
  history: HistoryDesk;
  recordings: { desk: RecordingDesk; library: Library };
  streams: LiveDesk;
  schedules: Schedules;
  webhooks: WebhookService;
  phones: PhoneAdmin;
  signIn: SignInDesk;
  live: LivePages;
  personalCalls: PersonalCalls;
  roomCalls: CallDesk;
  tokens: Pick<TokenService, 'sign' | 'verify'>;
  version: string;
  /** Where the server listens; known once it does. */
  urls?: () => readonly ListenUrl[];
  /** Guests that one address may bring in at once, and each second after that. */
  guestJoins?: { burst: number; perSecond: number };
  /** Questions about rooms that one may ask before coming in, likewise. */
  notices?: { burst: number; perSecond: number };
  /** Changes to schedules that one address may make likewise. */
  planning?: { burst: number; perSecond: number };
}

/** Everything below `/api/v1`. Nothing of it is kept by caches. */
export function apiRoutes(api: App, options: ApiOptions): void {
  api.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  const { config, rooms, tokens, hosts, history, schedules, webhooks, phones, signIn, version } = options;
  const whereabouts = { http: config.http, urls: options.urls ?? (() => []) };
  serverRoutes(api, { version, signIn: signIn.way, ...whereabouts });
  meRoutes(api, { rooms, tokens, config, phones });
  personalCallRoutes(api, { calls: options.personalCalls, rooms, tokens, config });
  roomRoutes(api, { rooms, tokens });
  participantRoutes(api, { rooms, tokens });
  for (const add of [moderationRoutes, lobbyRoutes, banRoutes]) add(api, { hosts, tokens });
  inviteRoutes(api, { hosts, tokens, whereabouts, phones });
  historyRoutes(api, { history, tokens });
  for (const add of [recordingRoutes, libraryRoutes]) add(api, { ...options.recordings, tokens });
  streamRoutes(api, { streams: options.streams, tokens });
  roomCallRoutes(api, { desk: options.roomCalls, tokens });
  const planning = new AddressLimiter(options.planning ?? { burst: 60, perSecond: 1 });
  for (const add of [scheduleRoutes, occurrenceRoutes])
    add(api, { schedules, tokens, whereabouts, phones, limiter: planning });
  for (const add of [webhookRoutes, webhookDeliveryRoutes]) add(api, { webhooks, tokens });
  for (const add of [trunkRoutes, ruleRoutes, extensionRoutes, callRoutes, pinRoutes])
    add(api, { phones, tokens });
  const limiter = new AddressLimiter(options.guestJoins ?? { burst: 60, perSecond: 1 });
  fileRoutes(api, options.files);
  liveRoutes(api, options.live);
  noticeRoutes(api, {
    rooms,
    tokens,
    limiter: new AddressLimiter(options.notices ?? { burst: 60, perSecond: 2 }),
  });
  guestRoutes(api, { rooms, tokens, config, limiter });
}
