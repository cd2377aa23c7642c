import type { LeaveReason, PublicationInfo } from '@parley/protocol';
import type { Metrics } from '../observability/Metrics.ts';
import type { Participant, ParticipantHost } from './Participant.ts';
import type { RoomEvents } from './RoomEvents.ts';
import type { Roster } from './Roster.ts';

interface AnnouncingRoom extends Pick<ParticipantHost, 'changed' | 'leave'> {
  events: RoomEvents;
}

/** Tells people what others in the same place do. Nobody is told of those who are hidden. */
export class Announcer implements ParticipantHost {
  readonly #roster: Roster;
  readonly #metrics: Metrics;
  readonly #room: AnnouncingRoom;

  constructor(roster: Roster, metrics: Metrics, room: AnnouncingRoom) {
    this.#room = room;
    this.#roster = roster;
    this.#metrics = metrics;
  }

  /** They came into the room. */
  came(participant: Participant): void {
    if (participant.hidden) return;
    this.#joined(participant);
    const { info, breakoutId } = participant;
    this.#room.events.tell({ type: 'joined', participant: info, breakoutId });
  }

  /** They left the room, and with them what they published. */
  gone(participant: Participant, publications: readonly PublicationInfo[], reason: LeaveReason): void {
    for (const { source } of publications) this.#metrics.publications.dec({ source });
    if (participant.hidden) return;
    const { info, breakoutId } = participant;
    this.#left(participant, breakoutId, reason);
    for (const publication of publications)
      this.#room.events.tell({ type: 'unpublished', participant: info, publication });
    this.#room.events.tell({ type: 'left', participant: info, breakoutId, reason });
  }

  /** They went from one place of the meeting to another. */
  moved(participant: Participant, from: string | null, reason: 'assigned' | 'own' | 'closed'): void {
    this.#left(participant, from, 'movedToBreakout');
    this.#joined(participant);
    const { info, breakoutId: to } = participant;
    this.#room.events.tell({ type: 'moved', participant: info, from, to, reason });
  }

  leave(participant: Participant, reason: LeaveReason): Promise<void> {
    return this.#room.leave(participant, reason);
  }

  changed(participant: Participant): void {
    this.tellChanged(participant);
    this.#room.changed(participant);
  }

  tellChanged(participant: Participant): void {
    if (participant.hidden) return;
    const params = { participant: participant.info };
    this.#roster.tellIn(participant.breakoutId, { method: 'participant.updated', params });
  }

  publicationAdded(participant: Participant, publication: PublicationInfo): void {
    this.#metrics.publications.inc({ source: publication.source });
    const params = { participantId: participant.participantId, publication };
    this.#roster.tellIn(participant.breakoutId, { method: 'publication.added', params }, participant);
    this.#room.events.tell({ type: 'published', participant: participant.info, publication });
  }

  /** Who did it is told; the owner only when it was somebody else. */
  publicationUpdated(participant: Participant, publication: PublicationInfo, by?: string): void {
    const params = {
      participantId: participant.participantId,
      publication,
      ...(by !== undefined && { by }),
    };
    this.#roster.tellIn(
      participant.breakoutId,
      { method: 'publication.updated', params },
      by === undefined ? participant : undefined,
    );
  }

  publicationRemoved(participant: Participant, publication: PublicationInfo, by?: string): void {
    const { source, publicationId } = publication;
    this.#metrics.publications.dec({ source });
    const { participantId, breakoutId } = participant;
    const params = { participantId, publicationId, ...(by !== undefined && { by }) };
    this.#roster.tellIn(
      breakoutId,
      { method: 'publication.removed', params },
      by === undefined ? participant : undefined,
    );
    this.#room.events.tell({ type: 'unpublished', participant: participant.info, publication });
  }

  #joined(participant: Participant): void {
    const params = { participant: participant.info };
    this.#roster.tellIn(participant.breakoutId, { method: 'participant.joined', params }, participant);
  }

  #left({ participantId }: Participant, breakoutId: string | null, reason: LeaveReason): void {
    this.#roster.tellIn(breakoutId, { method: 'participant.left', params: { participantId, reason } });
  }
}
