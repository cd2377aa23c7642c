import cors from '@fastify/cors';
import { ParleyError } from '@parley/protocol';
import { isOriginAllowed } from '../../auth/origins.ts';
import type { Config } from '../../config/schema.ts';
import type { App } from '../appType.ts';

/**
 * Refuses requests of pages whose origin is not listed, also the simple ones that CORS would let through to their
 * effect, and tells browsers about the rest (https://fetch.spec.whatwg.org/#http-cors-protocol). No cookies, ever.
 */
export async function registerOrigins(app: App, http: Config['http']): Promise<void> {
  app.addHook('onRequest', async (request) => {
    await Promise.resolve();
    if (!isOriginAllowed(request.headers.origin, request.host, http)) throw new ParleyError('ORIGIN_REFUSED');
  });
  await app.register(cors, {
    // Whoever comes this far is allowed; `true` names them back.
    origin: http.allowedOrigins.length === 0 ? '*' : true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after'],
    maxAge: 600,
  });
}
