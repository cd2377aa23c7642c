/** What a token allows: pure functions from claims to permissions. Meanings follow the grants LiveKit made familiar. */
import {
  DisplayName,
  Identity,
  ParleyError,
  RoomName,
  SOURCES,
  TOKEN_SOURCES,
  type Attributes,
  type ParticipantKind,
  type Permissions,
  type Role,
  type Source,
  type TokenClaims,
  type VideoGrant,
} from '@parley/protocol';
import { Value } from 'typebox/value';

/** Everything the domain needs to know about who joins, decided from the token alone. */
export interface JoinGrants {
  room: string;
  identity: string;
  displayName: string;
  role: Role;
  kind: ParticipantKind;
  permissions: Permissions;
  metadata: string;
  attributes: Attributes;
  /** May make the room when there is none. */
  roomCreate: boolean;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Throws PERMISSION_DENIED when the token is not for joining a room, or names no usable room or identity. */
export function joinGrantsOf(claims: TokenClaims): JoinGrants {
  const grant = claims.video ?? {};
  if (grant.roomJoin !== true) {
    throw denied('The token does not allow joining a room: it lacks the grant roomJoin.');
  }
  if (!Value.Check(RoomName, grant.room)) {
    throw denied('The token names no room, or one whose name is not valid.');
  }
  if (!Value.Check(Identity, claims.sub)) {
    throw denied('The token names no identity: the claim sub is missing.');
  }
  return {
    room: grant.room,
    identity: claims.sub,
    displayName: displayNameOf(claims.name, claims.sub),
    role: claims.role ?? 'participant',
    kind: grant.recorder === true ? 'recorder' : 'web',
    permissions: permissionsOf(grant, claims.role ?? 'participant'),
    metadata: claims.metadata ?? '',
    attributes: claims.attributes ?? {},
    roomCreate: grant.roomCreate === true,
    expiresAt: claims.exp * 1000,
  };
}

/**
 * Publishing, subscribing and data are allowed unless the grant says no; data follows canPublish when it is not
 * mentioned. A viewer publishes nothing; data only when the grant says so in words.
 */
export function permissionsOf(grant: VideoGrant, role: Role): Permissions {
  const canPublishSources = role === 'viewer' || grant.canPublish === false ? [] : sourcesOf(grant);
  const canPublish = canPublishSources.length > 0;
  return {
    canPublish,
    canPublishSources,
    canPublishData: grant.canPublishData ?? (role !== 'viewer' && grant.canPublish !== false),
    canSubscribe: grant.canSubscribe ?? true,
    canUpdateOwnMetadata: grant.canUpdateOwnMetadata ?? false,
    roomAdmin: grant.roomAdmin === true || isHost(role),
    hidden: grant.hidden ?? false,
  };
}

/** May create, change and delete the room. A token that names a room is for that room only. */
export const mayManageRoom = (claims: TokenClaims, room: string): boolean =>
  claims.video?.roomCreate === true && isFor(claims.video, room);

export const mayListRooms = (claims: TokenClaims): boolean => claims.video?.roomList === true;

/** May see and moderate the participants: by roomAdmin, or as the host whom the token lets join this very room. */
export function mayModerate(claims: TokenClaims, room: string): boolean {
  const grant = claims.video ?? {};
  if (grant.roomAdmin === true) return isFor(grant, room);
  return isHost(claims.role ?? 'participant') && mayJoin(grant, room);
}

export const maySeeRoom = (claims: TokenClaims, room: string): boolean =>
  mayListRooms(claims) || mayModerate(claims, room) || mayJoin(claims.video ?? {}, room);

const mayJoin = (grant: VideoGrant, room: string): boolean => grant.roomJoin === true && grant.room === room;
const isFor = (grant: VideoGrant, room: string): boolean => grant.room === undefined || grant.room === room;
const isHost = (role: Role): boolean => role === 'host' || role === 'owner';
const denied = (message: string): ParleyError => new ParleyError('PERMISSION_DENIED', { message });

function sourcesOf(grant: VideoGrant): Source[] {
  if (grant.canPublishSources === undefined) return [...SOURCES];
  const wanted = new Set<Source>(grant.canPublishSources.map((name) => TOKEN_SOURCES[name]));
  return SOURCES.filter((source) => wanted.has(source));
}

/** Names in tokens come from other systems; they are made fit to be shown, where they are not, and never refused. */
function displayNameOf(name: string | undefined, identity: string): string {
  for (const candidate of [name ?? '', identity]) {
    const shown = candidate
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .trim()
      .slice(0, 64)
      .toWellFormed();
    if (Value.Check(DisplayName, shown)) return shown;
  }
  return 'Participant';
}
