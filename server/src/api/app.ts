import { join } from 'node:path';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { MAX_FRAME_BYTES } from '@parley/protocol';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { TokenService } from '../auth/TokenService.ts';
import type { Config } from '../config/schema.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { App } from './appType.ts';
import type { ListenUrl } from './listeners.ts';
import type { Schedules } from '../schedules/Schedules.ts';
import type { HistoryDesk } from '../history/HistoryDesk.ts';
import type { FileDesk } from '../room/FileDesk.ts';
import type { HostDesk } from '../room/HostDesk.ts';
import type { SignInDesk } from '../signin/SignInDesk.ts';
import type { RoomService } from './RoomService.ts';
import type { WebhookService } from './WebhookService.ts';
import { AddressLimiter } from './AddressLimiter.ts';
import { registerApiDocs } from './plugins/apiDocs.ts';
import { answerError, registerErrors } from './plugins/errors.ts';
import { registerHostSessions } from './plugins/hostSession.ts';
import { registerOrigins } from './plugins/origins.ts';
import { registerRequestLog } from './plugins/requestLog.ts';
import { registerSecurityHeaders } from './plugins/securityHeaders.ts';
import { registerPatience } from './plugins/patience.ts';
import { registerWebApp } from './plugins/webApp.ts';
import { banRoutes } from './routes/bans.ts';
import { fileRoutes } from './routes/files.ts';
import { guestRoutes } from './routes/guests.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { inviteRoutes } from './routes/invites.ts';
import { lobbyRoutes } from './routes/lobby.ts';
import { meRoutes } from './routes/me.ts';
import { moderationRoutes } from './routes/moderation.ts';
import { occurrenceRoutes } from './routes/occurrences.ts';
import { participantRoutes } from './routes/participants.ts';
import { roomRoutes } from './routes/rooms.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { serverRoutes } from './routes/server.ts';
import { signInRoutes } from './routes/signIn.ts';
import { webhookDeliveryRoutes } from './routes/webhookDeliveries.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export interface AppOptions {
  config: Pick<Config, 'http' | 'auth' | 'meetings'>;
  logger: FastifyBaseLogger;
  rooms: RoomService;
  hosts: HostDesk;
  files: FileDesk;
  history: HistoryDesk;
  schedules: Schedules;
  webhooks: WebhookService;
  signIn: SignInDesk;
  tokens: Pick<TokenService, 'sign' | 'verify'>;
  metrics: Metrics;
  /** Why the server should be given no work, in words; none when it is ready. */
  readiness?: () => string[];
  /** Where the server listens; known once it does. */
  urls?: () => readonly ListenUrl[];
  /** Version that the OpenAPI document states. */
  version?: string;
  /** Folder of the built web app. */
  webApp?: string;
  /** Guests that one address may bring in at once, and each second after that. */
  guestJoins?: { burst: number; perSecond: number };
  /** Changes to schedules that one address may make likewise. */
  planning?: { burst: number; perSecond: number };
}

const WEB_APP = join(import.meta.dirname, '../../../client-sdk/app/dist');

/**
 * The whole web side: REST, its document, health, and the web app. It listens nowhere; `createListeners` gives it
 * sockets. Longest path parameter: an identity of 128 characters, each of which may be nine in the URL.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, logger, rooms, tokens, metrics, signIn, version = '0.0.0' } = options;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_FRAME_BYTES,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // The one address that the proxy saw itself: those before it in X-Forwarded-For are hearsay.
    trustProxy: config.http.trustProxy && ((_address, hop) => hop === 0),
    routerOptions: { maxParamLength: 1200 },
    frameworkErrors: answerError,
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  understandJsonOnly(app);

  registerErrors(app);
  registerRequestLog(app);
  registerPatience(app);
  registerSecurityHeaders(app, config.http);
  await registerOrigins(app, config.http);
  await registerHostSessions(app, { sessions: signIn.sessions, rooms, http: config.http });
  await registerApiDocs(app, version);

  healthRoutes(app, { metrics, readiness: options.readiness ?? (() => []) });
  await app.register(async (pages: App) => signInRoutes(pages, { desk: signIn, http: config.http }));
  await app.register(
    (api: App) => {
      api.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
      const { hosts, history, schedules } = options;
      const whereabouts = { http: config.http, urls: options.urls ?? (() => []) };
      serverRoutes(api, { version, signIn: signIn.way, ...whereabouts });
      meRoutes(api, { rooms, tokens, config });
      roomRoutes(api, { rooms, tokens });
      participantRoutes(api, { rooms, tokens });
      for (const add of [moderationRoutes, lobbyRoutes, banRoutes]) add(api, { hosts, tokens });
      inviteRoutes(api, { hosts, tokens, whereabouts });
      historyRoutes(api, { history, tokens });
      const { dialIn } = config.meetings;
      const planning = new AddressLimiter(options.planning ?? { burst: 60, perSecond: 1 });
      for (const add of [scheduleRoutes, occurrenceRoutes])
        add(api, { schedules, tokens, whereabouts, dialIn, limiter: planning });
      for (const add of [webhookRoutes, webhookDeliveryRoutes])
        add(api, { webhooks: options.webhooks, tokens });
      const limiter = new AddressLimiter(options.guestJoins ?? { burst: 60, perSecond: 1 });
      fileRoutes(api, options.files);
      guestRoutes(api, { rooms, tokens, config, limiter });
      return Promise.resolve();
    },
    { prefix: '/api/v1' },
  );
  await registerWebApp(app, options.webApp ?? WEB_APP);
  await app.ready();
  return app;
}

/** JSON is all that is understood. Many clients name it as their type also where they send nothing, as with DELETE. */
function understandJsonOnly(app: App): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}
