import type { Metrics } from '../../observability/Metrics.ts';
import type { App } from '../appType.ts';

/** For those who run the server: is it alive, does it want work, how does it fare. */
export function healthRoutes(
  app: App,
  { metrics, readiness }: { metrics: Metrics; readiness: () => string[] },
): void {
  const schema = { hide: true };
  app.get('/healthz', { schema }, () => ({ status: 'ok' }));

  app.get('/readyz', { schema }, (_request, reply) => {
    const reasons = readiness();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });

  app.get('/metrics', { schema }, async (_request, reply) => {
    const text = await metrics.registry.metrics();
    return reply.type(metrics.registry.contentType).send(text);
  });
}
