import type {
  ChatMessage,
  LeaveReason,
  LiveStreamEvent,
  ParticipantInfo,
  PublicationInfo,
  RecordingInfo,
  Role,
  RoomInfo,
} from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Person } from './actors.ts';
import type { KnockRecord } from './Waiting.ts';

/** Something that has happened in a room. Those who are hidden cause none. */
export type RoomFact =
  | { type: 'meetingStarted' }
  | { type: 'meetingEnded'; meetingId: string; reason: LeaveReason }
  | { type: 'roomUpdated'; changed: string[]; by: Person | null }
  | { type: 'joined'; participant: ParticipantInfo; breakoutId: string | null }
  | { type: 'left'; participant: ParticipantInfo; breakoutId: string | null; reason: LeaveReason }
  | {
      type: 'moved';
      participant: ParticipantInfo;
      from: string | null;
      to: string | null;
      reason: 'assigned' | 'own' | 'closed';
    }
  | { type: 'roleChanged'; participant: ParticipantInfo; from: Role; by: Person }
  | { type: 'published' | 'unpublished'; participant: ParticipantInfo; publication: PublicationInfo }
  | { type: 'knocked'; knock: KnockRecord }
  | { type: 'admitted'; knock: KnockRecord; by: Person }
  | { type: 'denied'; knock: KnockRecord; banned: boolean; by: Person }
  | { type: 'leftLobby'; knock: KnockRecord; reason: LeaveReason }
  | {
      type: 'breakoutsOpened';
      breakouts: { breakoutId: string; name: string }[];
      /** Milliseconds since the epoch. */
      endsAt: number | null;
      by: Person;
    }
  | { type: 'breakoutsClosed'; by: Person | null }
  | { type: 'chatSent' | 'chatEdited'; message: ChatMessage }
  | { type: 'chatDeleted'; message: ChatMessage; by: Person }
  | { type: 'chatCleared'; by: Person }
  | { type: 'egressStarted' | 'egressUpdated' | 'egressEnded'; recording: RecordingInfo }
  | {
      type: 'recordingPart';
      recording: RecordingInfo;
      /** `startedAt`: milliseconds since the epoch; `why`: what had crashed. */
      part: { part: number; startedAt: number; why: string };
    }
  | { type: 'liveStarted'; live: LiveStreamEvent }
  | { type: 'liveUpdated'; live: LiveStreamEvent }
  | { type: 'liveEnded'; live: LiveStreamEvent }
  | { type: 'recordingDeleted'; recording: RecordingInfo; by: Person | null };

/** The room in which something happened, as it is then. */
export interface RoomNow {
  info: RoomInfo;
  /** null while nobody meets. */
  meetingId: string | null;
}

/** Looks on from outside. What it is told has happened, in this order within a room. */
export interface RoomObserver {
  /** Is not waited for. What it throws is logged. */
  handleFact(room: RoomNow, fact: RoomFact): void;
}

/** Says what has happened in a room to whoever observes from outside. */
export class RoomEvents {
  readonly #room: RoomNow & { logger: Logger };
  readonly #observer: RoomObserver | undefined;

  constructor(room: RoomNow & { logger: Logger }, observer: RoomObserver | undefined) {
    this.#room = room;
    this.#observer = observer;
  }

  tell(fact: RoomFact): void {
    const { info, meetingId, logger } = this.#room;
    try {
      this.#observer?.handleFact({ info, meetingId }, fact);
    } catch (err) {
      // What has happened has happened: a room does not fail with those who look on.
      logger.error({ err, fact: fact.type }, 'an observer of the room failed');
    }
  }
}
