/** Bodies of the REST API under `/api/v1`; its OpenAPI document is generated from these and from the models. */
import { Type, type Static } from 'typebox';
import { ERRORS, type ErrorCode } from './errors.ts';
import { DisplayName, ParticipantInfo, RoomInfo, Password, RoomName, RoomSettingsPatch } from './models.ts';
import { SIGN_IN_WAYS } from './rest/me.ts';
import { JoinResultFields, page, strict } from './rest/shared.ts';

export { PageQuery } from './rest/shared.ts';
export * from './rest/calls.ts';
export * from './rest/history.ts';
export * from './rest/invites.ts';
export * from './rest/live.ts';
export * from './rest/me.ts';
export * from './rest/moderation.ts';
export * from './rest/notice.ts';
export * from './rest/phones.ts';
export * from './rest/recordings.ts';
export * from './rest/schedules.ts';

export const ErrorBody = Type.Object(
  {
    error: Type.Object({
      code: Type.Enum(Object.keys(ERRORS) as ErrorCode[], { description: 'Stable; compare this.' }),
      message: Type.String({ description: 'What happened and what to do next, for people.' }),
      details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  },
  { description: 'Every error of the REST API has this shape.' },
);
export type ErrorBody = Static<typeof ErrorBody>;

export const CreateRoomBody = Type.Object(
  { name: RoomName, settings: Type.Optional(RoomSettingsPatch) },
  strict,
);
export type CreateRoomBody = Static<typeof CreateRoomBody>;
export const UpdateRoomBody = Type.Object({ settings: RoomSettingsPatch }, strict);

export const RoomPage = page(RoomInfo);
export const ParticipantPage = page(ParticipantInfo);

export const MuteBody = Type.Object(
  {
    publicationId: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'This publication only; all of the participant when absent.',
      }),
    ),
  },
  strict,
);

export const ServerInfo = Type.Object({
  version: Type.String({ description: 'Version of Parley.' }),
  protocolVersion: Type.String({ description: 'Version of the WebSocket protocol.' }),
  url: Type.String({ description: 'Address of the web app to give to others, without a slash at its end.' }),
  signIn: Type.Enum([...SIGN_IN_WAYS], {
    description: 'How hosts sign in: at an OpenID provider, by the admin link only, or not at all.',
  }),
});
export type ServerInfo = Static<typeof ServerInfo>;

export const GuestJoinBody = Type.Object(
  {
    displayName: DisplayName,
    password: Type.Optional(Password),
    invite: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Code of an invitation.' }),
    ),
    create: Type.Optional(
      Type.Boolean({ description: 'Create the room if there is none, where the server lets guests do so.' }),
    ),
  },
  strict,
);
export type GuestJoinBody = Static<typeof GuestJoinBody>;
export const GuestJoinResult = Type.Object(JoinResultFields);
export type GuestJoinResult = Static<typeof GuestJoinResult>;
