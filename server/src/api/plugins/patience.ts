import type { FastifyRequest } from 'fastify';
import type { App } from '../appType.ts';
import { answerClientError } from './errors.ts';

/** How long the body of a request may take, ms. */
const BODY_TIMEOUT_MS = 30_000;
/** How slowly a file may come, bytes/s, once it has had the time of any other body. */
const SLOWEST_UPLOAD = 16 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a file: the larger it is, the longer it may take. */
    isUpload?: boolean;
  }
}

/** Cuts off clients that send their body too slowly, whatever becomes of the request. */
export function registerPatience(app: App, timeout = BODY_TIMEOUT_MS): void {
  app.addHook('onRequest', async (request) => {
    await Promise.resolve();
    const { raw } = request;
    if (raw.complete || !(raw.headers['content-length'] ?? raw.headers['transfer-encoding'])) return;
    const timer = setTimeout(
      () => {
        if (!raw.complete) answerClientError(new TooSlow(), raw.socket);
      },
      timeout + timeForUpload(request),
    ).unref();
    raw.once('close', () => clearTimeout(timer));
  });
}

function timeForUpload({ routeOptions, headers }: FastifyRequest): number {
  if (routeOptions.config.isUpload !== true) return 0;
  return (Number(headers['content-length'] ?? 0) / SLOWEST_UPLOAD) * 1000;
}

class TooSlow extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}
