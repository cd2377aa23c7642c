import type { App } from '../appType.ts';

/** Asked every few seconds by machines. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

/** One line for each request. The pattern of the route stands for the URL, so that no name, query or token is logged. */
export function registerRequestLog(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    await Promise.resolve();
    const route = request.routeOptions.url ?? 'unknown';
    const line = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (PROBES.has(route)) request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  });
}
