import type { RoomSettings } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import { isHost, permissionsOf } from '../auth/permissions.ts';
import type { MemberRecord } from './Members.ts';
import type { Rights } from './Participant.ts';

/** What somebody may do: their token says at most what, hosts decided about them, and the room's settings narrow it. */
export function rightsOf(
  grants: JoinGrants,
  { member, settings, isSuccessor }: { member: MemberRecord; settings: RoomSettings; isSuccessor: boolean },
): Rights {
  const role = member.role ?? grants.role;
  const isSuccessorNow = isSuccessor && role === 'participant';
  return {
    role,
    isSuccessor: isSuccessorNow,
    permissions: permissionsOf(grants.grant, isSuccessorNow ? 'successor' : role, settings),
    mustAskToUnmute:
      !isHost(role) &&
      (member.unmuting === 'muted' || (settings.unmuting === 'onApproval' && member.unmuting !== 'allowed')),
  };
}
