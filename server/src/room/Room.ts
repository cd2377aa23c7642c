import {
  ParleyError,
  type AnyNotification,
  type IceServer,
  type JoinedRoom,
  type LeaveReason,
  type ParticipantInfo,
  type PublicationInfo,
  type RoomInfo,
  type RoomSettings,
} from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { MediaRoom } from '../media/MediaRoom.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { MediaRoomKeeper, type MediaRoomSource } from './MediaRoomKeeper.ts';
import { Participant, type ParticipantHost } from './Participant.ts';
import type { Outlet, RoomRecord } from './ports.ts';
import { sessionEndOf } from './sessionEnds.ts';

/** Reasons that the participant does not know of yet when they leave for them. */
const ENDED_BY_SERVER: ReadonlySet<LeaveReason> = new Set([
  'removed',
  'duplicateIdentity',
  'roomClosed',
  'serverShutdown',
  'tokenExpired',
]);

/** A room that nobody has joined yet waits at least this long. */
const FIRST_JOIN_SECONDS = 60;

export interface RoomContext {
  media: MediaRoomSource;
  iceServers: IceServer[];
  logger: Logger;
  metrics: Metrics;
  /** Called when nobody has been in the room for its empty timeout. */
  emptied(room: Room): void;
}

/** A named place in which people meet. Whoever comes and goes does so through one queue, so order is never in doubt. */
export class Room implements ParticipantHost {
  readonly #context: RoomContext;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #participants = new Map<string, Participant>();
  readonly #media: MediaRoomKeeper;
  #record: RoomRecord;
  #meetingStartedAt: number | null = null;
  #emptyTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(record: RoomRecord, context: RoomContext) {
    this.#record = record;
    this.#context = context;
    this.#logger = context.logger.child({ room: record.name, roomId: record.roomId });
    this.#media = new MediaRoomKeeper(context.media, this.#logger, {
      replaced: (mediaRoom, generation) => this.#moveTo(mediaRoom, generation),
      speakers: (speakers) => this.#broadcast({ method: 'room.activeSpeakers', params: speakers }),
    });
    this.#watchEmptiness();
  }

  get record(): RoomRecord {
    return this.#record;
  }

  get info(): RoomInfo {
    const { roomId, name, settings, createdAt } = this.#record;
    return {
      roomId,
      name,
      settings,
      createdAt,
      numParticipants: this.#visible().length,
      meetingStartedAt: this.#meetingStartedAt,
    };
  }

  get participants(): ParticipantInfo[] {
    return this.#visible().map((participant) => participant.info);
  }

  /** Throws PARTICIPANT_NOT_FOUND. */
  getParticipant(identity: string): Participant {
    const participant = this.#findByIdentity(identity);
    if (!participant) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant;
  }

  /** Throws ROOM_FULL. Somebody who is already in keeps their place. */
  assertPlaceFor(identity: string | undefined): void {
    const { maxParticipants } = this.#record.settings;
    if (maxParticipants === 0 || (identity !== undefined && this.#findByIdentity(identity))) return;
    if (this.#visible().length >= maxParticipants)
      throw new ParleyError('ROOM_FULL', { details: { maxParticipants } });
  }

  join(
    grants: JoinGrants,
    options: { outlet: Outlet; displayName: string },
  ): Promise<{ participant: Participant; joined: JoinedRoom }> {
    return this.#queue.run(async () => {
      if (this.#closed) throw new ParleyError('ROOM_NOT_FOUND');
      if (!grants.permissions.hidden) this.assertPlaceFor(grants.identity);
      const mediaRoom = await this.#media.get();
      const former = this.#findByIdentity(grants.identity);
      if (former) this.#remove(former, 'duplicateIdentity');
      const participant = new Participant(grants, this, options);
      this.#admit(participant, mediaRoom);
      return { participant, joined: this.#snapshotFor(participant, mediaRoom) };
    });
  }

  leave(participant: Participant, reason: LeaveReason): Promise<void> {
    return this.#queue.run(() => this.#remove(participant, reason));
  }

  updateSettings(settings: RoomSettings): void {
    this.#record = { ...this.#record, settings };
    this.#broadcast({ method: 'room.updated', params: { room: this.info } });
    if (this.#participants.size === 0) this.#watchEmptiness();
  }

  /** Ends the meeting for everybody and frees the room's media. */
  close(reason: LeaveReason): Promise<void> {
    return this.#queue.run(() => {
      this.#closed = true;
      for (const participant of [...this.#participants.values()]) this.#remove(participant, reason);
      clearTimeout(this.#emptyTimer);
      this.#endMeeting();
    });
  }

  changed(participant: Participant): void {
    if (!participant.hidden)
      this.#broadcast({ method: 'participant.updated', params: { participant: participant.info } });
  }

  publicationAdded({ participantId }: Participant, publication: PublicationInfo): void {
    this.#context.metrics.publications.inc({ source: publication.source });
    this.#broadcast({ method: 'publication.added', params: { participantId, publication } }, participantId);
  }

  publicationUpdated({ participantId }: Participant, publication: PublicationInfo, by?: string): void {
    const params = { participantId, publication, ...(by !== undefined && { by }) };
    this.#broadcast({ method: 'publication.updated', params }, by === undefined ? participantId : undefined);
  }

  publicationRemoved({ participantId }: Participant, publication: PublicationInfo): void {
    this.#context.metrics.publications.dec({ source: publication.source });
    this.#broadcast(
      { method: 'publication.removed', params: { participantId, publicationId: publication.publicationId } },
      participantId,
    );
  }

  #admit(participant: Participant, mediaRoom: MediaRoom): void {
    clearTimeout(this.#emptyTimer);
    if (this.#meetingStartedAt === null) {
      this.#meetingStartedAt = Date.now();
      this.#context.metrics.rooms.inc();
      this.#logger.info('meeting started');
    }
    this.#participants.set(participant.participantId, participant);
    this.#context.metrics.participants.inc();
    this.#giveEndpoint(participant, mediaRoom);
    if (!participant.hidden) {
      this.#broadcast(
        { method: 'participant.joined', params: { participant: participant.info } },
        participant.participantId,
      );
    }
    this.#logger.info(
      { participantId: participant.participantId, identity: participant.identity },
      'participant joined',
    );
  }

  #remove(participant: Participant, reason: LeaveReason): void {
    const { participantId } = participant;
    if (!this.#participants.delete(participantId)) return;
    const publications = participant.close(ENDED_BY_SERVER.has(reason) ? sessionEndOf(reason) : undefined);
    for (const { source } of publications) this.#context.metrics.publications.dec({ source });
    this.#context.metrics.participants.dec();
    if (!participant.hidden)
      this.#broadcast({ method: 'participant.left', params: { participantId, reason } });
    this.#logger.info({ participantId, identity: participant.identity, reason }, 'participant left');
    if (this.#participants.size === 0) this.#watchEmptiness();
  }

  /** The media of the room starts anew on another worker: everybody gets a new endpoint and is told to use it. */
  #moveTo(mediaRoom: MediaRoom, mediaGeneration: number): void {
    for (const participant of this.#participants.values()) {
      this.#giveEndpoint(participant, mediaRoom);
      participant.notify({
        method: 'media.reset',
        params: { mediaGeneration, rtpCapabilities: mediaRoom.rtpCapabilities },
      });
    }
  }

  #giveEndpoint(participant: Participant, mediaRoom: MediaRoom): void {
    const { participantId, permissions } = participant;
    participant.setEndpoint(
      mediaRoom.createEndpoint({
        participantId,
        permissions,
        notify: (notification) => participant.notify(notification),
      }),
    );
  }

  #snapshotFor(participant: Participant, mediaRoom: MediaRoom): JoinedRoom {
    return {
      state: 'joined',
      room: this.info,
      self: participant.info,
      permissions: participant.permissions,
      participants: this.#visible()
        .filter((other) => other !== participant)
        .map((other) => other.info),
      iceServers: this.#context.iceServers,
      rtpCapabilities: mediaRoom.rtpCapabilities,
      mediaGeneration: this.#media.generation,
    };
  }

  #watchEmptiness(): void {
    clearTimeout(this.#emptyTimer);
    const { emptyTimeout } = this.#record.settings;
    // Whoever made the room has yet to arrive, so even a timeout of 0 leaves them time to do so.
    const seconds =
      this.#meetingStartedAt === null ? Math.max(emptyTimeout, FIRST_JOIN_SECONDS) : emptyTimeout;
    this.#emptyTimer = setTimeout(
      () => void this.#queue.run(() => this.#endIfEmpty()),
      seconds * 1000,
    ).unref();
  }

  #endIfEmpty(): void {
    if (this.#participants.size > 0 || this.#closed) return;
    this.#endMeeting();
    this.#context.emptied(this);
  }

  #endMeeting(): void {
    this.#media.close();
    if (this.#meetingStartedAt !== null) {
      this.#meetingStartedAt = null;
      this.#context.metrics.rooms.dec();
      this.#logger.info('meeting ended');
    }
  }

  #visible(): Participant[] {
    return [...this.#participants.values()].filter((participant) => !participant.hidden);
  }

  #findByIdentity(identity: string): Participant | undefined {
    for (const participant of this.#participants.values())
      if (participant.identity === identity) return participant;
    return undefined;
  }

  #broadcast(notification: AnyNotification, exceptParticipantId?: string): void {
    for (const participant of this.#participants.values()) {
      if (participant.participantId !== exceptParticipantId) participant.notify(notification);
    }
  }
}
