import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/schema.ts';
import type { ListenUrl } from './listeners.ts';

/** What is known of where people find this server. */
export interface Whereabouts {
  http: Config['http'];
  urls: () => readonly ListenUrl[];
}

/** The address of the web app to give to others, without a slash at its end. */
export const publicUrlFor = (request: FastifyRequest, { http, urls }: Whereabouts): string =>
  http.publicUrl.replace(/\/+$/, '') || reachedBy(request, urls());

/** Who uses the server on its own machine is told under which address others reach it; others have found it already. */
function reachedBy(request: FastifyRequest, urls: readonly ListenUrl[]): string {
  const own = `${request.protocol}://${request.host}`;
  if (!isLoopback(request.hostname) || !isLoopback(request.ip)) return own;
  return urls.find(({ reach }) => reach === 'lan')?.url ?? own;
}

const isLoopback = (host: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|::ffff:127\.\d+\.\d+\.\d+)$/.test(host);
