import type {
  ChatMessage,
  EgressState,
  Knocker,
  LeaveReason,
  Permissions,
  PhoneCall,
  RoomInfo,
  RoomState,
} from '@parley/protocol';
import type { ErrorCode } from '@parley/protocol/errors';
import type { DeviceError } from './devices/DeviceError.ts';
import type { LobbyVisit } from './LobbyVisit.ts';
import type { ReceivedData } from './media/DataChannels.ts';
import type { UnpublishReason } from './participants/LocalParticipant.ts';
import type { LocalPublication } from './participants/LocalPublication.ts';
import type { Participant } from './participants/Participant.ts';
import type { RemoteParticipant } from './participants/RemoteParticipant.ts';
import type { Layers, RemotePublication } from './participants/RemotePublication.ts';
import type { RecoveredBy } from './recovery/recoveryReducer.ts';

/** `knocking`: a host sent one back to the lobby, where one waits to be let in again. */
export type ConnectionState = 'connecting' | 'knocking' | 'connected' | 'reconnecting' | 'disconnected';

/** Why one is no longer in the room. It is final: join anew to come back. */
export interface Disconnected {
  reason: LeaveReason | 'reconnectFailed';
  /** What happened and what to do, for people. */
  message: string;
  code?: ErrorCode;
}

/** What the server said when it ended a session that may be joined anew. */
export interface ReconnectReason {
  reason: LeaveReason;
  /** For people. */
  message: string;
}

export type AnyPublication = LocalPublication | RemotePublication;

/** What a room tells. Facts only: whatever they are about has already changed when they come. */
export interface RoomEvents {
  stateChanged: [state: ConnectionState];
  /** The connection is being mended. `why` is there when the server said so itself, as when it restarts. */
  reconnecting: [why?: ReconnectReason];
  reconnected: [by: RecoveredBy];
  disconnected: [end: Disconnected];
  participantJoined: [participant: RemoteParticipant];
  /** Their publications have been removed before. */
  participantLeft: [participant: RemoteParticipant, reason: LeaveReason];
  participantUpdated: [participant: Participant];
  publicationAdded: [publication: RemotePublication, participant: RemoteParticipant];
  publicationRemoved: [publication: RemotePublication, participant: RemoteParticipant];
  /** Muted, unmuted or otherwise changed; `by` is the host who did it, when it was one. */
  publicationUpdated: [publication: AnyPublication, participant: Participant, by: string | undefined];
  trackSubscribed: [track: MediaStreamTrack, publication: RemotePublication, participant: RemoteParticipant];
  trackUnsubscribed: [publication: RemotePublication, participant: RemoteParticipant];
  localPublicationAdded: [publication: LocalPublication];
  localPublicationRemoved: [publication: LocalPublication, why: UnpublishReason];
  activeSpeakersChanged: [speakers: Participant[]];
  layersChanged: [publication: RemotePublication, layers: Layers];
  dataReceived: [data: ReceivedData];
  roomUpdated: [info: RoomInfo];
  permissionsChanged: [permissions: Permissions];
  /** A host sent one back to the lobby. */
  sentToLobby: [visit: LobbyVisit];
  /** Who waits in the lobby, for those who may admit. */
  lobbyChanged: [people: readonly Knocker[]];
  /** Spotlight, timer, breakout rooms, polls or the presence of hosts changed. */
  roomStateChanged: [state: RoomState];
  /** Whether and how the place one is in is recorded or streamed is different; see `room.recording` and `room.live`. */
  recordingChanged: [state: EgressState];
  /** One is in another place of the meeting: a breakout room (`name` is its name), or the main room. */
  moved: [place: { breakoutId: string | null; name: string; reason: 'assigned' | 'own' | 'closed' }];
  /** Chat changed; `message` is there when it is a new one. */
  chatChanged: [message: ChatMessage | undefined];
  /** A call began, got further or ended; to those who may call, and to whoever made it. See `room.calls`. */
  callChanged: [call: PhoneCall];
  /** A host wrote to all breakout rooms. */
  broadcast: [message: { text: string; from: string }];
  /** The meeting ends, or the breakout rooms close, at this time. */
  endingSoon: [what: 'meeting' | 'breakouts', endsAt: Date];
  /** A host asks one to unmute. `from` is their display name. */
  askedToUnmute: [from: string];
  /** A host answered the wish to unmute. */
  unmuteAnswered: [allowed: boolean];
  reaction: [emoji: string, participant: Participant];
  /** Something that hosts should know, in words. */
  notice: [message: string];
  deviceError: [error: DeviceError];
  devicesChanged: [];
}
