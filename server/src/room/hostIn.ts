import { ParleyError } from '@parley/protocol';
import type { Caller } from '../auth/grants.ts';
import { isHost } from '../auth/permissions.ts';
import type { Actor, RoomCore } from './RoomCore.ts';

/**
 * Somebody who asks by REST, as the host that they are in this room. Whatever was decided about a person in the room counts
 * here as well: being promoted, demoted or banned, and the end of their invitation. Throws PERMISSION_DENIED.
 */
export function hostIn({ members, bans, invites }: RoomCore, caller: Caller): Actor {
  const { identity, displayName } = caller;
  if (caller.isIntegrator) return { identity, displayName, role: 'owner' };
  const role = members.get(identity).role ?? caller.role;
  const isBanned = bans.isBanned({ identity, isGuest: false, network: undefined });
  if (!isHost(role) || isBanned || !invites.holds(caller)) throw new ParleyError('PERMISSION_DENIED');
  return { identity, displayName, role };
}
