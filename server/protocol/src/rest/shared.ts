/** What the bodies of the REST API have in common. */
import { Type } from 'typebox';
import { RoomName } from '../models/basics.ts';
import { RoomNotice } from './notice.ts';

export const strict = { additionalProperties: false } as const;

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 256, description: '`nextCursor` of the page before.' })),
  },
  strict,
);

export const page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page.' }),
  });

/** Somebody who did something, or whom it was done to. */
export const PersonSchema = Type.Object({ identity: Type.String(), displayName: Type.String() });

/** What whoever may join gets, to join with. */
export const JoinResultFields = {
  token: Type.String({ description: 'For `session.hello`.' }),
  url: Type.String({ description: 'WebSocket address of the server.' }),
  room: RoomName,
  identity: Type.String(),
  notice: RoomNotice,
};
