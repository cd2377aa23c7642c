import {
  ParleyError,
  type CreateRoomBody,
  type ParticipantInfo,
  type RoomInfo,
  type RoomNotice,
  type RoomSettings,
  type RoomSettingsPatch,
} from '@parley/protocol';
import type { Caller } from '../../auth/grants.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { defaultSettings } from '../../room/defaultSettings.ts';
import { newId } from '../../util/ids.ts';
import type { Page, PageRequest, RoomService } from '../RoomService.ts';

const DEFAULTS: RoomSettings = defaultSettings(loadConfig({}).rooms);

interface KnownRoom {
  info: RoomInfo;
  ownedBy: string | null;
  participants: Map<string, ParticipantInfo>;
}

/** Rooms without media and meetings: an honest stand-in that keeps the promises of RoomService. */
export class InMemoryRooms implements RoomService {
  readonly #rooms = new Map<string, KnownRoom>();
  /** Who muted whom, in order. */
  readonly mutes: { identity: string; by: string; publicationId?: string }[] = [];

  addParticipant(room: string, identity: string): void {
    this.#get(room).participants.set(identity, {
      participantId: newId('PA'),
      identity,
      displayName: identity,
      kind: 'web',
      role: 'participant',
      metadata: '',
      attributes: { team: 'red' },
      joinedAt: 1000,
      connection: 'connected',
      raisedHandAt: null,
      unmuting: 'free',
      publications: [
        {
          publicationId: 'PU_mic',
          source: 'microphone',
          kind: 'audio',
          muted: false,
          codec: 'audio/opus',
          layering: 'simple',
        },
      ],
    });
  }

  async createRoom(
    { name, settings: { password = null, ...settings } = {} }: CreateRoomBody,
    ownedBy: string | null = null,
  ): Promise<{ room: RoomInfo; created: boolean }> {
    await Promise.resolve();
    const present = this.#rooms.get(name)?.info;
    if (present) {
      const differs = Object.entries(settings).some(
        ([key, value]) => present.settings[key as keyof RoomSettings] !== value,
      );
      if (differs) throw new ParleyError('ROOM_EXISTS');
      return { room: present, created: false };
    }
    const info: RoomInfo = {
      roomId: newId('RM'),
      name,
      settings: { ...DEFAULTS, ...settings },
      hasPassword: password !== null,
      createdAt: 1000,
      numParticipants: 0,
      meetingStartedAt: null,
    };
    this.#rooms.set(name, { info, ownedBy, participants: new Map() });
    return { room: info, created: true };
  }

  openFor(name: string): RoomInfo {
    return this.#get(name).info;
  }

  ownerOf(name: string): string | null | undefined {
    return this.#rooms.get(name)?.ownedBy;
  }

  listRooms(page: PageRequest, owner?: string): Page<RoomInfo> {
    const rooms = [...this.#rooms.values()];
    return paginate(
      rooms.filter(({ ownedBy }) => owner === undefined || ownedBy === owner).map(({ info }) => info),
      page,
      ({ name }) => name,
    );
  }

  getRoom(name: string): RoomInfo {
    return this.#get(name).info;
  }

  async updateRoom(name: string, { password, ...settings }: RoomSettingsPatch): Promise<RoomInfo> {
    await Promise.resolve();
    const room = this.#get(name);
    const hasPassword = password === undefined ? room.info.hasPassword : password !== null;
    room.info = { ...room.info, hasPassword, settings: { ...room.info.settings, ...settings } };
    return room.info;
  }

  async deleteRoom(name: string): Promise<void> {
    await Promise.resolve();
    this.#get(name);
    this.#rooms.delete(name);
  }

  async admitGuest(name: string, { create }: { create: boolean }): Promise<{ room: RoomInfo }> {
    if (create && !this.#rooms.has(name)) await this.createRoom({ name });
    const room = this.#rooms.get(name);
    if (!room) throw new ParleyError('ACCESS_REFUSED');
    const { info, participants } = room;
    if (!info.settings.guestsAllowed) throw new ParleyError('GUESTS_REFUSED');
    const limit = info.settings.maxParticipants;
    if (limit > 0 && participants.size >= limit) throw new ParleyError('ROOM_FULL');
    return { room: info };
  }

  noticeFor(): RoomNotice {
    return { recorded: 'no', asksConsent: false, streamed: false };
  }

  listParticipants(name: string, page: PageRequest): Page<ParticipantInfo> {
    return paginate([...this.#get(name).participants.values()], page, ({ identity }) => identity);
  }

  getParticipant(name: string, identity: string): ParticipantInfo {
    const participant = this.#get(name).participants.get(identity);
    if (!participant) throw new ParleyError('PARTICIPANT_NOT_FOUND');
    return participant;
  }

  async muteParticipant(
    name: string,
    identity: string,
    { by, ...options }: { publicationId?: string; by: Caller },
  ): Promise<ParticipantInfo> {
    await Promise.resolve();
    const participant = this.getParticipant(name, identity);
    this.mutes.push({ identity, by: by.identity, ...options });
    return {
      ...participant,
      publications: participant.publications.map((publication) => ({ ...publication, muted: true })),
    };
  }

  async removeParticipant(name: string, identity: string): Promise<void> {
    await Promise.resolve();
    this.getParticipant(name, identity);
    this.#get(name).participants.delete(identity);
  }

  #get(name: string) {
    const room = this.#rooms.get(name);
    if (!room) throw new ParleyError('ROOM_NOT_FOUND');
    return room;
  }
}

function paginate<T>(all: T[], { limit = 50, cursor }: PageRequest, keyOf: (item: T) => string): Page<T> {
  const sorted = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = cursor === undefined ? sorted : sorted.filter((item) => keyOf(item) > cursor);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && rest.length > limit ? keyOf(last) : null };
}
