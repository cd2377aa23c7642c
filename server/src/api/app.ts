import { join } from 'node:path';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { MAX_FRAME_BYTES } from '@parley/protocol';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { Metrics } from '../observability/Metrics.ts';
import type { App } from './appType.ts';
import type { HttpMediaService } from './HttpMediaService.ts';
import { registerApiDocs } from './plugins/apiDocs.ts';
import { apiRoutes, type ApiOptions } from './apiRoutes.ts';
import { answerError, registerErrors } from './plugins/errors.ts';
import { registerHostSessions } from './plugins/hostSession.ts';
import { registerOrigins } from './plugins/origins.ts';
import { registerRequestLog } from './plugins/requestLog.ts';
import { registerSecurityHeaders } from './plugins/securityHeaders.ts';
import { registerPatience } from './plugins/patience.ts';
import { registerWebApp } from './plugins/webApp.ts';
import { healthRoutes } from './routes/health.ts';
import { hlsRoutes } from './routes/live.ts';
import { signInRoutes } from './routes/signIn.ts';
import { whepRoutes } from './routes/whep.ts';
import { whipRoutes } from './routes/whip.ts';

export interface AppOptions extends Omit<ApiOptions, 'version'> {
  logger: FastifyBaseLogger;
  media: HttpMediaService;
  metrics: Metrics;
  /** Why the server should be given no work, in words; none when it is ready. */
  readiness?: () => string[];
  /** Version that the OpenAPI document states. */
  version?: string;
  /** Folder of the built web app. */
  webApp?: string;
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
  await app.register(async (api: App) => apiRoutes(api, { ...options, version }), { prefix: '/api/v1' });
  hlsRoutes(app, options.live);
  const { media } = options;
  for (const add of [whipRoutes, whepRoutes]) await add(app, { media, tokens, http: config.http });
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
