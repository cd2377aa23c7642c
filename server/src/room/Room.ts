import {
  ParleyError,
  isAllowed,
  type JoinedRoom,
  type KnockingAtRoom,
  type LeaveReason,
  type ParticipantInfo,
  type RoomInfo,
  type RoomSettings,
  type RoomSettingsPatch,
  type RoomState,
  type SessionMethod,
} from '@parley/protocol';
import { isDeepStrictEqual } from 'node:util';
import type { JoinGrants } from '../auth/grants.ts';
import type { MediaRoom } from '../media/MediaRoom.ts';
import type { Logger } from '../observability/logger.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { together } from '../util/together.ts';
import { isKnown } from './access.ts';
import { Announcer } from './Announcer.ts';
import { AuditLog } from './AuditLog.ts';
import { Bans } from './Bans.ts';
import { BreakoutRooms } from './BreakoutRooms.ts';
import { Chat } from './Chat.ts';
import { decideAt } from './door.ts';
import { Floor } from './Floor.ts';
import { Invites } from './Invites.ts';
import { Lobby } from './Lobby.ts';
import { MeetingClock } from './MeetingClock.ts';
import { MeetingLog } from './MeetingLog.ts';
import { Members } from './Members.ts';
import { Moderation, type ModeratedRoom } from './Moderation.ts';
import { Participant } from './Participant.ts';
import { Polls } from './Polls.ts';
import type { RoomRecord, Stores } from './ports.ts';
import { rightsOf } from './rights.ts';
import type { JoinOptions, RoomContext } from './RoomContext.ts';
import { personOf, type AuditAbout, type Person } from './actors.ts';
import { RoomEvents } from './RoomEvents.ts';
import { RoomMedia } from './RoomMedia.ts';
import { Roster } from './Roster.ts';
import { NOT_ENDED_BY_SERVER, sessionEndOf } from './sessionEnds.ts';
import { applyChange, assertHours, prepareChange, publicChange } from './settingsChange.ts';
import { snapshotFor, stateFor } from './snapshot.ts';
import { Stage } from './Stage.ts';
import { Succession } from './Succession.ts';
import type { Waiting } from './Waiting.ts';

export type JoinOutcome =
  | { state: 'joined'; room: Room; participant: Participant; answer: JoinedRoom }
  | { state: 'knocking'; waiting: Waiting; answer: KnockingAtRoom };

/**
 * A named place in which people meet. It owns its parts, which own their state; whatever changes it goes through one queue,
 * so order is never in doubt.
 */
export class Room implements ModeratedRoom {
  readonly roster = new Roster();
  readonly stores: Stores;
  readonly logger: Logger;
  readonly events: RoomEvents;
  readonly members: Members;
  readonly bans: Bans;
  readonly invites: Invites;
  readonly lobby: Lobby;
  readonly moderation: Moderation;
  readonly floor: Floor;
  readonly stage: Stage;
  readonly breakouts: BreakoutRooms;
  readonly chat: Chat;
  readonly polls: Polls;
  readonly #context: RoomContext;
  readonly #queue = new SerialQueue();
  readonly #announcer: Announcer;
  readonly #media: RoomMedia;
  readonly #auditLog: AuditLog;
  readonly #meeting: MeetingLog;
  readonly #clock: MeetingClock;
  readonly #succession: Succession;
  /** Tells everybody what is true of the room now; what changes together is told once. */
  readonly stateChanged = together(() => {
    for (const participant of this.roster.all) {
      const params = { roomState: this.#stateFor(participant) };
      participant.notify({ method: 'room.stateUpdated', params });
    }
  });
  #record: RoomRecord;
  #closed = false;

  constructor(record: RoomRecord, context: RoomContext) {
    this.#record = record;
    this.#context = context;
    this.stores = context.stores;
    this.logger = context.logger.child({ room: record.name, roomId: record.roomId });
    this.events = new RoomEvents(this, context.observer);
    this.members = new Members(record.roomId, this.stores.items);
    this.bans = new Bans(record.roomId, this.stores.items);
    this.invites = new Invites(this);
    this.#announcer = new Announcer(this.roster, context.metrics, {
      events: this.events,
      changed: (participant) => this.#changed(participant),
      leave: (participant, reason) => this.run(() => this.remove(participant, reason)),
    });
    this.#media = new RoomMedia(context.media, this.roster, this.logger);
    this.#meeting = new MeetingLog(record, this.stores.meetings);
    this.#auditLog = new AuditLog(this);
    this.#succession = new Succession(this, context.successorDelay);
    this.lobby = new Lobby(this);
    this.moderation = new Moderation(this);
    this.floor = new Floor(this);
    this.stage = new Stage(this);
    this.breakouts = new BreakoutRooms(this);
    this.chat = new Chat(this, context.files);
    this.polls = new Polls(this);
    this.#clock = new MeetingClock(this, {
      emptied: () => void this.run(() => (this.isEmpty ? this.#endMeeting('roomClosed') : undefined)),
      over: () => void this.run(() => this.#endMeeting('timeOver')),
      warn: (endsAt) =>
        this.roster.tellAll({ method: 'room.endingSoon', params: { endsAt, what: 'meeting' } }),
    });
    this.#meeting.endLostStays(this, context.lastAliveAt);
    if (this.meetingStartedAt !== null) context.metrics.rooms.inc();
    this.#clock.update();
  }

  get record(): RoomRecord {
    return this.#record;
  }

  get roomId(): string {
    return this.#record.roomId;
  }

  get name(): string {
    return this.#record.name;
  }

  get settings(): RoomSettings {
    return this.#record.settings;
  }

  get meetingId(): string | null {
    return this.#meeting.meetingId;
  }

  get meetingStartedAt(): number | null {
    return this.#meeting.startedAt;
  }

  get hostPresent(): boolean {
    return this.roster.hostPresent;
  }

  /** Nobody is here, and nobody waits to come in. */
  get isEmpty(): boolean {
    return this.roster.size === 0 && this.lobby.size === 0;
  }

  get info(): RoomInfo {
    const { roomId, name, settings, passwordHash, createdAt } = this.#record;
    return {
      ...{ roomId, name, settings, createdAt },
      hasPassword: passwordHash !== null,
      numParticipants: this.roster.visible.length,
      meetingStartedAt: this.meetingStartedAt,
    };
  }

  get participants(): ParticipantInfo[] {
    return this.roster.visible.map(({ info }) => info);
  }

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return this.#queue.run(task);
  }

  /**
   * Does what a participant asks for. Whether they may is decided here, in their turn: they may have lost a role since they
   * asked. Throws WRONG_STATE, PERMISSION_DENIED and whatever the task throws.
   */
  perform<T>(by: Participant, method: SessionMethod, task: () => T | Promise<T>): Promise<T> {
    return this.run(() => {
      if (by.left) throw new ParleyError('WRONG_STATE');
      if (!isAllowed(method, 'joined', by.actingRole)) throw new ParleyError('PERMISSION_DENIED');
      return task();
    });
  }

  /** Whether they need no password, and come in though the room is locked. */
  knows({ identity, role, inviteId }: JoinGrants): boolean {
    const member = this.members.get(identity);
    return isKnown(member.role ?? role, member) || this.invites.isOpen(inviteId);
  }

  /** Throws what `decideAccess` throws, MEDIA_UNAVAILABLE, LIMIT_REACHED. */
  join(grants: JoinGrants, options: JoinOptions): Promise<JoinOutcome> {
    return this.run(async (): Promise<JoinOutcome> => {
      if (this.#closed) throw new ParleyError('ROOM_NOT_FOUND');
      this.invites.admit(grants);
      if (decideAt(this, grants, options) === 'knocking') {
        const waiting = this.lobby.knock(grants, options);
        this.#clock.update();
        return {
          state: 'knocking',
          waiting,
          answer: { state: 'knocking', knock: this.lobby.knockOf(waiting) },
        };
      }
      const mediaRoom = await this.#media.get();
      const former = this.roster.findByIdentity(grants.identity);
      if (former) this.remove(former, 'duplicateIdentity');
      const participant = this.#admit(grants, options, mediaRoom);
      this.lobby.entered(participant);
      const answer = snapshotFor(this, participant, {
        roomState: this.#stateFor(participant),
        iceServers: this.#context.iceServers,
        rtpCapabilities: mediaRoom.rtpCapabilities,
        mediaGeneration: this.#media.generation,
      });
      return { state: 'joined', room: this, participant, answer };
    });
  }

  /** Throws INVALID_PARAMS on hours that cannot be, WRONG_STATE when the room is gone. */
  async update(by: Person | null, patch: RoomSettingsPatch): Promise<void> {
    const change = await prepareChange(patch);
    if (this.#closed) throw new ParleyError('WRONG_STATE');
    assertHours(change.settings, this.settings);
    this.audit(by, 'room.update', { details: publicChange(change) });
    this.setRecord(applyChange(this.#record, change));
    this.events.tell({ type: 'roomUpdated', changed: Object.keys(patch), by: by && personOf(by) });
  }

  setRecord(record: RoomRecord): void {
    const before = this.settings;
    this.#record = record;
    this.stores.rooms.save(record);
    this.roster.tellAll({ method: 'room.updated', params: { room: this.info } });
    this.rightsChanged();
    this.lobby.roomChanged();
    this.#clock.update();
    this.stateChanged();
    if (before.unmuting === 'everyone' && record.settings.unmuting === 'onApproval')
      this.moderation.silenceUnapproved();
  }

  /** Ends the meeting for everybody. */
  end(by: Person): void {
    this.audit(by, 'room.end');
    this.#endMeeting('roomClosed');
  }

  /** Nobody can join any more. Where the server only restarts, the meeting goes on when it is back. */
  close(reason: LeaveReason): Promise<void> {
    return this.run(() => {
      this.#closed = true;
      if (reason === 'serverShutdown') this.#dismiss(reason);
      else this.#endMeeting(reason);
      this.#clock.close();
      this.#succession.close();
      this.breakouts.stop();
      if (this.meetingStartedAt !== null) this.#context.metrics.rooms.dec();
    });
  }

  remove(participant: Participant, reason: LeaveReason): void {
    if (!this.roster.delete(participant)) return;
    const end = NOT_ENDED_BY_SERVER.has(reason) ? undefined : sessionEndOf(reason);
    this.#announcer.gone(participant, participant.close(end), reason);
    this.#context.metrics.participants.dec();
    this.#meeting.left(participant);
    const { participantId, identity } = participant;
    this.logger.info({ participantId, identity, reason }, 'participant left');
    this.#presenceChanged();
  }

  sendToLobby(participant: Participant): void {
    this.members.update(participant.identity, { admission: 'sentBack' });
    this.remove(participant, 'movedToLobby');
    participant.sendToLobby(this.lobby.sendBack(participant));
  }

  move(participant: Participant, breakoutId: string | null, reason: 'assigned' | 'own' | 'closed'): void {
    const from = participant.breakoutId;
    if (from === breakoutId || participant.hidden) return;
    participant.notify({
      method: 'room.moved',
      params: {
        breakoutId,
        name: this.breakouts.nameOf(breakoutId),
        participants: this.roster.visibleIn(breakoutId).map(({ info }) => info),
        reason,
      },
    });
    participant.moveTo(breakoutId);
    this.#announcer.moved(participant, from, reason);
  }

  rightsChanged(): void {
    for (const participant of this.roster.all) {
      const before = participant.permissions;
      const isVisible = participant.setRights(this.#rightsOf(participant.grants));
      const { permissions } = participant;
      if (!isDeepStrictEqual(before, permissions))
        participant.notify({ method: 'self.permissions', params: { permissions } });
      if (permissions.canAdmit && !before.canAdmit) this.lobby.tell(participant);
      if (isVisible) {
        this.#announcer.tellChanged(participant);
        this.#meeting.note(participant);
      }
    }
    this.#presenceChanged();
    this.stateChanged();
  }

  audit(by: Person | null, action: string, about: AuditAbout = {}): void {
    this.#auditLog.add(by, action, about);
  }

  #admit(grants: JoinGrants, { outlet, displayName }: JoinOptions, mediaRoom: MediaRoom): Participant {
    if (this.#meeting.start()) {
      this.#context.metrics.rooms.inc();
      this.logger.info('meeting started');
      this.events.tell({ type: 'meetingStarted' });
    }
    const { identity } = grants;
    const member = this.members.get(identity);
    const isFirst = member.firstJoinedAt === null;
    this.members.update(identity, {
      admission: 'admitted',
      ...(isFirst && { firstJoinedAt: Date.now(), lastSeqBefore: this.stores.chat.lastSeq() }),
    });
    const participant = new Participant(grants, this.#announcer, {
      outlet,
      displayName: member.displayName ?? displayName,
      rights: this.#rightsOf(grants),
      breakoutId: grants.grant.hidden === true ? null : this.breakouts.placeOf(identity),
      raisedHandAt: member.raisedHandAt,
    });
    this.roster.add(participant);
    this.#context.metrics.participants.inc();
    this.#media.give(participant, mediaRoom);
    this.#announcer.came(participant);
    this.#meeting.note(participant);
    this.logger.info({ participantId: participant.participantId, identity }, 'participant joined');
    this.#presenceChanged();
    if (participant.permissions.canAdmit) this.lobby.tell(participant);
    return participant;
  }

  #stateFor(participant: Participant): RoomState {
    return stateFor(this, participant, this.#clock.endsAt);
  }

  #rightsOf(grants: JoinGrants) {
    const isSuccessor = this.#succession.successor?.identity === grants.identity;
    return rightsOf(grants, {
      member: this.members.get(grants.identity),
      settings: this.settings,
      isSuccessor,
    });
  }

  #changed(participant: Participant): void {
    this.#meeting.note(participant);
    this.#presenceChanged();
  }

  #presenceChanged(): void {
    if (this.#succession.update()) this.lobby.roomChanged();
    this.#clock.update();
    this.stateChanged();
  }

  #dismiss(reason: LeaveReason): void {
    for (const participant of this.roster.all) this.remove(participant, reason);
    this.lobby.close(reason);
    this.#media.close();
  }

  #endMeeting(reason: LeaveReason): void {
    this.#dismiss(reason);
    const { meetingId } = this;
    if (meetingId !== null && this.#meeting.end()) {
      this.#context.metrics.rooms.dec();
      this.logger.info({ reason }, 'meeting ended');
      this.events.tell({ type: 'meetingEnded', meetingId, reason });
    }
    for (const part of [this.members, this.stage, this.breakouts, this.polls]) part.clear();
    this.stores.items.clearMeeting(this.roomId);
    if (!this.#closed) this.#context.ended(this.#record);
  }
}
