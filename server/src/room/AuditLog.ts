import type { AuditAbout, Person, RoomCore } from './RoomCore.ts';

type AuditedRoom = Pick<RoomCore, 'roomId' | 'meetingId' | 'stores' | 'logger'>;

/** Who did what to whom in a room. Everything a host does is here, and outlives room and meeting. */
export class AuditLog {
  readonly #room: AuditedRoom;

  constructor(room: AuditedRoom) {
    this.#room = room;
  }

  /** `by` is null when the server did it by itself. */
  add(by: Person | null, action: string, { to, details = {} }: AuditAbout): void {
    const { roomId, meetingId, stores, logger } = this.#room;
    stores.audit.append({
      ...{ roomId, meetingId, action, details },
      at: Date.now(),
      by: by && nameOf(by),
      to: to ? nameOf(to) : null,
    });
    logger.info({ by: by?.identity, action, to: to?.identity }, 'moderated');
  }
}

const nameOf = ({ identity, displayName }: Person): Person => ({ identity, displayName });
