import type { ParticipantInfo } from '@parley/protocol';
import { newId } from '../util/ids.ts';
import type { Participant } from './Participant.ts';
import type { MeetingRecord, MeetingStore, StayRecord } from './ports.ts';
import type { RoomCore } from './RoomCore.ts';

/** The meeting that goes on in a room, and who is in it since when. It goes on when the server is started anew. */
export class MeetingLog {
  readonly #room: { roomId: string; name: string };
  readonly #store: MeetingStore;
  readonly #stays = new Set<Participant>();
  #meeting: MeetingRecord | undefined;
  /** When the process ended that began the meeting, as long as nobody has come back to it. */
  #lostAt: number | undefined;

  constructor(room: { roomId: string; name: string }, store: MeetingStore) {
    this.#room = room;
    this.#store = store;
    this.#meeting = store.findOpen(room.roomId);
  }

  /**
   * A former process ended in the middle of the meeting, at `lostAt` as far as is known: those who were in it have left, and
   * whoever looks on is told.
   */
  endLostStays({ stores, events }: Pick<RoomCore, 'stores' | 'events'>, lostAt: number): void {
    if (!this.#meeting) return;
    const { meetingId, startedAt } = this.#meeting;
    this.#lostAt = Math.max(startedAt, lostAt);
    stores.atomically(() => {
      for (const stay of this.#store.closeStays(meetingId, lostAt))
        events.tell({
          ...{ type: 'left', reason: 'serverShutdown', breakoutId: null },
          participant: participantOf(stay),
        });
    });
  }

  get meetingId(): string | null {
    return this.#meeting?.meetingId ?? null;
  }

  get startedAt(): number | null {
    return this.#meeting?.startedAt ?? null;
  }

  /** Gives whether there was none before. */
  start(): boolean {
    if (this.#meeting) return false;
    const { roomId, name } = this.#room;
    this.#meeting = { meetingId: newId('MT'), roomId, roomName: name, startedAt: Date.now(), endedAt: null };
    this.#store.start(this.#meeting);
    return true;
  }

  /** Gives whether there was one. */
  end(): boolean {
    if (!this.#meeting) return false;
    this.#store.end(this.#meeting.meetingId, this.#lostAt ?? Date.now());
    this.#lostAt = undefined;
    this.#meeting = undefined;
    return true;
  }

  /** Somebody came, or their name or role is another. Those who are hidden leave no trace, and recorders one of their own. */
  note(participant: Participant): void {
    if (participant.hidden || participant.isRecorder) return;
    this.#stays.add(participant);
    this.#lostAt = undefined;
    this.#save(participant, null);
  }

  left(participant: Participant): void {
    if (this.#stays.delete(participant)) this.#save(participant, Date.now());
  }

  #save(
    { participantId, identity, displayName, role, grants, joinedAt, quality }: Participant,
    leftAt: number | null,
  ): void {
    if (!this.#meeting) return;
    this.#store.saveStay({
      stayId: participantId,
      meetingId: this.#meeting.meetingId,
      ...{ identity, displayName, role, joinedAt, leftAt },
      kind: grants.kind,
      sentQuality: quality.mean,
    });
  }
}

/** As much as is known of somebody after a crash. */
const participantOf = ({
  stayId,
  identity,
  displayName,
  role,
  kind,
  joinedAt,
}: StayRecord): ParticipantInfo => ({
  ...{ participantId: stayId, identity, displayName, role, kind, joinedAt },
  ...{ metadata: '', attributes: {}, publications: [], raisedHandAt: null },
  connection: 'interrupted',
  unmuting: 'free',
});
