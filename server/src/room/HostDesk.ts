import {
  ParleyError,
  type BanInfo,
  type CreateInviteBody,
  type InviteInfo,
  type Knocker,
  type ParticipantInfo,
  type UpdateParticipantBody,
} from '@parley/protocol';
import type { Caller } from '../auth/grants.ts';
import { mayActOn } from '../auth/permissions.ts';
import type { BanRecord } from './Bans.ts';
import { hostIn } from './hostIn.ts';
import { nobodyMeets } from './nobodyMeets.ts';
import { pageOf, type Page, type PageRequest } from './paging.ts';
import type { Room } from './Room.ts';
import type { Actor } from './RoomCore.ts';

/** Where the desk finds rooms; `Rooms` is one. */
export interface RoomFinder {
  /** Throws ROOM_NOT_FOUND. */
  room(name: string): Room;
  /** It stays when its meeting has ended. */
  keep(room: Room): void;
}

/** Whose request, and about which room. */
export interface Desk {
  room: string;
  by: Caller;
}

/**
 * What hosts do without being in the room: by REST, as somebody's app or as an integrator. Each method does the same as its
 * sibling on the WebSocket, and throws ROOM_NOT_FOUND and PERMISSION_DENIED beside what that throws.
 */
export class HostDesk {
  readonly #rooms: RoomFinder;

  constructor(rooms: RoomFinder) {
    this.#rooms = rooms;
  }

  /**
   * The room stays from now on: an invitation promises that it is there. Not where a guest runs it, who is a host of this
   * meeting only: later ones would have none. Only who may make rooms may make owners.
   */
  createInvite(desk: Desk, body: CreateInviteBody): Promise<{ invite: InviteInfo; code: string }> {
    return this.#do(desk, (room, by) => {
      if (body.role === 'owner' && !desk.by.roomCreate) throw new ParleyError('PERMISSION_DENIED');
      const made = room.invites.create(by, body);
      if (!desk.by.isGuest) this.#rooms.keep(room);
      return made;
    });
  }

  listInvites(desk: Desk, page: PageRequest): Promise<Page<InviteInfo>> {
    return this.#do(desk, (room) => pageOf(room.invites.all, ({ inviteId }) => inviteId, page));
  }

  /** INVITE_NOT_FOUND */
  revokeInvite(desk: Desk, inviteId: string): Promise<void> {
    return this.#do(desk, (room, by) => room.invites.revoke(by, inviteId));
  }

  listBans(desk: Desk, page: PageRequest): Promise<Page<BanInfo>> {
    return this.#do(desk, (room) => {
      const { items, nextCursor } = pageOf(room.bans.all, ({ identity }) => identity, page);
      return { items: items.map(banInfoOf), nextCursor };
    });
  }

  /** Wherever they are: in the room, in the lobby or neither. */
  ban(desk: Desk, identity: string): Promise<BanInfo> {
    return this.#do(desk, (room, by) => {
      const present = room.roster.findByIdentity(identity);
      const waiting = room.lobby.findByIdentity(identity);
      if (present) room.moderation.remove(by, { participantId: present.participantId, ban: true });
      else if (waiting) room.lobby.deny(by, waiting.knockId, true);
      else if (!room.bans.find(identity)) banAbsent(room, by, identity);
      const ban = room.bans.find(identity);
      if (!ban) throw new ParleyError('INTERNAL');
      return banInfoOf(ban);
    });
  }

  /** BAN_NOT_FOUND */
  liftBan(desk: Desk, identity: string): Promise<void> {
    return this.#do(desk, (room, by) => {
      const ban = room.bans.find(identity);
      if (!ban) throw new ParleyError('BAN_NOT_FOUND');
      room.bans.lift(identity);
      room.audit(by, 'ban.lift', { to: ban });
    });
  }

  listLobby(desk: Desk): Promise<Knocker[]> {
    return this.#do(desk, (room) => room.lobby.people);
  }

  /** KNOCK_NOT_FOUND */
  admit(desk: Desk, knockId: string): Promise<void> {
    return this.#do(desk, (room, by) => room.lobby.admit(by, knockId));
  }

  admitAll(desk: Desk): Promise<void> {
    return this.#do(desk, (room, by) => room.lobby.admitAll(by));
  }

  /** KNOCK_NOT_FOUND */
  deny(desk: Desk, knockId: string, ban: boolean): Promise<void> {
    return this.#do(desk, (room, by) => room.lobby.deny(by, knockId, ban));
  }

  /** KNOCK_NOT_FOUND */
  messageLobby(desk: Desk, message: { knockId?: string; text: string }): Promise<void> {
    return this.#do(desk, (room, by) => room.lobby.message(by, message));
  }

  /** PARTICIPANT_NOT_FOUND */
  updateParticipant(desk: Desk, identity: string, change: UpdateParticipantBody): Promise<ParticipantInfo> {
    return this.#do(desk, (room, by) => {
      const participant = room.roster.getByIdentity(identity);
      const { participantId } = participant;
      const { role, displayName } = change;
      if (role !== undefined) room.moderation.setRole(by, { participantId, role });
      if (displayName !== undefined) room.moderation.rename(by, { participantId, displayName });
      return participant.info;
    });
  }

  /** PARTICIPANT_NOT_FOUND */
  sendToLobby(desk: Desk, identity: string): Promise<void> {
    return this.#do(desk, (room, by) =>
      room.moderation.sendToLobby(by, room.roster.getByIdentity(identity).participantId),
    );
  }

  /** MEETING_NOT_FOUND when nobody meets. */
  endMeeting(desk: Desk): Promise<void> {
    return this.#do(desk, (room, by) => {
      if (room.meetingId === null) throw nobodyMeets();
      room.end(by);
    });
  }

  async #do<T>({ room: name, by }: Desk, task: (room: Room, by: Actor) => T): Promise<T> {
    const room = this.#rooms.room(name);
    return room.run(() => task(room, hostIn(room, by)));
  }
}

function banAbsent(room: Room, by: Actor, identity: string): void {
  if (!mayActOn(by.role, room.members.get(identity).role ?? 'participant'))
    throw new ParleyError('PERMISSION_DENIED');
  const who = { identity, displayName: identity };
  // Only of guests is it known from where they came.
  room.bans.add({ ...who, isGuest: true }, by);
  room.invites.revokeOf(identity, by);
  room.members.dismiss(identity);
  room.audit(by, 'participant.ban', { to: who });
}

const banInfoOf = ({ identity, displayName, by, at, network, networkUntil }: BanRecord): BanInfo => ({
  ...{ identity, displayName, by, at },
  networkUntil: network === null ? null : networkUntil,
});
