import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../appType.ts';
import { nameModels } from '../openApi.ts';

const DESCRIPTION = `Create and list rooms, moderate participants, and let guests in.

Send a token with every request: \`Authorization: Bearer <token>\`. A token is a JWT signed with HS256 by your API key;
its claim \`video\` says what it allows. \`npm run parley -- token --help\` prints one to try with.

Errors all have one shape; compare \`error.code\`, and show \`error.message\` to people. Lists come in pages: ask again
with \`cursor\` set to \`nextCursor\` until that is null.`;

/** The OpenAPI 3.1 document, made from the schemas of the routes, and a page to read it. Before any route. */
export async function registerApiDocs(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Parley REST API', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      tags: [
        { name: 'rooms', description: 'Rooms are named places; their settings outlive meetings.' },
        { name: 'participants', description: 'Those who are in a room at this moment.' },
        { name: 'invitations', description: 'Links that give whoever opens them a role in a room.' },
        { name: 'lobby', description: 'Those who wait until a host lets them in.' },
        { name: 'bans', description: 'Those who may not come in any more.' },
        {
          name: 'files',
          description: 'The bytes of files in the chat, for clients that speak the WebSocket.',
        },
        { name: 'whip', description: 'Media in by WHIP (RFC 9725), from encoders. See whip-whep.md.' },
        { name: 'whep', description: 'Media out by WHEP, to players. See whip-whep.md.' },
        { name: 'history', description: 'Meetings that were, what was said in them, and what hosts did.' },
        {
          name: 'schedules',
          description: 'Meetings that are planned, once or by a rule, and files for calendars.',
        },
        { name: 'trunks', description: 'Where calls of phones come from and go to. See phones.md.' },
        { name: 'dispatch rules', description: 'Which call goes where.' },
        { name: 'extensions', description: 'Phones that register with this server.' },
        { name: 'calls', description: 'Calls of phones, as they were and as they go on.' },
        { name: 'dial-in', description: 'How people come into a room by phone: numbers and PINs.' },
        { name: 'webhooks', description: 'Addresses of yours that are told what happens. See webhooks.md.' },
        { name: 'sign-in', description: 'Hosts who signed in. See signing-in.md.' },
        { name: 'server', description: 'About the server itself.' },
        { name: 'guests', description: 'Joining by link and name, without a token of one’s own.' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A join or API token.' },
        },
      },
    },
    transformObject: (document) =>
      'openapiObject' in document ? nameModels(document.openapiObject) : document.swaggerObject,
  });
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // The base layout has no bar to open other documents with; no validator: nothing is asked of other servers.
    uiConfig: { layout: 'BaseLayout', validatorUrl: null, docExpansion: 'list', tryItOutEnabled: true },
    theme: { title: 'Parley REST API' },
  });
}
