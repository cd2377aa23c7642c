/** What happened in a room, as receivers are told of it. Pure. */
import type {
  ChatMessage,
  LeaveReason,
  LiveStreamEvent,
  ParticipantInfo,
  PublicationInfo,
  RecordingInfo,
  WebhookEvent,
  WebhookEventName,
} from '@parley/protocol';
import type { RoomFact, RoomNow } from '../room/RoomEvents.ts';

type About = Omit<WebhookEvent, 'event' | 'id' | 'createdAt' | 'seq' | 'room'>;
export type Told = [event: WebhookEventName, about: About];

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** The room in the words of LiveKit. */
export function roomOf({ info, meetingId }: RoomNow): NonNullable<WebhookEvent['room']> {
  const { roomId, name, settings, createdAt, numParticipants } = info;
  const { emptyTimeout, maxParticipants, metadata, title } = settings;
  return {
    sid: roomId,
    name,
    creationTime: seconds(createdAt),
    ...{ emptyTimeout, maxParticipants, numParticipants, metadata, title, meetingId },
  };
}

type Facts = { [F in RoomFact as F['type']]: F };
/** How to tell of each fact: one event, or several in order. */
const TELL: { [T in keyof Facts]: (fact: Facts[T]) => Told[] } = {
  meetingStarted: () => [['room_started', {}]],
  meetingEnded: ({ reason }) => [['room_finished', { reason }]],
  roomUpdated: ({ changed, by }) => [['room_updated', { changed, by }]],
  joined: ({ participant, breakoutId }) => [
    ['participant_joined', { participant: participantOf(participant), breakoutId }],
  ],
  left: ({ participant, breakoutId, reason }) => {
    const about = { participant: participantOf(participant, reason), breakoutId, reason };
    const left: Told = ['participant_left', about];
    return reason === 'connectionLost' ? [['participant_connection_aborted', about], left] : [left];
  },
  moved: ({ participant, from, to, reason }) => [
    [
      'participant_moved',
      { participant: participantOf(participant), fromBreakoutId: from, breakoutId: to, reason },
    ],
  ],
  roleChanged: ({ participant, from, by }) => [
    ['participant_role_changed', { participant: participantOf(participant), fromRole: from, by }],
  ],
  published: (fact) => [['track_published', trackEvent(fact)]],
  unpublished: (fact) => [['track_unpublished', trackEvent(fact)]],
  knocked: ({ knock }) => [['lobby_knocked', { knock }]],
  admitted: ({ knock, by }) => [['lobby_admitted', { knock, by }]],
  denied: ({ knock, banned, by }) => [['lobby_denied', { knock, banned, by }]],
  leftLobby: ({ knock, reason }) => [['lobby_left', { knock, reason }]],
  breakoutsOpened: ({ breakouts, endsAt, by }) => [['breakout_opened', { breakouts, endsAt, by }]],
  breakoutsClosed: ({ by }) => [['breakout_closed', { by }]],
  chatSent: ({ message }) => [['chat_message_sent', { message: messageOf(message) }]],
  chatEdited: ({ message }) => [['chat_message_edited', { message: messageOf(message) }]],
  chatDeleted: ({ message, by }) => [['chat_message_deleted', { message: messageOf(message), by }]],
  chatCleared: ({ by }) => [['chat_cleared', { by }]],
  egressStarted: ({ recording }) => [['egress_started', egressOf(recording)]],
  egressUpdated: ({ recording }) => [['egress_updated', egressOf(recording)]],
  egressEnded: ({ recording }) => [['egress_ended', egressOf(recording)]],
  recordingPart: ({ recording, part }) => [['recording_part', { ...egressOf(recording), part }]],
  liveStarted: (fact) => [['live_started', liveOf(fact)]],
  liveUpdated: (fact) => [['live_updated', liveOf(fact)]],
  liveEnded: (fact) => [['live_ended', liveOf(fact)]],
  recordingDeleted: ({ recording, by }) => [['recording_deleted', { ...egressOf(recording), by }]],
};

/** The events that tell of a fact, in order. */
export function eventsOf<T extends keyof Facts>(fact: Facts[T] & { type: T }): Told[] {
  return TELL[fact.type](fact);
}

/** `EgressStatus` of LiveKit's protocol. */
const EGRESS_STATES = {
  starting: 'EGRESS_STARTING',
  recording: 'EGRESS_ACTIVE',
  paused: 'EGRESS_ACTIVE',
  finishing: 'EGRESS_ENDING',
  ready: 'EGRESS_COMPLETE',
  recovered: 'EGRESS_ABORTED',
  failed: 'EGRESS_FAILED',
} as const satisfies Record<RecordingInfo['state'], string>;

const egressOf = (recording: RecordingInfo): About => ({
  recording,
  egressInfo: {
    egressId: recording.recordingId,
    roomId: recording.roomId,
    roomName: recording.room,
    status: EGRESS_STATES[recording.state],
    error: recording.message,
  },
});

const liveOf = ({ live }: { live: LiveStreamEvent }): About => ({ live });

const KINDS = {
  web: 'STANDARD',
  phone: 'SIP',
  ingress: 'INGRESS',
  recorder: 'EGRESS',
  player: 'STANDARD',
} as const;
const SOURCES = {
  microphone: 'MICROPHONE',
  camera: 'CAMERA',
  screen: 'SCREEN_SHARE',
  screenAudio: 'SCREEN_SHARE_AUDIO',
} as const;
/** `DisconnectReason` of LiveKit's protocol. */
const DISCONNECT_REASONS: Record<LeaveReason, string> = {
  left: 'CLIENT_INITIATED',
  connectionLost: 'CONNECTION_TIMEOUT',
  removed: 'PARTICIPANT_REMOVED',
  banned: 'PARTICIPANT_REMOVED',
  denied: 'PARTICIPANT_REMOVED',
  movedToLobby: 'PARTICIPANT_REMOVED',
  movedToBreakout: 'MIGRATION',
  duplicateIdentity: 'DUPLICATE_IDENTITY',
  roomClosed: 'ROOM_CLOSED',
  timeOver: 'ROOM_CLOSED',
  serverShutdown: 'SERVER_SHUTDOWN',
  tokenExpired: 'PARTICIPANT_REMOVED',
};

function participantOf(info: ParticipantInfo, left?: LeaveReason): NonNullable<WebhookEvent['participant']> {
  const { participantId, identity, displayName, kind, joinedAt, metadata, attributes, role } = info;
  return {
    sid: participantId,
    identity,
    name: displayName,
    state: left === undefined ? 'ACTIVE' : 'DISCONNECTED',
    kind: KINDS[kind],
    joinedAt: seconds(joinedAt),
    ...{ metadata, attributes, role },
    ...(left !== undefined && { disconnectReason: DISCONNECT_REASONS[left] }),
  };
}

const trackEvent = ({ participant, publication }: Facts['published']): About => ({
  participant: participantOf(participant),
  track: trackOf(publication),
});

function trackOf(info: PublicationInfo): NonNullable<WebhookEvent['track']> {
  const { publicationId, source, kind, muted, codec, layering, width, height } = info;
  return {
    sid: publicationId,
    type: kind === 'audio' ? 'AUDIO' : 'VIDEO',
    source: SOURCES[source],
    muted,
    mimeType: codec,
    simulcast: layering === 'simulcast',
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}

/** What is private is told of, and not told. */
function messageOf(message: ChatMessage): NonNullable<WebhookEvent['message']> {
  const { messageId, seq, from, to, breakoutId, text, sentAt, editedAt, deletedAt, replyTo, files } = message;
  const about = { messageId, seq, from, to, breakoutId, sentAt, editedAt, deletedAt, replyTo };
  return to === null ? { ...about, text, files } : { ...about, text: null, files: [] };
}
