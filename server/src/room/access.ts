/** The one place that decides whether somebody comes in, waits or is refused. Pure; the password was checked before. */
import { ParleyError, type Role, type RoomSettings } from '@parley/protocol';
import { isHost } from '../auth/permissions.ts';
import type { MemberRecord } from './Members.ts';
import type { Hours } from './ports.ts';

export interface Applicant {
  role: Role;
  isGuest: boolean;
  /** Somebody invited them, so that the room need not be open to guests. */
  isInvited: boolean;
  isHidden: boolean;
  /** The server itself sent it: it neither waits nor takes a place. */
  isRecorder: boolean;
  isBanned: boolean;
  member: MemberRecord;
  /** What their identity has in the room now. */
  present: 'no' | 'connected' | 'interrupted';
}

export interface RoomAtDoor {
  settings: RoomSettings;
  /** Those who take a place, whoever applies left out. */
  taken: number;
  now: number;
  /** By what is scheduled there. */
  hours: Hours | undefined;
}

/**
 * Whether somebody is in at once or waits in the lobby. Throws BANNED, IDENTITY_TAKEN, GUESTS_REFUSED, ROOM_NOT_OPEN,
 * ROOM_FULL.
 */
export function decideAccess(applicant: Applicant, room: RoomAtDoor): 'joined' | 'knocking' {
  const { settings, taken } = room;
  if (applicant.isBanned) throw new ParleyError('BANNED');
  if (applicant.present === 'connected' && settings.duplicateIdentity === 'refuse')
    throw new ParleyError('IDENTITY_TAKEN');
  if (applicant.isRecorder) return 'joined';
  if (applicant.isGuest && !applicant.isInvited && !settings.guestsAllowed)
    throw new ParleyError('GUESTS_REFUSED');
  if (!isHost(applicant.role)) assertOpen(room);
  if (mustKnock(applicant, settings)) return 'knocking';
  if (!applicant.isHidden) assertSeatFree(settings, taken);
  return 'joined';
}

/** Throws ROOM_FULL. */
export function assertSeatFree({ maxParticipants }: RoomSettings, taken: number): void {
  if (maxParticipants > 0 && taken >= maxParticipants)
    throw new ParleyError('ROOM_FULL', { details: { maxParticipants } });
}

/** Throws ROOM_NOT_OPEN. */
function assertOpen({ settings: { opensAt, closesAt }, now, hours }: RoomAtDoor): void {
  if ((opensAt !== null && now < opensAt) || (closesAt !== null && now >= closesAt))
    throw new ParleyError('ROOM_NOT_OPEN', { details: { opensAt, closesAt } });
  if (hours && !hours.isOpen)
    throw new ParleyError('ROOM_NOT_OPEN', {
      details: { opensAt: hours.opensAt, closesAt: hours.closesAt },
    });
}

function mustKnock(
  { role, isGuest, isHidden, member, present }: Applicant,
  { lobby }: RoomSettings,
): boolean {
  if (member.admission === 'sentBack') return true;
  if (member.admission === 'admitted' || member.firstJoinedAt !== null || present !== 'no' || isHidden)
    return false;
  switch (lobby) {
    case 'off':
      return false;
    case 'guests':
      return isGuest && !isHost(role);
    case 'notHosts':
      return !isHost(role);
    case 'everyone':
      // Somebody has to be first: an owner is never kept waiting by others.
      return role !== 'owner';
  }
}

/** Who needs neither password nor an unlocked room: hosts, and who was in already. */
export const isKnown = (role: Role, member: MemberRecord): boolean =>
  isHost(role) || member.firstJoinedAt !== null || member.admission !== 'none';
