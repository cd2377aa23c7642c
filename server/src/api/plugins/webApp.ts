import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { ParleyError } from '@parley/protocol';
import type { App } from '../appType.ts';
import { answerError } from './errors.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

const MISSING = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Parley is running</title>
  </head>
  <body style="font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem">
    <h1>Parley is running</h1>
    <p>Only the web app is missing: it has not been built yet. Stop the server and run</p>
    <pre>npm start</pre>
    <p>in the folder of Parley, which builds it. The <a href="/api/docs">REST API</a> works already.</p>
  </body>
</html>
`;

/** Addresses of the app; which page each shows, the app knows. */
const PAGES = [
  '/',
  '/r/:room',
  '/live/:liveId',
  '/auth/admin',
  '/phones',
  '/phones/:section',
  '/rooms',
  '/rooms/:room',
  '/rooms/:room/:section',
  '/rooms/:room/:section/:item',
];

/** Serves the built web app at its addresses, such as every meeting link `/r/:room`; a page that says what to do when it is missing. */
export async function registerWebApp(app: App, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder,
      // One route for each file that there is at start: a path can lead to nothing else.
      wildcard: false,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isHashed = path.startsWith(join(folder, 'assets/'));
        void reply.header('cache-control', isHashed ? IMMUTABLE : 'no-cache');
      },
    });
  }
  const page = (reply: FastifyReply): FastifyReply =>
    isBuilt
      ? reply.sendFile('index.html')
      : reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(MISSING);
  app.setNotFoundHandler((request, reply) => {
    // A person who mistyped an address is shown a page that says so; programs get the error in its one shape.
    const isPerson = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
    if (isBuilt && isPerson && !request.url.startsWith('/api/')) return page(reply.code(404));
    return answerError(new ParleyError('NOT_FOUND'), request, reply);
  });
  for (const url of PAGES) {
    app.get(url, { schema: { hide: true } }, (_request, reply) => page(reply));
  }
}
