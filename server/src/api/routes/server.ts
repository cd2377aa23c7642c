import { PROTOCOL_VERSION, ServerInfo } from '@parley/protocol';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/schema.ts';
import type { App } from '../appType.ts';
import type { ListenUrl } from '../listeners.ts';
import { annotate, errorResponses } from '../openApi.ts';

interface Dependencies {
  http: Config['http'];
  version: string;
  urls: () => readonly ListenUrl[];
}

/** What everybody may know of the server. */
export function serverRoutes(app: App, { http, version, urls }: Dependencies): void {
  app.get(
    '/server',
    {
      schema: {
        tags: ['server'],
        operationId: 'getServer',
        summary: 'About this server',
        description: 'Its version, and the address to give to others. Needs no token.',
        response: {
          200: annotate(ServerInfo, { description: 'About this server.' }),
          ...errorResponses(),
        },
      },
    },
    (request) => ({
      version,
      protocolVersion: PROTOCOL_VERSION,
      url: http.publicUrl.replace(/\/+$/, '') || urlFor(request, urls()),
    }),
  );
}

/** Who uses the server on its own machine is told under which address others reach it; others have found it already. */
function urlFor(request: FastifyRequest, urls: readonly ListenUrl[]): string {
  const own = `${request.protocol}://${request.host}`;
  if (!isLoopback(request.hostname) || !isLoopback(request.ip)) return own;
  return urls.find(({ reach }) => reach === 'lan')?.url ?? own;
}

const isLoopback = (host: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|::ffff:127\.\d+\.\d+\.\d+)$/.test(host);
