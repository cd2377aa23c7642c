/** Every notification the server sends. All are numbered, kept until the client has them, and replayed on resume. */
import { Type, type Static, type TSchema } from 'typebox';
import { LeaveReason, ParticipantInfo, Permissions, PublicationInfo, RoomInfo } from './models.ts';
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
    summary: 'A publication ended.',
    params: Type.Object({ participantId: ParticipantId, publicationId: Type.String() }),
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
