import type { JoinGrants } from '../auth/grants.ts';
import { decideAccess } from './access.ts';
import type { JoinOptions } from './RoomContext.ts';
import type { RoomCore } from './RoomCore.ts';

/** What counts at the door of who comes. */
export type Comer = Pick<JoinGrants, 'identity' | 'isGuest' | 'inviteId' | 'grant' | 'role' | 'kind'>;

/** Whether somebody who comes now is in or waits. Throws what `decideAccess` throws. */
export function decideAt(
  { members, roster, bans, settings }: RoomCore,
  { identity, isGuest, inviteId, grant, role, kind }: Comer,
  { network, hours }: Pick<JoinOptions, 'network' | 'hours'>,
): 'joined' | 'knocking' {
  const member = members.get(identity);
  const present = roster.findByIdentity(identity);
  const isKnown = member.firstJoinedAt !== null || present !== undefined;
  return decideAccess(
    {
      role: member.role ?? role,
      isGuest,
      // Whether the invitation still holds, or the PIN was right, was seen to before.
      isInvited: inviteId !== undefined || kind === 'phone',
      isHidden: grant.hidden === true,
      isRecorder: kind === 'recorder',
      // Who was in already is known, and not to be kept out for somebody else of their network.
      isBanned: bans.isBanned({ identity, isGuest, network: isKnown ? undefined : network }),
      member,
      present: !present ? 'no' : present.connected ? 'connected' : 'interrupted',
    },
    {
      settings,
      taken: roster.visiblePeople.filter((other) => other !== present).length,
      now: Date.now(),
      hours,
    },
  );
}
