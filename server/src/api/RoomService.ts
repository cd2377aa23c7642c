import type {
  CreateRoomBody,
  InviteInfo,
  ParticipantInfo,
  RoomInfo,
  RoomNotice,
  RoomSettingsPatch,
} from '@parley/protocol';
import type { Caller, JoinGrants } from '../auth/grants.ts';

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
  createRoom(body: CreateRoomBody, ownedBy?: string | null): Promise<{ room: RoomInfo; created: boolean }>;
  /** All, or those that this identity made by signing in. */
  listRooms(page: PageRequest, ownedBy?: string): Page<RoomInfo>;
  /** Makes the room when there is none and `create` says so. ROOM_NOT_FOUND. */
  openFor(name: string, options: { ownedBy: string | null; create: boolean }): RoomInfo;
  /** Identity of who made it by signing in, null when nobody did; undefined when there is no such room. */
  ownerOf(name: string): string | null | undefined;
  getRoom(name: string): RoomInfo;
  updateRoom(name: string, settings: RoomSettingsPatch, by: Caller | null): Promise<RoomInfo>;
  deleteRoom(name: string): Promise<void>;
  /** ACCESS_REFUSED, TOO_MANY_TRIES, GUESTS_REFUSED, ROOM_FULL. */
  admitGuest(
    name: string,
    options: { identity: string; create: boolean; password?: string; invite?: string; network: string },
  ): Promise<{ room: RoomInfo; passwordShown?: string; invite?: InviteInfo }>;
  /** What somebody is to know before they come in; throws nothing, and tells nothing of rooms that they could not enter. */
  noticeFor(
    name: string,
    visitor: { grants: JoinGrants | undefined; isHost?: boolean; network: string },
  ): RoomNotice;
  listParticipants(name: string, page: PageRequest, by: Caller): Page<ParticipantInfo>;
  getParticipant(name: string, identity: string, by: Caller): ParticipantInfo;
  muteParticipant(
    name: string,
    identity: string,
    options: { publicationId?: string; by: Caller },
  ): Promise<ParticipantInfo>;
  removeParticipant(name: string, identity: string, by: Caller): Promise<void>;
}
