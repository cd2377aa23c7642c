/** Every notification the server sends. All are numbered, kept until the client has them, and replayed on resume. */
import { Type, type Static, type TSchema } from 'typebox';
import {
  BreakoutId,
  ChatMessage,
  EgressState,
  Knock,
  Knocker,
  LeaveReason,
  Moment,
  ParticipantInfo,
  Permissions,
  PhoneCall,
  PublicationInfo,
  RoomInfo,
  RoomState,
} from './models.ts';
import { RtpCapabilities, RtpParameters } from './rtp.ts';

export interface NotificationSchema {
  readonly summary: string;
  readonly params: TSchema;
}

const ParticipantId = Type.String();

export const NOTIFICATIONS = {
  'session.ended': {
    summary:
      'The session is over; always the last notification. `rejoin` says whether joining anew makes sense, after `retryAfter` ms.',
    params: Type.Object({
      reason: LeaveReason,
      message: Type.String(),
      rejoin: Type.Boolean(),
      retryAfter: Type.Integer(),
    }),
  },
  'room.updated': { summary: 'Settings of the room changed.', params: Type.Object({ room: RoomInfo }) },
  'room.activeSpeakers': {
    summary: 'Who speaks, loudest first; empty when nobody does.',
    params: Type.Object({
      speakers: Type.Array(
        Type.Object({
          participantId: ParticipantId,
          level: Type.Number({ description: 'Loudness in dBov, -127 to 0 (RFC 6464).' }),
        }),
      ),
      dominant: Type.Union([ParticipantId, Type.Null()], { description: 'Who has the floor.' }),
    }),
  },
  'room.stateUpdated': {
    summary: 'Spotlight, timer, breakout rooms, polls or the presence of hosts changed.',
    params: Type.Object({ roomState: RoomState }),
  },
  'room.egressUpdated': {
    summary: 'Whether and how the place one is in is recorded or streamed is different now.',
    params: Type.Object({ egress: EgressState }),
  },
  'room.moved': {
    summary:
      'You are in another place of the meeting now: a breakout room, or the main room again. Transports and publications stay; the others are those that this names.',
    params: Type.Object({
      breakoutId: BreakoutId,
      name: Type.String({ description: 'Name of the breakout room; empty for the main room.' }),
      participants: Type.Array(ParticipantInfo),
      reason: Type.Enum(['assigned', 'own', 'closed'], {
        description: 'A host sent you; you went; or the breakout rooms closed.',
      }),
    }),
  },
  'room.endingSoon': {
    summary: 'The meeting ends, or the breakout rooms close, at this time.',
    params: Type.Object({ endsAt: Moment, what: Type.Enum(['meeting', 'breakouts']) }),
  },
  'room.notice': {
    summary: 'Something that hosts should know.',
    params: Type.Object({
      kind: Type.Enum(['passwordGuessing', 'notRecorded', 'notStreamed']),
      message: Type.String({ description: 'For people.' }),
    }),
  },
  'lobby.updated': {
    summary: 'Who waits in the lobby, for those who may admit; longest first.',
    params: Type.Object({ people: Type.Array(Knocker) }),
  },
  'knock.updated': { summary: 'What you should know while you wait.', params: Type.Object({ knock: Knock }) },
  'knock.message': {
    summary: 'A host wrote to you in the lobby.',
    params: Type.Object({ text: Type.String(), from: Type.String({ description: 'Display name.' }) }),
  },
  'knock.admitted': { summary: 'You may come in: call `room.join` again.', params: Type.Object({}) },
  'knock.sentBack': {
    summary: 'A host sent you back to the lobby: your media is gone, and you wait again.',
    params: Type.Object({ knock: Knock }),
  },
  'chat.message': { summary: 'A message.', params: Type.Object({ message: ChatMessage }) },
  'chat.updated': {
    summary: 'A message was edited or deleted, or got a reaction.',
    params: Type.Object({ message: ChatMessage }),
  },
  'chat.cleared': { summary: 'A host deleted all messages to everybody.', params: Type.Object({}) },
  'breakout.message': {
    summary: 'A host wrote to all breakout rooms.',
    params: Type.Object({ text: Type.String(), from: Type.String({ description: 'Display name.' }) }),
  },
  'self.askedToUnmute': {
    summary: 'A host asks you to unmute.',
    params: Type.Object({ from: Type.String({ description: 'Display name.' }) }),
  },
  'self.unmuteAnswered': {
    summary: 'A host allowed you to unmute, or did not.',
    params: Type.Object({ allowed: Type.Boolean() }),
  },
  'participant.reacted': {
    summary: 'Somebody shows an emoji for a moment.',
    params: Type.Object({ participantId: ParticipantId, emoji: Type.String() }),
  },
  'participant.joined': {
    summary: 'Somebody joined.',
    params: Type.Object({ participant: ParticipantInfo }),
  },
  'participant.updated': {
    summary:
      'Name, role, metadata, attributes or connection of somebody changed. Publications have notifications of their own.',
    params: Type.Object({ participant: ParticipantInfo }),
  },
  'participant.left': {
    summary: 'Somebody left.',
    params: Type.Object({ participantId: ParticipantId, reason: LeaveReason }),
  },
  'self.permissions': {
    summary: 'What you may do changed.',
    params: Type.Object({ permissions: Permissions }),
  },
  'publication.added': {
    summary: 'Somebody publishes.',
    params: Type.Object({ participantId: ParticipantId, publication: PublicationInfo }),
  },
  'publication.updated': {
    summary: 'A publication was muted or unmuted, or changed. `by` is who did it, when it was not its owner.',
    params: Type.Object({
      participantId: ParticipantId,
      publication: PublicationInfo,
      by: Type.Optional(Type.String()),
    }),
  },
  'publication.removed': {
    summary:
      'A publication ended. `by` is who ended it, when it was not its owner; then the owner is told, too.',
    params: Type.Object({
      participantId: ParticipantId,
      publicationId: Type.String(),
      by: Type.Optional(Type.String()),
    }),
  },
  'phone.callChanged': {
    summary:
      'A call of the room began, got further or ended; to those who may call, and to whoever made it. One that has ended is in `calls` no more.',
    params: Type.Object({ call: PhoneCall }),
  },
  'media.consumerCreated': {
    summary: 'Something to receive. Make the consumer, then call `media.resumeConsumer`.',
    params: Type.Object({
      consumerId: Type.String(),
      transportId: Type.String(),
      producerId: Type.String(),
      publicationId: Type.String(),
      participantId: ParticipantId,
      kind: Type.Enum(['audio', 'video']),
      rtpParameters: RtpParameters,
    }),
  },
  'media.consumerClosed': {
    summary: 'A consumer is gone.',
    params: Type.Object({ consumerId: Type.String() }),
  },
  'media.consumerLayers': {
    summary: 'The layers that are forwarded now; null when none is.',
    params: Type.Object({
      consumerId: Type.String(),
      publicationId: Type.String(),
      layers: Type.Union([
        Type.Object({ spatialLayer: Type.Integer(), temporalLayer: Type.Optional(Type.Integer()) }),
        Type.Null(),
      ]),
    }),
  },
  'media.publishLayers': {
    summary:
      'The highest spatial layer that anybody wants of your publication; -1 when nobody watches. Switch the others off.',
    params: Type.Object({ publicationId: Type.String(), maxSpatialLayer: Type.Integer({ minimum: -1 }) }),
  },
  'media.reset': {
    summary:
      'The media worker of the room was replaced. All transports are gone: make them anew and publish again. You are still in the room.',
    params: Type.Object({ mediaGeneration: Type.Integer(), rtpCapabilities: RtpCapabilities }),
  },
} as const satisfies Record<string, NotificationSchema>;

export type Notifications = typeof NOTIFICATIONS;
export type NotificationName = keyof Notifications;
export type NotificationParams<N extends NotificationName> = Static<Notifications[N]['params']>;
/** One notification with its name, as a union over all names. */
export type AnyNotification = {
  [N in NotificationName]: { method: N; params: NotificationParams<N> };
}[NotificationName];
