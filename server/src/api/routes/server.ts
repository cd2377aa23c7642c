import { PROTOCOL_VERSION, ServerInfo } from '@parley/protocol';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';
import { publicUrlFor, type Whereabouts } from '../publicUrl.ts';

interface Dependencies extends Whereabouts {
  version: string;
  signIn: ServerInfo['signIn'];
}

/** What everybody may know of the server. */
export function serverRoutes(app: App, { version, signIn, ...whereabouts }: Dependencies): void {
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
      url: publicUrlFor(request, whereabouts),
      signIn,
    }),
  );
}
