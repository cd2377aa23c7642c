import { newId } from '../util/ids.ts';
import type { Participant } from './Participant.ts';
import type { MeetingRecord, MeetingStore } from './ports.ts';

/** The meeting that goes on in a room, and who is in it since when. It goes on when the server is started anew. */
export class MeetingLog {
  readonly #room: { roomId: string; name: string };
  readonly #store: MeetingStore;
  readonly #stays = new Map<Participant, string>();
  #meeting: MeetingRecord | undefined;

  constructor(room: { roomId: string; name: string }, store: MeetingStore) {
    this.#room = room;
    this.#store = store;
    this.#meeting = store.findOpen(room.roomId);
    if (this.#meeting) store.closeStays(this.#meeting.meetingId, Date.now());
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
    this.#store.end(this.#meeting.meetingId, Date.now());
    this.#meeting = undefined;
    return true;
  }

  /** Somebody came, or their name or role is another. Those who are hidden leave no trace. */
  note(participant: Participant): void {
    if (participant.hidden) return;
    const stayId = this.#stays.get(participant) ?? newId('ST');
    this.#stays.set(participant, stayId);
    this.#save(participant, stayId, null);
  }

  left(participant: Participant): void {
    const stayId = this.#stays.get(participant);
    this.#stays.delete(participant);
    if (stayId !== undefined) this.#save(participant, stayId, Date.now());
  }

  #save(
    { identity, displayName, role, grants, joinedAt, quality }: Participant,
    stayId: string,
    leftAt: number | null,
  ): void {
    if (!this.#meeting) return;
    this.#store.saveStay({
      stayId,
      meetingId: this.#meeting.meetingId,
      ...{ identity, displayName, role, joinedAt, leftAt },
      kind: grants.kind,
      sentQuality: quality.mean,
    });
  }
}
