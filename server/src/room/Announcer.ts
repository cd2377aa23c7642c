import type { LeaveReason, PublicationInfo } from '@parley/protocol';
import type { Metrics } from '../observability/Metrics.ts';
import type { Participant, ParticipantHost } from './Participant.ts';
import type { Roster } from './Roster.ts';

/** Tells people what others in the same place do. Nobody is told of those who are hidden. */
export class Announcer implements ParticipantHost {
  readonly #roster: Roster;
  readonly #metrics: Metrics;
  readonly #room: Pick<ParticipantHost, 'changed' | 'leave'>;

  constructor(roster: Roster, metrics: Metrics, room: Pick<ParticipantHost, 'changed' | 'leave'>) {
    this.#room = room;
    this.#roster = roster;
    this.#metrics = metrics;
  }

  joined(participant: Participant): void {
    if (participant.hidden) return;
    const params = { participant: participant.info };
    this.#roster.tellIn(participant.breakoutId, { method: 'participant.joined', params }, participant);
  }

  /** They left this place. */
  left({ participantId, hidden }: Participant, breakoutId: string | null, reason: LeaveReason): void {
    if (hidden) return;
    this.#roster.tellIn(breakoutId, { method: 'participant.left', params: { participantId, reason } });
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

  publicationRemoved(
    participant: Participant,
    { source, publicationId }: PublicationInfo,
    by?: string,
  ): void {
    this.#metrics.publications.dec({ source });
    const { participantId, breakoutId } = participant;
    const params = { participantId, publicationId, ...(by !== undefined && { by }) };
    this.#roster.tellIn(
      breakoutId,
      { method: 'publication.removed', params },
      by === undefined ? participant : undefined,
    );
  }
}
