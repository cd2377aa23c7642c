import { ParleyError, type AnyNotification } from '@parley/protocol';
import { isHost } from '../auth/permissions.ts';
import type { Participant } from './Participant.ts';

/** Everybody who is in the room, in the main room and in breakout rooms, in the order in which they came. */
export class Roster {
  readonly #participants = new Map<string, Participant>();

  /** How many people there are. Recorders are none, and players only look on: no meeting goes on for them alone. */
  get size(): number {
    return this.all.filter(({ isRecorder, grants }) => !isRecorder && grants.kind !== 'player').length;
  }

  get all(): Participant[] {
    return [...this.#participants.values()];
  }

  /** All who are shown to others. */
  get visible(): Participant[] {
    return this.all.filter((participant) => !participant.hidden);
  }

  /** All people who are shown to others: those who take a place. */
  get visiblePeople(): Participant[] {
    return this.visible.filter(({ isRecorder }) => !isRecorder);
  }

  get hosts(): Participant[] {
    return this.all.filter(({ role }) => isHost(role));
  }

  /** Whether there is a host whose connection stands. */
  get hostPresent(): boolean {
    return this.hosts.some(({ connected }) => connected);
  }

  /** All who are shown to others in one place. */
  visibleIn(breakoutId: string | null): Participant[] {
    return this.visible.filter((participant) => participant.breakoutId === breakoutId);
  }

  peopleIn(breakoutId: string | null): Participant[] {
    return this.visiblePeople.filter((participant) => participant.breakoutId === breakoutId);
  }

  has(participant: Participant): boolean {
    return this.#participants.has(participant.participantId);
  }

  add(participant: Participant): void {
    this.#participants.set(participant.participantId, participant);
  }

  /** Gives whether they were there. */
  delete(participant: Participant): boolean {
    return this.#participants.delete(participant.participantId);
  }

  /** Throws PARTICIPANT_NOT_FOUND. Hidden ones cannot be named. */
  get(participantId: string): Participant {
    const participant = this.#participants.get(participantId);
    if (!participant || participant.hidden) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant;
  }

  findByIdentity(identity: string): Participant | undefined {
    return this.all.find((participant) => participant.identity === identity);
  }

  /** Throws PARTICIPANT_NOT_FOUND. */
  getByIdentity(identity: string): Participant {
    const participant = this.findByIdentity(identity);
    if (!participant) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant;
  }

  /** Tells everybody. */
  tellAll(notification: AnyNotification): void {
    for (const participant of this.#participants.values()) participant.notify(notification);
  }

  tellHosts(notification: AnyNotification): void {
    for (const participant of this.hosts) participant.notify(notification);
  }

  /** Tells everybody in one place. */
  tellIn(breakoutId: string | null, notification: AnyNotification, except?: Participant): void {
    for (const participant of this.#participants.values())
      if (participant !== except && participant.breakoutId === breakoutId) participant.notify(notification);
  }
}
