import {
  ParleyError,
  type CreateRoomBody,
  type JoinedRoom,
  type ParticipantInfo,
  type RoomInfo,
  type RoomSettings,
  type RoomSettingsPatch,
} from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { newId } from '../util/ids.ts';
import type { MediaRoomSource } from './MediaRoomKeeper.ts';
import { pageOf, type Page, type PageRequest } from './paging.ts';
import type { Participant } from './Participant.ts';
import type { Outlet, RoomRecord, RoomStore } from './ports.ts';
import { Room } from './Room.ts';

export interface RoomsOptions {
  media: MediaRoomSource;
  store: RoomStore;
  config: Config;
  logger: Logger;
  metrics: Metrics;
}

/**
 * All rooms of this server, by name. A room made by REST is kept for good; one that came into being because somebody
 * joined it goes when its meeting has ended.
 */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #kept = new Set<string>();
  #closing = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
    for (const record of options.store.loadRooms()) {
      this.#kept.add(record.roomId);
      this.#rooms.set(record.name, this.#open(record));
    }
  }

  /** Throws ROOM_NOT_FOUND, ROOM_FULL, MEDIA_UNAVAILABLE or SHUTTING_DOWN. */
  async join(
    grants: JoinGrants,
    options: { outlet: Outlet; displayName?: string },
  ): Promise<{ participant: Participant; joined: JoinedRoom }> {
    const { metrics } = this.#options;
    try {
      this.#assertOpen();
      const mayCreate = grants.roomCreate || this.#options.config.rooms.autoCreate;
      const room = mayCreate ? this.#ensure(grants.room) : this.#get(grants.room);
      const displayName = options.displayName?.trim() ?? grants.displayName;
      const result = await room.join(grants, { outlet: options.outlet, displayName });
      metrics.joins.inc({ outcome: 'joined' });
      return result;
    } catch (error) {
      metrics.joins.inc({ outcome: error instanceof ParleyError ? error.code : 'INTERNAL' });
      throw error;
    }
  }

  /** Whether somebody without a token may come in. Throws ROOM_NOT_FOUND, GUESTS_REFUSED or ROOM_FULL. */
  admitGuest(name: string, create: boolean): Promise<RoomInfo> {
    this.#assertOpen();
    const { guestsCreate, guestsAllowed } = this.#options.config.rooms;
    const room = create && guestsCreate && guestsAllowed ? this.#ensure(name) : this.#get(name);
    if (!room.record.settings.guestsAllowed) throw new ParleyError('GUESTS_REFUSED');
    room.assertPlaceFor(undefined);
    return Promise.resolve(room.info);
  }

  /** Idempotent: the same name and settings give the same room. Throws ROOM_EXISTS when the settings given differ. */
  createRoom({ name, settings = {} }: CreateRoomBody): Promise<{ room: RoomInfo; created: boolean }> {
    this.#assertOpen();
    const existing = this.#rooms.get(name);
    if (existing) {
      const present = existing.record.settings;
      const differing = (Object.keys(settings) as (keyof RoomSettings)[]).filter(
        (key) => settings[key] !== present[key],
      );
      if (differing.length > 0) throw new ParleyError('ROOM_EXISTS', { details: { differing } });
    }
    const room = existing ?? this.#ensure(name, settings);
    const created = !existing;
    this.#keep(room.record);
    return Promise.resolve({ room: room.info, created });
  }

  getRoom(name: string): RoomInfo {
    return this.#get(name).info;
  }

  listRooms(request: PageRequest): Page<RoomInfo> {
    const { items, nextCursor } = pageOf(this.#rooms.values(), (room) => room.record.name, request);
    return { items: items.map((room) => room.info), nextCursor };
  }

  updateRoom(name: string, patch: RoomSettingsPatch): Promise<RoomInfo> {
    const room = this.#get(name);
    const settings = { ...room.record.settings, ...patch };
    this.#keep({ ...room.record, settings });
    room.updateSettings(settings);
    return Promise.resolve(room.info);
  }

  /** Ends the meeting and forgets the room. */
  async deleteRoom(name: string): Promise<void> {
    const room = this.#get(name);
    this.#forget(room);
    await room.close('roomClosed');
  }

  getParticipant(name: string, identity: string): ParticipantInfo {
    const participant = this.#get(name).getParticipant(identity);
    if (participant.hidden) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant.info;
  }

  listParticipants(name: string, request: PageRequest): Page<ParticipantInfo> {
    return pageOf(this.#get(name).participants, ({ identity }) => identity, request);
  }

  /** Mutes one publication, or all; the participant may unmute. `by` is told to everybody. */
  async muteParticipant(
    name: string,
    identity: string,
    options: { publicationId?: string; by: string },
  ): Promise<ParticipantInfo> {
    const participant = this.#get(name).getParticipant(identity);
    const { publicationId } = options;
    const ids =
      publicationId === undefined
        ? participant.info.publications.map((publication) => publication.publicationId)
        : [publicationId];
    for (const id of ids) await participant.setMuted({ publicationId: id, muted: true }, options.by);
    return participant.info;
  }

  async removeParticipant(name: string, identity: string): Promise<void> {
    await this.#get(name).getParticipant(identity).leave('removed');
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
  }

  #assertOpen(): void {
    if (this.#closing) throw new ParleyError('SHUTTING_DOWN');
  }

  #get(name: string): Room {
    const room = this.#rooms.get(name);
    if (!room) throw new ParleyError('ROOM_NOT_FOUND');
    return room;
  }

  #ensure(name: string, settings: RoomSettingsPatch = {}): Room {
    const existing = this.#rooms.get(name);
    if (existing) return existing;
    const { maxParticipants, guestsAllowed, emptyTimeout } = this.#options.config.rooms;
    const defaults: RoomSettings = { title: '', metadata: '', maxParticipants, guestsAllowed, emptyTimeout };
    const room = this.#open({
      roomId: newId('RM'),
      name,
      settings: { ...defaults, ...settings },
      createdAt: Date.now(),
    });
    this.#rooms.set(name, room);
    return room;
  }

  #open(record: RoomRecord): Room {
    const { media, config, logger, metrics } = this.#options;
    return new Room(record, {
      media,
      iceServers: config.media.iceServers,
      logger,
      metrics,
      emptied: (room) => this.#emptied(room),
    });
  }

  /** A room that was made only because somebody joined goes with its meeting. */
  #emptied(room: Room): void {
    if (this.#kept.has(room.record.roomId)) return;
    this.#forget(room);
    void room.close('roomClosed');
  }

  #keep(record: RoomRecord): void {
    this.#options.store.saveRoom(record);
    this.#kept.add(record.roomId);
  }

  #forget(room: Room): void {
    const { roomId, name } = room.record;
    if (this.#kept.delete(roomId)) this.#options.store.deleteRoom(roomId);
    this.#rooms.delete(name);
  }
}
