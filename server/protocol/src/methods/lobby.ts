/** Requests of those who decide about people in the lobby. */
import { Type } from 'typebox';
import { LobbyText } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

export const lobbyMethods = {
  'lobby.admit': {
    summary:
      'Lets somebody in who waits in the lobby. Once admitted, they need not knock again in this meeting.',
    params: Type.Object({ knockId: Id }, strict),
    result: Nothing,
  },
  'lobby.admitAll': { summary: 'Lets in everybody who waits.', params: Nothing, result: Nothing },
  'lobby.deny': {
    summary: 'Refuses somebody who waits. With `ban`, they cannot come back.',
    params: Type.Object({ knockId: Id, ban: Type.Optional(Type.Boolean()) }, strict),
    result: Nothing,
  },
  'lobby.message': {
    summary: 'Writes to somebody who waits, or to all of them.',
    params: Type.Object({ knockId: Type.Optional(Id), text: LobbyText }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
