import {
  ParleyError,
  isAllowed,
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
import type { Feed } from '../media/Feed.ts';
import type { Listener, ListenerOptions } from '../media/Listener.ts';
import type { Logger } from '../observability/logger.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { together } from '../util/together.ts';
import { Announcer } from './Announcer.ts';
import { AuditLog } from './AuditLog.ts';
import { Bans } from './Bans.ts';
import { BreakoutRooms } from './BreakoutRooms.ts';
import { Calls } from './Calls.ts';
import { Chat } from './Chat.ts';
import { Entrance, type EnteredRoom, type Entered } from './Entrance.ts';
import { Floor } from './Floor.ts';
import { Invites } from './Invites.ts';
import { LiveStreaming } from './LiveStreaming.ts';
import { Lobby } from './Lobby.ts';
import { MeetingClock } from './MeetingClock.ts';
import { MeetingLog } from './MeetingLog.ts';
import { Members } from './Members.ts';
import { Moderation, type ModeratedRoom } from './Moderation.ts';
import type { Participant, Rights } from './Participant.ts';
import { Polls } from './Polls.ts';
import type { RoomRecord, Stores } from './ports.ts';
import { Recording } from './Recording.ts';
import { rightsOf } from './rights.ts';
import type { JoinOptions, RoomContext } from './RoomContext.ts';
import { personOf, type AuditAbout, type Person } from './actors.ts';
import { RoomEvents } from './RoomEvents.ts';
import { RoomMedia } from './RoomMedia.ts';
import { Roster } from './Roster.ts';
import { NOT_ENDED_BY_SERVER, sessionEndOf } from './sessionEnds.ts';
import { applyChange, assertHours, prepareChange, publicChange } from './settingsChange.ts';
import { egressFor, stateFor } from './snapshot.ts';
import { Stage } from './Stage.ts';
import { Succession } from './Succession.ts';

export type JoinOutcome =
  (Extract<Entered, { state: 'joined' }> & { room: Room }) | Extract<Entered, { state: 'knocking' }>;

/**
 * A named place in which people meet. It owns its parts, which own their state; whatever changes it goes through one queue,
 * so order is never in doubt.
 */
export class Room implements ModeratedRoom, EnteredRoom {
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
  readonly recording: Recording;
  readonly live: LiveStreaming;
  readonly calls: Calls;
  readonly #context: RoomContext;
  readonly #queue = new SerialQueue();
  readonly #announcer: Announcer;
  readonly #media: RoomMedia;
  readonly #auditLog: AuditLog;
  readonly #meeting: MeetingLog;
  readonly #clock: MeetingClock;
  readonly #entrance: Entrance;
  readonly #succession: Succession;
  /** Tells everybody what is true of the room now; what changes together is told once. */
  readonly stateChanged = together(() => {
    for (const participant of this.roster.all) {
      const params = { roomState: this.stateFor(participant) };
      participant.notify({ method: 'room.stateUpdated', params });
    }
    if (this.#closed) return;
    this.recording.update();
    this.live.update();
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
    this.recording = new Recording(this, context.egress);
    this.live = new LiveStreaming(this, context.egress.live);
    this.calls = new Calls(this, context.phones);
    this.#clock = new MeetingClock(this, {
      emptied: () => void this.run(() => (this.isEmpty ? this.#endMeeting('roomClosed') : undefined)),
      over: () => void this.run(() => this.#endMeeting('timeOver')),
      warn: (endsAt) =>
        this.roster.tellAll({ method: 'room.endingSoon', params: { endsAt, what: 'meeting' } }),
    });
    this.#entrance = new Entrance(this, {
      ...{ context, media: this.#media, meeting: this.#meeting, announcer: this.#announcer },
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
      numParticipants: this.roster.visiblePeople.length,
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
  knows(grants: JoinGrants): boolean {
    return this.#entrance.knows(grants);
  }

  /** Throws what `decideAccess` throws, MEDIA_UNAVAILABLE, LIMIT_REACHED. */
  join(grants: JoinGrants, options: JoinOptions): Promise<JoinOutcome> {
    return this.run(async (): Promise<JoinOutcome> => {
      if (this.#closed) throw new ParleyError('ROOM_NOT_FOUND');
      const entered = await this.#entrance.join(grants, options);
      return entered.state === 'joined' ? { ...entered, room: this } : entered;
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
      this.recording.close();
      this.live.close();
      this.breakouts.stop();
      if (this.meetingStartedAt !== null) this.#context.metrics.rooms.dec();
    });
  }

  remove(participant: Participant, reason: LeaveReason): void {
    if (!this.roster.delete(participant)) return;
    if (participant.isRecorder && (reason === 'removed' || reason === 'banned'))
      this.recording.recorderRemoved(participant);
    const end = NOT_ENDED_BY_SERVER.has(reason) ? undefined : sessionEndOf(reason);
    this.#announcer.gone(participant, participant.close(end), reason);
    this.#context.metrics.participants.dec();
    this.#meeting.left(participant);
    const { participantId, identity } = participant;
    this.logger.info({ participantId, identity, reason }, 'participant left');
    this.presenceChanged();
  }

  replace(former: Participant): void {
    this.remove(former, 'duplicateIdentity');
  }

  sendToLobby(participant: Participant): void {
    this.members.update(participant.identity, { admission: 'sentBack' });
    this.remove(participant, 'movedToLobby');
    participant.sendToLobby(this.lobby.sendBack(participant));
  }

  move(participant: Participant, breakoutId: string | null, reason: 'assigned' | 'own' | 'closed'): void {
    const from = participant.breakoutId;
    if (from === breakoutId || participant.hidden) return;
    // A recorder stays where it was sent to, or goes by itself.
    if (participant.isRecorder && reason !== 'own') return;
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
    this.#tellEgress(participant);
    this.#announcer.moved(participant, from, reason);
  }

  rightsChanged(): void {
    for (const participant of this.roster.all) {
      const before = participant.permissions;
      const isVisible = participant.setRights(this.rightsOf(participant.grants));
      const { permissions } = participant;
      if (!isDeepStrictEqual(before, permissions))
        participant.notify({ method: 'self.permissions', params: { permissions } });
      if (permissions.canAdmit && !before.canAdmit) this.lobby.tell(participant);
      if (isVisible) {
        this.#announcer.tellChanged(participant);
        this.#meeting.note(participant);
      }
    }
    this.presenceChanged();
    this.stateChanged();
  }

  /** Throws MEDIA_UNAVAILABLE. */
  async createFeed(): Promise<Feed> {
    return (await this.#media.get()).createFeed();
  }

  /** Throws MEDIA_UNAVAILABLE. */
  async createListener(options: ListenerOptions): Promise<Listener> {
    return (await this.#media.get()).createListener(options);
  }

  egressChanged(breakoutId: string | null, { hostsOnly = false } = {}): void {
    for (const participant of hostsOnly ? this.roster.hosts : this.roster.all)
      if (participant.breakoutId === breakoutId) this.#tellEgress(participant);
  }

  liveTargetChanged(): void {
    if (!this.#closed) this.live.targetChanged();
  }

  liveEnded(liveId: string, why: string | undefined): void {
    if (!this.#closed) this.live.ended(liveId, why);
  }

  audit(by: Person | null, action: string, about: AuditAbout = {}): void {
    this.#auditLog.add(by, action, about);
  }

  stateFor(participant: Participant): RoomState {
    return stateFor(this, participant, this.#clock.endsAt);
  }

  rightsOf(grants: JoinGrants): Rights {
    const isSuccessor = this.#succession.successor?.identity === grants.identity;
    return rightsOf(grants, {
      member: this.members.get(grants.identity),
      settings: this.settings,
      isSuccessor,
    });
  }

  #tellEgress(participant: Participant): void {
    const params = { egress: egressFor(this, participant) };
    participant.notify({ method: 'room.egressUpdated', params });
  }

  #changed(participant: Participant): void {
    this.#meeting.note(participant);
    this.presenceChanged();
  }

  presenceChanged(): void {
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
    this.recording.meetingEnded();
    this.live.meetingEnded();
    this.#dismiss(reason);
    const { meetingId } = this;
    if (meetingId !== null && this.#meeting.end()) {
      this.#context.metrics.rooms.dec();
      this.logger.info({ reason }, 'meeting ended');
      this.events.tell({ type: 'meetingEnded', meetingId, reason });
    }
    for (const part of [this.members, this.stage, this.breakouts, this.polls, this.calls]) part.clear();
    this.stores.items.clearMeeting(this.roomId);
    if (!this.#closed) this.#context.ended(this.#record);
  }
}
