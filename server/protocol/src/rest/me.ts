import { Type, type Static } from 'typebox';
import { DisplayName, RoleSchema, RoomName } from '../models.ts';
import { JoinResultFields, strict } from './shared.ts';

export const SIGN_IN_WAYS = ['oidc', 'link', 'none'] as const;

export const SignedInHost = Type.Object({
  identity: Type.String({ description: 'Who they are in rooms.' }),
  displayName: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  isAdmin: Type.Boolean({ description: 'Manages all rooms, and not only those they made.' }),
  way: Type.Enum(['oidc', 'link'], { description: 'By an OpenID provider, or by the admin link.' }),
  phones: Type.Boolean({ description: 'The server has phones: they may call some, and be called.' }),
});
export type SignedInHost = Static<typeof SignedInHost>;

export const MeResult = Type.Object({ host: Type.Union([SignedInHost, Type.Null()]) });
export type MeResult = Static<typeof MeResult>;

export const JoinOwnRoomBody = Type.Object(
  {
    room: RoomName,
    displayName: Type.Optional(DisplayName),
    create: Type.Optional(Type.Boolean({ description: 'Create the room if there is none; it is theirs.' })),
  },
  strict,
);
export type JoinOwnRoomBody = Static<typeof JoinOwnRoomBody>;

export const JoinOwnRoomResult = Type.Object({ ...JoinResultFields, role: RoleSchema });
export type JoinOwnRoomResult = Static<typeof JoinOwnRoomResult>;
