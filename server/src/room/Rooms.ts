import {
  ParleyError,
  type CreateRoomBody,
  type InviteInfo,
  type ParticipantInfo,
  type RoomInfo,
  type RoomNotice,
  type RoomSettings,
  type RoomSettingsPatch,
} from '@parley/protocol';
import type { Caller, JoinGrants } from '../auth/grants.ts';
import { fingerprintOf, hashPassword, verifyPassword } from '../auth/passwords.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { newId } from '../util/ids.ts';
import { assertSeatFree } from './access.ts';
import { FileSpace } from './FileSpace.ts';
import { Heartbeat } from './Heartbeat.ts';
import type { MediaRoomSource } from './MediaRoomKeeper.ts';
import { GuessLimiter } from './GuessLimiter.ts';
import { hostIn } from './hostIn.ts';
import { pageOf, type Page, type PageRequest } from './paging.ts';
import { PasswordGate } from './PasswordGate.ts';
import { NO_EGRESS } from './noEgress.ts';
import { NO_PHONES } from './noPhones.ts';
import type { Dialer } from './phonePorts.ts';
import { noticeFor, type Visitor } from './notice.ts';
import type { Egress, Outlet, RoomHours, RoomRecord, Stores } from './ports.ts';
import { Room, type JoinOutcome } from './Room.ts';
import type { Person } from './RoomCore.ts';
import type { RoomObserver } from './RoomEvents.ts';
import { defaultSettings } from './defaultSettings.ts';
import { assertHours } from './settingsChange.ts';

export interface RoomsOptions {
  media: MediaRoomSource;
  stores: Stores;
  config: Config;
  logger: Logger;
  metrics: Metrics;
  /** Without it, rooms are open at any time that their settings allow. */
  hours?: RoomHours;
  /** Without it, nothing can be recorded. */
  egress?: Egress;
  /** Without it, no phone can be called. */
  phones?: Dialer;
  observer?: RoomObserver;
}

/** Somebody who wants to come in: how one speaks to them, what they give, where they come from. */
export interface Arrival {
  outlet: Outlet;
  displayName?: string;
  password?: string;
  network: string;
}

interface NewRoom {
  settings?: Partial<RoomSettings>;
  passwordHash?: string | null;
  ownedBy?: string | null;
}

/** Somebody without a token who wants one. */
export interface GuestArrival {
  /** Who they will be; hard to guess. */
  identity: string;
  /** Make the room when there is none, where the server lets guests do so. */
  create: boolean;
  password?: string;
  /** Code of an invitation. */
  invite?: string;
  network: string;
}

/**
 * All rooms of this server, by name. A room made by REST is kept for good; one that came into being because somebody
 * joined it goes when its meeting has ended.
 */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #files: FileSpace;
  readonly #gate = new PasswordGate(new GuessLimiter());
  readonly #heartbeat: Heartbeat;
  #closing = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#files = new FileSpace(options.stores, options.config.chat.files, options.logger);
    this.#heartbeat = new Heartbeat(options.stores.meetings, () =>
      [...this.#rooms.values()].some((room) => room.roster.size > 0),
    );
    const defaults = defaultSettings(options.config.rooms);
    for (const stored of options.stores.rooms.load()) {
      const record = { ...stored, settings: { ...defaults, ...stored.settings } };
      // It came into being because somebody joined, and nobody can return to its meeting any more.
      if (!record.kept && !options.stores.meetings.findOpen(record.roomId))
        options.stores.rooms.delete(record.roomId);
      else this.#rooms.set(record.name, this.#open(record));
    }
  }

  /** Throws ACCESS_REFUSED, TOO_MANY_TRIES, SHUTTING_DOWN and what `Room.join` throws. */
  async join(grants: JoinGrants, arrival: Arrival): Promise<JoinOutcome> {
    const { metrics } = this.#options;
    try {
      this.#assertOpen();
      const { autoCreate } = this.#options.config.rooms;
      const mayCreate = grants.roomCreate || (autoCreate && !grants.isGuest && grants.kind !== 'recorder');
      const room = mayCreate ? this.#ensure(grants.room) : this.#rooms.get(grants.room);
      const { outlet, network, password } = arrival;
      if (!room?.knows(grants))
        await this.#gate.pass(grants.room, room, {
          ...{ password, network },
          // Phones ask for no password: a PIN or a rule let them through.
          shown: grants.kind === 'phone' ? fingerprintFor(room) : grants.passwordShown,
        });
      // NOTE: the gate has refused where there is none.
      if (!room) throw new ParleyError('ACCESS_REFUSED');
      const displayName = arrival.displayName?.trim() ?? grants.displayName;
      const hours = this.#options.hours?.hoursOf(grants.room, Date.now());
      const outcome = await room.join(grants, { outlet, displayName, network, hours });
      metrics.joins.inc({ outcome: outcome.state });
      return outcome;
    } catch (error) {
      metrics.joins.inc({ outcome: error instanceof ParleyError ? error.code : 'INTERNAL' });
      throw error;
    }
  }

  /**
   * Whether somebody without a token may ask to come in; gives what stands in their token for the password they showed.
   * Whoever makes the room this way is a host of its first meeting: else nobody would be.
   * Throws ACCESS_REFUSED, TOO_MANY_TRIES, GUESTS_REFUSED, ROOM_FULL.
   */
  async admitGuest(
    name: string,
    { identity, create, password, invite, network }: GuestArrival,
  ): Promise<{ room: RoomInfo; passwordShown?: string; invite?: InviteInfo }> {
    this.#assertOpen();
    if (invite !== undefined) return this.#admitInvited(name, { code: invite, network });
    const { guestsCreate, guestsAllowed } = this.#options.config.rooms;
    const mayCreate = create && guestsCreate && guestsAllowed;
    const isNew = mayCreate && !this.#rooms.has(name);
    const room = mayCreate ? this.#ensure(name) : this.#rooms.get(name);
    const passwordShown = await this.#gate.pass(name, room, { password, shown: undefined, network });
    if (!room) throw new ParleyError('ACCESS_REFUSED');
    if (!room.settings.guestsAllowed) throw new ParleyError('GUESTS_REFUSED');
    assertSeatFree(room.settings, room.roster.visiblePeople.length);
    // Not in their token: that outlives the room, and another may have its name then.
    if (isNew) room.members.update(identity, { role: 'host' });
    return { room: room.info, ...(passwordShown !== undefined && { passwordShown }) };
  }

  /**
   * Idempotent: the same name and settings give the same room. A new one belongs to the signed-in host of the identity
   * `ownedBy`. Throws ROOM_EXISTS when the settings given differ, INVALID_PARAMS on hours that cannot be.
   */
  async createRoom(
    { name, settings: { password = null, ...settings } = {} }: CreateRoomBody,
    ownedBy: string | null = null,
  ): Promise<{ room: RoomInfo; created: boolean }> {
    this.#assertOpen();
    assertHours(settings);
    const isThere = this.#rooms.has(name);
    const passwordHash = password === null || isThere ? null : await hashPassword(password);
    // NOTE: another request may have made it meanwhile.
    const existing = this.#rooms.get(name);
    if (existing) {
      await assertAlike(existing, settings, password);
      // It was deleted while the password was looked at.
      if (this.#rooms.get(name) !== existing)
        return this.createRoom({ name, settings: { password, ...settings } }, ownedBy);
    }
    const room = existing ?? this.#ensure(name, { settings, passwordHash, ownedBy });
    this.keep(room);
    return { room: room.info, created: !existing };
  }

  /**
   * A room for a signed-in host to meet in; one that is not there is made, if they wish so, is theirs, and goes with its
   * meeting. Throws ROOM_NOT_FOUND, SHUTTING_DOWN.
   */
  openFor(name: string, { ownedBy, create }: { ownedBy: string | null; create: boolean }): RoomInfo {
    this.#assertOpen();
    return (create ? this.#ensure(name, { ownedBy }) : this.room(name)).info;
  }

  /** Whose room it is: an identity, null for nobody’s; undefined when there is none. */
  ownerOf(name: string): string | null | undefined {
    return this.#rooms.get(name)?.record.ownedBy;
  }

  getRoom(name: string): RoomInfo {
    return this.room(name).info;
  }

  /** Throws ROOM_NOT_FOUND. */
  room(name: string): Room {
    const room = this.#rooms.get(name);
    if (!room) throw new ParleyError('ROOM_NOT_FOUND');
    return room;
  }

  find(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** It stays when its meeting has ended. */
  keep(room: Room): void {
    if (!room.record.kept) room.setRecord({ ...room.record, kept: true });
  }

  /** All rooms, or those of one owner. */
  listRooms(request: PageRequest, ownedBy?: string): Page<RoomInfo> {
    const all = [...this.#rooms.values()];
    const rooms = ownedBy === undefined ? all : all.filter(({ record }) => record.ownedBy === ownedBy);
    const { items, nextCursor } = pageOf(rooms, (room) => room.record.name, request);
    return { items: items.map((room) => room.info), nextCursor };
  }

  async updateRoom(name: string, patch: RoomSettingsPatch, by: Person | null = null): Promise<RoomInfo> {
    const room = this.room(name);
    await room.update(by, patch);
    return room.info;
  }

  /** What somebody is to know before they come in. */
  noticeFor(name: string, visitor: Omit<Visitor, 'hours'>): RoomNotice {
    const hours = this.#options.hours?.hoursOf(name, Date.now());
    return noticeFor(this.#rooms.get(name), { ...visitor, hours });
  }

  /** Ends the meeting and forgets the room. */
  async deleteRoom(name: string): Promise<void> {
    const room = this.room(name);
    this.#options.hours?.roomDeleted(name, Date.now());
    this.#forget(room);
    await room.close('roomClosed');
  }

  getParticipant(name: string, identity: string, by: Caller): ParticipantInfo {
    hostIn(this.room(name), by);
    const participant = this.room(name).roster.getByIdentity(identity);
    if (participant.hidden) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant.info;
  }

  listParticipants(name: string, request: PageRequest, by: Caller): Page<ParticipantInfo> {
    hostIn(this.room(name), by);
    return pageOf(this.room(name).participants, ({ identity }) => identity, request);
  }

  /** Mutes one publication, or all; the participant may unmute. `by` is told to everybody. */
  async muteParticipant(
    name: string,
    identity: string,
    options: { publicationId?: string; by: Caller },
  ): Promise<ParticipantInfo> {
    const room = this.room(name);
    const by = hostIn(room, options.by);
    const participant = room.roster.getByIdentity(identity);
    const { publicationId } = options;
    const ids =
      publicationId === undefined
        ? participant.info.publications.map((publication) => publication.publicationId)
        : [publicationId];
    for (const id of ids) await participant.setMuted({ publicationId: id, muted: true }, by.identity);
    room.audit(by, 'participant.mute', { to: participant, details: { publicationIds: ids } });
    return participant.info;
  }

  async removeParticipant(name: string, identity: string, by: Caller): Promise<void> {
    const room = this.room(name);
    await room.run(() => {
      const { participantId } = room.roster.getByIdentity(identity);
      room.moderation.remove(hostIn(room, by), { participantId });
    });
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** From now on nobody can join. */
  stopAdmitting(): void {
    this.#closing = true;
  }

  /** Ends all meetings. Nobody can join any more. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#rooms.values()].map((room) => room.close('serverShutdown')));
    this.#rooms.clear();
    this.#heartbeat.close();
    await this.#files.close();
  }

  async #admitInvited(name: string, attempt: { code: string; network: string }) {
    const room = this.#rooms.get(name);
    const invite = await this.#gate.passInvited(name, room, attempt);
    // NOTE: the gate has refused where there is none.
    if (!room) throw new ParleyError('ACCESS_REFUSED');
    assertSeatFree(room.settings, room.roster.visiblePeople.length);
    room.invites.use(invite.inviteId);
    return { room: room.info, invite };
  }

  #assertOpen(): void {
    if (this.#closing) throw new ParleyError('SHUTTING_DOWN');
  }

  #ensure(name: string, made: NewRoom = {}): Room {
    const existing = this.#rooms.get(name);
    if (existing) return existing;
    const record: RoomRecord = {
      roomId: newId('RM'),
      name,
      settings: { ...defaultSettings(this.#options.config.rooms), ...made.settings },
      passwordHash: made.passwordHash ?? null,
      kept: false,
      ownedBy: made.ownedBy ?? null,
      createdAt: Date.now(),
    };
    this.#options.stores.rooms.save(record);
    const room = this.#open(record);
    this.#rooms.set(name, room);
    return room;
  }

  #open(record: RoomRecord): Room {
    const { media, stores, config, logger, metrics, observer } = this.#options;
    const { egress = NO_EGRESS, phones = NO_PHONES } = this.#options;
    return new Room(record, {
      ...{ media, stores, logger, metrics, observer, egress, phones, files: this.#files },
      iceServers: config.media.iceServers,
      successorDelay: config.rooms.successorDelay,
      lastAliveAt: this.#heartbeat.former ?? Date.now(),
      ended: ({ name }) => this.#ended(name),
    });
  }

  /** A room that was made only because somebody joined goes with its meeting. */
  #ended(name: string): void {
    const room = this.#rooms.get(name);
    if (!room || room.record.kept) return;
    this.#forget(room);
    void room.close('roomClosed');
  }

  #forget({ record: { roomId, name } }: Room): void {
    this.#rooms.delete(name);
    this.#options.stores.rooms.delete(roomId);
  }
}

function fingerprintFor(room: Room | undefined): string | undefined {
  const hash = room?.record.passwordHash ?? null;
  return hash === null ? undefined : fingerprintOf(hash);
}

/** Throws ROOM_EXISTS when the room is not as it was wished; settings that were not named may be anything. */
async function assertAlike(
  { settings: present, record }: Room,
  wished: Partial<RoomSettings>,
  password: string | null,
): Promise<void> {
  const differing: string[] = (Object.keys(wished) as (keyof RoomSettings)[]).filter(
    (key) => wished[key] !== present[key],
  );
  const { passwordHash } = record;
  const isSamePassword =
    password === null || passwordHash === null
      ? password === passwordHash
      : await verifyPassword(password, passwordHash);
  if (!isSamePassword) differing.push('password');
  if (differing.length > 0) throw new ParleyError('ROOM_EXISTS', { details: { differing } });
}
