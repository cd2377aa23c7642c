/** Claims of a join token: the shape that LiveKit made familiar, so that existing app servers can sign for Parley. */
import { Type, type Static } from 'typebox';
import { RoleSchema, Identity, Metadata, Attributes } from './models.ts';

/** Names of sources as tokens spell them. */
export const TOKEN_SOURCES = {
  camera: 'camera',
  microphone: 'microphone',
  screen_share: 'screen',
  screen_share_audio: 'screenAudio',
} as const;

export const VideoGrant = Type.Object({
  room: Type.Optional(Type.String({ description: 'The room the token is for.' })),
  roomJoin: Type.Optional(Type.Boolean()),
  roomCreate: Type.Optional(Type.Boolean({ description: 'May create, update and delete rooms by REST.' })),
  roomList: Type.Optional(Type.Boolean({ description: 'May list rooms by REST.' })),
  roomAdmin: Type.Optional(
    Type.Boolean({ description: 'May moderate the room named in `room`, or any room when none is named.' }),
  ),
  roomRecord: Type.Optional(Type.Boolean()),
  canPublish: Type.Optional(Type.Boolean()),
  canPublishSources: Type.Optional(
    Type.Array(Type.Enum(['camera', 'microphone', 'screen_share', 'screen_share_audio'])),
  ),
  canPublishData: Type.Optional(Type.Boolean()),
  canSubscribe: Type.Optional(Type.Boolean()),
  canUpdateOwnMetadata: Type.Optional(Type.Boolean()),
  canDial: Type.Optional(
    Type.Boolean({ description: 'May call phones; hosts may who are no guests, unless this says no.' }),
  ),
  hidden: Type.Optional(Type.Boolean()),
  recorder: Type.Optional(Type.Boolean()),
});
export type VideoGrant = Static<typeof VideoGrant>;

export const TokenClaims = Type.Object({
  iss: Type.String({ description: 'API key.' }),
  sub: Type.Optional(Identity),
  exp: Type.Number({ description: 'Seconds since the epoch.' }),
  nbf: Type.Optional(Type.Number()),
  iat: Type.Optional(Type.Number()),
  jti: Type.Optional(Type.String({ maxLength: 128 })),
  name: Type.Optional(Type.String({ maxLength: 128 })),
  metadata: Type.Optional(Metadata),
  attributes: Type.Optional(Attributes),
  role: Type.Optional(RoleSchema),
  guest: Type.Optional(
    Type.Boolean({ description: 'Nobody vouches for who this is: the name is what they typed.' }),
  ),
  invite: Type.Optional(
    Type.String({ maxLength: 64, description: 'Invitation that the token was made for.' }),
  ),
  pass: Type.Optional(
    Type.String({ maxLength: 64, description: 'Stands for having shown the password of the room.' }),
  ),
  session: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'Sign-in that the token was made in; when that is over, so is the token.',
    }),
  ),
  video: Type.Optional(VideoGrant),
});
export type TokenClaims = Static<typeof TokenClaims>;
