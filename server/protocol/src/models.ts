/** What a room, a participant and a publication look like from outside, on the WebSocket and in REST alike. */
import { Type, type Static } from 'typebox';
import { PARTICIPANT_KINDS, ROLES, SOURCES } from './constants.ts';

export const RoomName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Name of a room: letters, digits, `_`, `.` and `-`, beginning with a letter or digit.',
});
export const Identity = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description:
    'Who a participant is, to the integrator. At most one participant of an identity is in a room.',
});
export const DisplayName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  description: 'Name that people see; not blank, no control characters.',
});
export const Metadata = Type.String({
  maxLength: 4096,
  description: 'Free text of the application; JSON, as a rule.',
});
// NOTE: of a key schema only the pattern counts, and a key that does not match it would go unchecked if it were let through.
export const Attributes = Type.Record(
  Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,64}$' }),
  Type.String({ maxLength: 1024 }),
  {
    additionalProperties: false,
    maxProperties: 32,
    description:
      'Small key and value pairs of the application. A key has at most 64 characters, no control characters.',
  },
);
export type Attributes = Static<typeof Attributes>;

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
    roomAdmin: Type.Boolean({ description: 'May mute and remove others.' }),
    hidden: Type.Boolean({ description: 'Is not shown to others.' }),
  },
  { description: 'What a participant may do, as decided from token and role when they joined.' },
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
});
export type ParticipantInfo = Static<typeof ParticipantInfo>;

export const RoomSettings = Type.Object(
  {
    title: Type.String({ maxLength: 128, description: 'Title that people see; the name when empty.' }),
    metadata: Metadata,
    maxParticipants: Type.Integer({ minimum: 0, maximum: 10_000, description: '0 is no limit.' }),
    guestsAllowed: Type.Boolean({ description: 'People may join by link and name, without a token.' }),
    emptyTimeout: Type.Integer({
      minimum: 0,
      maximum: 86_400,
      description: 'Seconds until a meeting that nobody is in ends.',
    }),
  },
  { description: 'Settings of a room; they outlive its meetings.' },
);
export type RoomSettings = Static<typeof RoomSettings>;

export const RoomInfo = Type.Object({
  roomId: Type.String(),
  name: RoomName,
  settings: RoomSettings,
  createdAt: Type.Integer({ description: 'Milliseconds since the epoch.' }),
  numParticipants: Type.Integer({
    minimum: 0,
    description: 'Participants at this moment, hidden ones left out.',
  }),
  meetingStartedAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since the epoch; null while nobody meets.',
  }),
});
export type RoomInfo = Static<typeof RoomInfo>;

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
  'duplicateIdentity',
  'roomClosed',
  'serverShutdown',
  'tokenExpired',
] as const;
export const LeaveReason = Type.Enum(LEAVE_REASONS);
/** Why a participant is no longer in the room. */
export type LeaveReason = (typeof LEAVE_REASONS)[number];
