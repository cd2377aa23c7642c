/** Requests that open a session, resume it and keep it alive. */
import { Type } from 'typebox';
import { Id, strict, type MethodSchema } from './schema.ts';

export const ClientInfo = Type.Object(
  {
    sdk: Type.String({
      maxLength: 64,
      description: 'Name and version of the SDK, such as `parley-js/0.1.0`.',
    }),
    platform: Type.Optional(
      Type.String({ maxLength: 64, description: '`browser`, `electron` or `reactNative`.' }),
    ),
    userAgent: Type.Optional(Type.String({ maxLength: 512 })),
  },
  strict,
);

export const sessionMethods = {
  'session.hello': {
    summary: 'Opens a session. The first message on a socket, unless a session is resumed.',
    params: Type.Object(
      {
        protocolVersion: Type.String({ maxLength: 16 }),
        token: Type.String({ minLength: 1, maxLength: 8192 }),
        client: ClientInfo,
      },
      strict,
    ),
    result: Type.Object({
      sessionId: Type.String(),
      resumeKey: Type.String({ description: 'Secret that a resume must show. It changes with each resume.' }),
      protocolVersion: Type.String(),
      serverVersion: Type.String(),
      features: Type.Array(Type.String()),
      resumeWindow: Type.Integer({ description: 'Milliseconds a dropped session is kept.' }),
      pingInterval: Type.Integer({ description: 'Milliseconds between pings of the client.' }),
      room: Type.String({ description: 'Name of the room that the token is for.' }),
      identity: Type.String(),
    }),
  },
  'session.resume': {
    summary:
      'Takes a session over on a new socket. Notifications after lastSeq follow the response, each once and in order.',
    params: Type.Object(
      {
        sessionId: Id,
        resumeKey: Type.String({ minLength: 1, maxLength: 128 }),
        lastSeq: Type.Integer({
          minimum: 0,
          description: 'Number of the last notification received; 0 when none was.',
        }),
      },
      strict,
    ),
    result: Type.Object({
      resumeKey: Type.String(),
      missed: Type.Integer({ description: 'How many notifications follow.' }),
    }),
  },
  'session.ping': {
    summary:
      'Shows that the client is alive, and which notifications it has, so that the server may forget them.',
    params: Type.Object({ lastSeq: Type.Integer({ minimum: 0 }) }, strict),
    result: Type.Object({ serverTime: Type.Integer({ description: 'Milliseconds since the epoch.' }) }),
  },
} as const satisfies Record<string, MethodSchema>;
