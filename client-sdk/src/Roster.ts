import type {
  AnyNotification,
  JoinedRoom,
  LeaveReason,
  NotificationParams,
  ParticipantInfo,
} from '@parley/protocol';
import type { Consumer } from 'mediasoup-client/types';
import type { LocalParticipant } from './participants/LocalParticipant.ts';
import type { Participant } from './participants/Participant.ts';
import { RemoteParticipant } from './participants/RemoteParticipant.ts';
import type { RemotePublication, RemotePublicationOptions } from './participants/RemotePublication.ts';
import type { RoomEvents } from './RoomEvents.ts';

export type EmitRoomEvent = <K extends keyof RoomEvents>(event: K, ...args: RoomEvents[K]) => void;

/** Who is in the room and what they publish, as the server tells it. */
export class Roster {
  readonly #emit: EmitRoomEvent;
  readonly #options: RemotePublicationOptions;
  readonly #remote = new Map<string, RemoteParticipant>();
  /** Consumers that came before the publication they belong to. */
  readonly #early = new Map<string, Consumer>();
  #local: LocalParticipant | undefined;
  #speakers: Participant[] = [];
  #dominant: Participant | null = null;

  constructor(emit: EmitRoomEvent, options: RemotePublicationOptions) {
    this.#emit = emit;
    this.#options = options;
  }

  get remote(): ReadonlyMap<string, RemoteParticipant> {
    return this.#remote;
  }
  get speakers(): Participant[] {
    return this.#speakers;
  }
  get dominant(): Participant | null {
    return this.#dominant;
  }

  setLocal(local: LocalParticipant): void {
    this.#local = local;
  }

  /** Makes the roster what the room says it is; what changed while one was away is told as it would have been. */
  reset(joined: JoinedRoom): void {
    const present = new Set(joined.participants.map(({ participantId }) => participantId));
    for (const participantId of [...this.#remote.keys()])
      if (!present.has(participantId)) this.#left(participantId, 'connectionLost');
    for (const info of joined.participants) {
      const known = this.#remote.get(info.participantId);
      if (known) this.#refresh(known, info);
      else this.#joined(info);
    }
  }

  /** One is in another place of the meeting: those who are there are others. */
  move(participants: readonly ParticipantInfo[]): void {
    for (const participantId of [...this.#remote.keys()]) this.#left(participantId, 'movedToBreakout');
    for (const info of participants) this.#joined(info);
  }

  handle({ method, params }: AnyNotification): void {
    switch (method) {
      case 'participant.joined':
        this.#joined(params.participant);
        return;
      case 'participant.left':
        this.#left(params.participantId, params.reason);
        return;
      case 'participant.updated':
        this.#updated(params.participant);
        return;
      case 'publication.added':
        this.#publicationAdded(params);
        return;
      case 'publication.updated':
        this.#publicationUpdated(params);
        return;
      case 'publication.removed':
        this.#publicationRemoved(params);
        return;
      case 'room.activeSpeakers':
        this.#spoke(params);
        return;
      case 'media.consumerLayers': {
        const [publication] = this.#find(params.publicationId);
        publication?.setLayers(params.layers);
        if (publication) this.#emit('layersChanged', publication, params.layers);
        return;
      }
      default:
    }
  }

  addTrack(publicationId: string, consumer: Consumer): void {
    const [publication, participant] = this.#find(publicationId);
    if (!publication || !participant) {
      this.#early.set(publicationId, consumer);
      return;
    }
    publication.setConsumer(consumer);
    this.#emit('trackSubscribed', consumer.track, publication, participant);
  }

  removeTrack(publicationId: string): void {
    this.#early.delete(publicationId);
    const [publication, participant] = this.#find(publicationId);
    if (!publication?.track || !participant) return;
    publication.setConsumer(undefined);
    this.#emit('trackUnsubscribed', publication, participant);
  }

  removeAllTracks(): void {
    for (const participant of this.#remote.values()) {
      for (const publication of participant.publications.values())
        this.removeTrack(publication.publicationId);
    }
  }

  close(): void {
    for (const participant of this.#remote.values()) participant.close();
    this.#remote.clear();
    this.#speakers = [];
    this.#dominant = null;
  }

  #joined(info: ParticipantInfo): void {
    if (this.#remote.has(info.participantId)) return;
    const participant = new RemoteParticipant(info, this.#options);
    this.#remote.set(info.participantId, participant);
    this.#emit('participantJoined', participant);
    for (const publication of participant.publications.values())
      this.#emit('publicationAdded', publication, participant);
  }

  #left(participantId: string, reason: LeaveReason): void {
    const participant = this.#remote.get(participantId);
    if (!participant) return;
    for (const { publicationId } of [...participant.publications.values()])
      this.#publicationRemoved({ participantId, publicationId });
    this.#remote.delete(participantId);
    this.#speakers = this.#speakers.filter((speaker) => speaker !== participant);
    if (this.#dominant === participant) this.#dominant = null;
    this.#emit('participantLeft', participant, reason);
  }

  #refresh(participant: RemoteParticipant, info: ParticipantInfo): void {
    participant.setInfo(info);
    const { participantId } = participant;
    const present = new Set(info.publications.map(({ publicationId }) => publicationId));
    for (const { publicationId } of [...participant.publications.values()]) {
      if (!present.has(publicationId)) this.#publicationRemoved({ participantId, publicationId });
    }
    for (const publication of info.publications) {
      if (participant.findPublicationById(publication.publicationId))
        this.#publicationUpdated({ participantId, publication });
      else this.#publicationAdded({ participantId, publication });
    }
    this.#emit('participantUpdated', participant);
  }

  #updated(info: ParticipantInfo): void {
    const participant =
      this.#local?.participantId === info.participantId ? this.#local : this.#remote.get(info.participantId);
    if (!participant) return;
    participant.setInfo(info);
    this.#emit('participantUpdated', participant);
  }

  #publicationAdded({ participantId, publication: info }: NotificationParams<'publication.added'>): void {
    const participant = this.#remote.get(participantId);
    if (!participant || participant.findPublicationById(info.publicationId)) return;
    const publication = participant.addPublication(info);
    this.#emit('publicationAdded', publication, participant);
    const early = this.#early.get(info.publicationId);
    this.#early.delete(info.publicationId);
    if (early && !early.closed) this.addTrack(info.publicationId, early);
  }

  #publicationUpdated({
    participantId,
    publication: info,
    by,
  }: NotificationParams<'publication.updated'>): void {
    if (this.#local?.participantId === participantId) {
      const own = this.#local.findPublicationById(info.publicationId);
      if (!own) {
        this.#local.setSpoken(info);
        this.#emit('participantUpdated', this.#local);
        return;
      }
      // Nobody but oneself can unmute.
      if (info.muted) this.#local.mutedByHost(own);
      this.#emit('publicationUpdated', own, this.#local, by);
      return;
    }
    const participant = this.#remote.get(participantId);
    const publication = participant?.findPublicationById(info.publicationId);
    if (!participant || !publication) return;
    publication.setInfo(info);
    this.#emit('publicationUpdated', publication, participant, by);
  }

  #publicationRemoved({ participantId, publicationId }: NotificationParams<'publication.removed'>): void {
    if (this.#local?.participantId === participantId) {
      const own = this.#local.findPublicationById(publicationId);
      if (own) this.#local.removedByHost(own);
      return;
    }
    const participant = this.#remote.get(participantId);
    const publication = participant?.findPublicationById(publicationId);
    if (!participant || !publication) return;
    this.removeTrack(publicationId);
    participant.removePublication(publication);
    this.#emit('publicationRemoved', publication, participant);
  }

  #spoke({ speakers, dominant }: NotificationParams<'room.activeSpeakers'>): void {
    for (const silent of this.#speakers) silent.setAudioLevel(-127);
    this.#speakers = speakers.flatMap(({ participantId, level }) => {
      const participant = this.#participant(participantId);
      participant?.setAudioLevel(level);
      return participant ?? [];
    });
    this.#dominant = dominant === null ? null : (this.#participant(dominant) ?? null);
    this.#emit('activeSpeakersChanged', this.#speakers);
  }

  #participant(participantId: string): Participant | undefined {
    return this.#local?.participantId === participantId ? this.#local : this.#remote.get(participantId);
  }

  #find(publicationId: string): [RemotePublication, RemoteParticipant] | [undefined, undefined] {
    for (const participant of this.#remote.values()) {
      const publication = participant.findPublicationById(publicationId);
      if (publication) return [publication, participant];
    }
    return [undefined, undefined];
  }
}
