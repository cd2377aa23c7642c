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
    allowedHeaders: ['authorization', 'content-type', 'if-match'],
    // What a page needs of WHIP and WHEP (RFC 9725 section 4.5), beside what all answers may have.
    exposedHeaders: ['retry-after', 'location', 'link', 'etag', 'accept-post', 'accept-patch'],
    // OPTIONS is also asked by what is no browser, to learn what is taken here.
    strictPreflight: false,
    maxAge: 600,
  });
}
