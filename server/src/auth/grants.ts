/** What a token allows: pure functions from claims to permissions. Meanings follow the grants LiveKit made familiar. */
import {
  DisplayName,
  Identity,
  ParleyError,
  RoomName,
  type Attributes,
  type ParticipantKind,
  type PhoneLink,
  type Role,
  type TokenClaims,
  type VideoGrant,
} from '@parley/protocol';
import { Value } from 'typebox/value';
import { isHost } from './permissions.ts';

/** Everything the domain needs to know about who joins, decided from the token alone. */
export interface JoinGrants {
  room: string;
  identity: string;
  displayName: string;
  role: Role;
  kind: ParticipantKind;
  /** What the token allows at most; `auth/permissions.ts` says what of it counts. */
  grant: VideoGrant;
  /** Nobody vouches for who it is. */
  isGuest: boolean;
  inviteId: string | undefined;
  /** Fingerprint of the password that was shown when the token was made. */
  passwordShown: string | undefined;
  /** The sign-in of a host that it came from. */
  signIn: string | undefined;
  metadata: string;
  attributes: Attributes;
  /** May make the room when there is none. */
  roomCreate: boolean;
  /** The phone that they speak by, where it is one. */
  phone?: PhoneLink;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** A recorder sees and hears, sends nothing, and everybody sees that it is there, whatever its token says. */
const RECORDERS_LIMITS: VideoGrant = {
  hidden: false,
  canSubscribe: true,
  canPublish: false,
  canPublishData: false,
  canUpdateOwnMetadata: false,
};

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
  const isRecorder = grant.recorder === true;
  return {
    room: grant.room,
    identity: claims.sub,
    displayName: displayNameOf(claims.name, claims.sub),
    role: isRecorder ? 'viewer' : roleOf(claims),
    kind: isRecorder ? 'recorder' : 'web',
    grant: isRecorder ? { ...grant, ...RECORDERS_LIMITS } : grant,
    isGuest: claims.guest === true,
    inviteId: claims.invite,
    passwordShown: claims.pass,
    signIn: claims.session,
    metadata: claims.metadata ?? '',
    attributes: claims.attributes ?? {},
    roomCreate: grant.roomCreate === true,
    expiresAt: claims.exp * 1000,
  };
}

/** Who asks for something by REST, decided from the token alone. */
export interface Caller {
  identity: string;
  displayName: string;
  role: Role;
  inviteId: string | undefined;
  isGuest: boolean;
  /** The token is nobody's own for joining: what rooms decided about people does not concern it. */
  isIntegrator: boolean;
  roomCreate: boolean;
  /** Asks as the owner of the room that there is now; what others did under its name before is not theirs. */
  ownsThisOnly?: boolean;
}

export function callerOf(claims: TokenClaims): Caller {
  const identity = claims.sub ?? 'server';
  return {
    identity,
    displayName: displayNameOf(claims.name, identity),
    role: roleOf(claims),
    inviteId: claims.invite,
    isGuest: claims.guest === true,
    isIntegrator: claims.video?.roomJoin !== true,
    roomCreate: claims.video?.roomCreate === true,
  };
}

/** Who may administer the room is a host, unless the token says what they are. */
const roleOf = ({ role, video }: TokenClaims): Role =>
  role ?? (video?.roomAdmin === true ? 'host' : 'participant');

/** May create, change and delete the room. A token that names a room is for that room only. */
export const mayManageRoom = (claims: TokenClaims, room: string): boolean =>
  claims.video?.roomCreate === true && isFor(claims.video, room);

/** May do what concerns the whole server. A token that names a room may not. */
export const mayManageServer = ({ video }: TokenClaims): boolean =>
  video?.roomCreate === true && video.room === undefined;

export const mayListRooms = (claims: TokenClaims): boolean => claims.video?.roomList === true;

/** May see and moderate the participants: by roomAdmin, or as the host whom the token lets join this very room. */
export function mayModerate(claims: TokenClaims, room: string): boolean {
  const grant = claims.video ?? {};
  if (grant.roomAdmin === true) return isFor(grant, room);
  return isHost(roleOf(claims)) && mayJoin(grant, room);
}

/** May record, and see what was recorded: what LiveKit calls egress. */
export const mayRecord = ({ video }: TokenClaims, room: string): boolean =>
  video?.roomRecord === true && isFor(video, room);

/** May call phones outside of meetings, at the cost of the house. */
export const mayCallPhones = ({ video, guest }: TokenClaims): boolean =>
  guest !== true && (video?.canDial ?? (video?.roomCreate === true && video.room === undefined));

/** May ask for what hosts do: by roomAdmin, or as somebody who may join. Whether those are hosts, the room knows. */
export const mayAskAsHost = (claims: TokenClaims, room: string): boolean =>
  mayModerate(claims, room) || mayJoin(claims.video ?? {}, room);

export const maySeeRoom = (claims: TokenClaims, room: string): boolean =>
  mayListRooms(claims) || mayModerate(claims, room) || mayJoin(claims.video ?? {}, room);

const mayJoin = (grant: VideoGrant, room: string): boolean => grant.roomJoin === true && grant.room === room;
const isFor = (grant: VideoGrant, room: string): boolean => grant.room === undefined || grant.room === room;
const denied = (message: string): ParleyError => new ParleyError('PERMISSION_DENIED', { message });

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
