/** What hosts do by REST: to participants, to people in the lobby, to those who are banned; and the record of it. */
import { Type, type Static } from 'typebox';
import { DisplayName, Identity, Knocker, LobbyText, Moment, RoleSchema } from '../models.ts';
import { page, PersonSchema, strict } from './shared.ts';

export const UpdateParticipantBody = Type.Object(
  { role: Type.Optional(RoleSchema), displayName: Type.Optional(DisplayName) },
  { ...strict, minProperties: 1 },
);
export type UpdateParticipantBody = Static<typeof UpdateParticipantBody>;

export const CreateBanBody = Type.Object({ identity: Identity }, strict);

export const BanInfo = Type.Object({
  identity: Identity,
  displayName: Type.String({ description: 'What they were called; the identity when that is not known.' }),
  by: Type.String({ description: 'Identity of who banned them.' }),
  at: Moment,
  networkUntil: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Until when guests of their network are kept out, too; null when they were no guest.',
  }),
});
export type BanInfo = Static<typeof BanInfo>;
export const BanPage = page(BanInfo);

export const LobbyList = Type.Object({
  items: Type.Array(Knocker, { description: 'Who waits, longest first.' }),
});
export const DenyBody = Type.Object(
  { ban: Type.Optional(Type.Boolean({ description: 'They cannot come back.' })) },
  strict,
);
export const LobbyMessageBody = Type.Object(
  {
    knockId: Type.Optional(
      Type.String({ maxLength: 64, description: 'To this one only; to all when absent.' }),
    ),
    text: LobbyText,
  },
  strict,
);

export const AuditEntryInfo = Type.Object({
  auditId: Type.Integer({ minimum: 1 }),
  roomId: Type.String(),
  meetingId: Type.Union([Type.String(), Type.Null()]),
  at: Moment,
  by: Type.Union([PersonSchema, Type.Null()], { description: 'null when the server did it by itself.' }),
  action: Type.String({ description: 'Such as `participant.mute`; the methods of the WebSocket, mostly.' }),
  to: Type.Union([PersonSchema, Type.Null()], { description: 'Whom it was done to.' }),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type AuditEntryInfo = Static<typeof AuditEntryInfo>;
export const AuditPage = page(AuditEntryInfo);
