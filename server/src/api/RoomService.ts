import type {
  CreateRoomBody,
  InviteInfo,
  ParticipantInfo,
  RoomInfo,
  RoomSettingsPatch,
} from '@parley/protocol';
import type { Caller } from '../auth/grants.ts';

export interface PageRequest {
  limit?: number;
  cursor?: string;
}
export interface Page<T> {
  items: T[];
  /** null on the last page. */
  nextCursor: string | null;
}

/** What REST asks of the domain; `Rooms` is one. Every method throws ParleyError. */
export interface RoomService {
  /** Idempotent; ROOM_EXISTS when the settings given differ from those it has. */
  createRoom(body: CreateRoomBody): Promise<{ room: RoomInfo; created: boolean }>;
  listRooms(page: PageRequest): Page<RoomInfo>;
  getRoom(name: string): RoomInfo;
  updateRoom(name: string, settings: RoomSettingsPatch, by: Caller | null): Promise<RoomInfo>;
  deleteRoom(name: string): Promise<void>;
  /** ACCESS_REFUSED, TOO_MANY_TRIES, GUESTS_REFUSED, ROOM_FULL. */
  admitGuest(
    name: string,
    options: { identity: string; create: boolean; password?: string; invite?: string; network: string },
  ): Promise<{ room: RoomInfo; passwordShown?: string; invite?: InviteInfo }>;
  listParticipants(name: string, page: PageRequest): Page<ParticipantInfo>;
  getParticipant(name: string, identity: string): ParticipantInfo;
  muteParticipant(
    name: string,
    identity: string,
    options: { publicationId?: string; by: Caller },
  ): Promise<ParticipantInfo>;
  removeParticipant(name: string, identity: string, by: Caller): Promise<void>;
}
