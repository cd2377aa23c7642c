import type { RoomSettings } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import { isHost, permissionsOf } from '../auth/permissions.ts';
import type { MemberRecord } from './Members.ts';
import type { Rights } from './Participant.ts';

/** Programs that nobody could ask: what an encoder sends, whoever set it up wants to be seen. */
const UNASKED: readonly JoinGrants['kind'][] = ['recorder', 'ingress', 'player'];

/** What somebody may do: their token says at most what, hosts decided about them, and the room's settings narrow it. */
export function rightsOf(
  grants: JoinGrants,
  { member, settings, isSuccessor }: { member: MemberRecord; settings: RoomSettings; isSuccessor: boolean },
): Rights {
  const role = member.role ?? grants.role;
  const isSuccessorNow = isSuccessor && role === 'participant';
  const isAsked = settings.recordingConsent === 'ask' && !UNASKED.includes(grants.kind);
  const permissions = permissionsOf(grants.grant, isSuccessorNow ? 'successor' : role, settings);
  return {
    role,
    isSuccessor: isSuccessorNow,
    // Calls cost money: nobody makes them whom nobody vouches for.
    permissions: { ...permissions, canDial: permissions.canDial && !grants.isGuest },
    mustAskToUnmute:
      !isHost(role) &&
      (member.unmuting === 'muted' || (settings.unmuting === 'onApproval' && member.unmuting !== 'allowed')),
    recordingConsent: isAsked ? (member.recordingConsent ?? 'asked') : undefined,
  };
}
