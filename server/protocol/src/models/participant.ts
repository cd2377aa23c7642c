/** Who is in a room, what they may do and what they publish. */
import { Type, type Static } from 'typebox';
import { PARTICIPANT_KINDS, ROLES, SOURCES } from '../constants.ts';
import { Attributes, Identity } from './basics.ts';
import { PhoneLink } from './phone.ts';

export const SourceSchema = Type.Enum(SOURCES);
export const RoleSchema = Type.Enum(ROLES);
export const ParticipantKindSchema = Type.Enum(PARTICIPANT_KINDS);

export const Permissions = Type.Object(
  {
    canPublish: Type.Boolean({ description: 'May publish at all.' }),
    canPublishSources: Type.Array(SourceSchema, { description: 'The sources that may be published.' }),
    canPublishData: Type.Boolean({ description: 'May send application messages.' }),
    canSubscribe: Type.Boolean({ description: 'May receive media.' }),
    canUpdateOwnMetadata: Type.Boolean({
      description: 'May change own display name, metadata and attributes.',
    }),
    roomAdmin: Type.Boolean({ description: 'Is a host: may moderate, and change the room.' }),
    canChat: Type.Boolean({ description: 'May write messages to all.' }),
    canUploadFiles: Type.Boolean({ description: 'May share files in the chat.' }),
    canRecord: Type.Boolean({ description: 'May record the meeting.' }),
    canRename: Type.Boolean({ description: 'May change the own display name.' }),
    canAdmit: Type.Boolean({ description: 'May decide about people in the lobby.' }),
    canDial: Type.Boolean({ description: 'May call phones, where the server has a trunk.' }),
    hidden: Type.Boolean({ description: 'Is not shown to others.' }),
  },
  {
    description:
      'What a participant may do, decided from token, role and settings of the room. It can change in the course of a meeting.',
  },
);
export type Permissions = Static<typeof Permissions>;

export const PublicationInfo = Type.Object({
  publicationId: Type.String(),
  source: SourceSchema,
  kind: Type.Enum(['audio', 'video']),
  muted: Type.Boolean(),
  codec: Type.String({ description: 'MIME type, such as video/VP8.' }),
  layering: Type.Enum(['simple', 'simulcast', 'svc']),
  width: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 16_384, description: 'Width of the largest layer, pixels.' }),
  ),
  height: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 16_384, description: 'Height of the largest layer, pixels.' }),
  ),
});
export type PublicationInfo = Static<typeof PublicationInfo>;

export const ParticipantInfo = Type.Object({
  participantId: Type.String({ description: 'Stays the same through reconnects.' }),
  identity: Identity,
  displayName: Type.String(),
  kind: ParticipantKindSchema,
  role: RoleSchema,
  metadata: Type.String(),
  attributes: Attributes,
  joinedAt: Type.Integer({ description: 'Milliseconds since the epoch.' }),
  connection: Type.Enum(['connected', 'interrupted'], {
    description: '`interrupted` while the server waits for a resume.',
  }),
  publications: Type.Array(PublicationInfo),
  raisedHandAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since the epoch; the order of the queue. null while the hand is down.',
  }),
  unmuting: Type.Enum(['free', 'needsApproval', 'requested'], {
    description:
      'Whether the microphone may be unmuted. `needsApproval`: a host has to allow it first. `requested`: a host was asked.',
  }),
  recordingConsent: Type.Optional(
    Type.Enum(['asked', 'agreed', 'refused'], {
      description:
        'Whether they agree to be in recordings and live streams, where the room asks; recorders get nothing of those who do not. Absent where it does not ask, and of encoders.',
    }),
  ),
  phone: Type.Optional(PhoneLink),
});
export type ParticipantInfo = Static<typeof ParticipantInfo>;

export const IceServer = Type.Object({
  urls: Type.Array(Type.String()),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});
export type IceServer = Static<typeof IceServer>;

export const LEAVE_REASONS = [
  'left',
  'connectionLost',
  'removed',
  'banned',
  'denied',
  'movedToLobby',
  'movedToBreakout',
  'duplicateIdentity',
  'roomClosed',
  'timeOver',
  'serverShutdown',
  'tokenExpired',
] as const;
export const LeaveReason = Type.Enum(LEAVE_REASONS);
/** Why a participant is no longer in the room. */
export type LeaveReason = (typeof LEAVE_REASONS)[number];
