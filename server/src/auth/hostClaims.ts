import type { TokenClaims } from '@parley/protocol';

interface Host {
  identity: string;
  displayName: string;
  isAdmin: boolean;
  expiresAt: number;
}

/**
 * What a signed-in host may do by REST, as claims of a token would say it. Administrators manage everything. Others create
 * rooms, see which are theirs, and manage those; of a room that is nobody's or somebody else's they may nothing.
 */
export function claimsOfHost(
  { identity, displayName, isAdmin, expiresAt }: Host,
  room: { name: string; ownedBy: string | null | undefined },
): TokenClaims {
  const who = { iss: 'session', sub: identity, name: displayName, exp: Math.floor(expiresAt / 1000) };
  if (isAdmin) return { ...who, video: { roomCreate: true, roomList: true, roomAdmin: true } };
  if (room.name === '') return { ...who, video: {} };
  if (room.ownedBy === identity)
    return { ...who, video: { room: room.name, roomCreate: true, roomAdmin: true } };
  // Not roomAdmin: others may have met under this name before.
  if (room.ownedBy === undefined) return { ...who, video: { room: room.name, roomCreate: true } };
  return { ...who, video: {} };
}
