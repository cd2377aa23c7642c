/** What somebody may do in a room, as a pure function of token, role and settings of the room. */
import {
  SOURCES,
  TOKEN_SOURCES,
  type ActingRole,
  type Permissions,
  type Role,
  type RoomSettings,
  type Source,
  type VideoGrant,
} from '@parley/protocol';

export const isHost = (role: ActingRole): boolean => role === 'host' || role === 'owner';

type Policies = Pick<
  RoomSettings,
  'publishing' | 'sharing' | 'chatting' | 'uploading' | 'recording' | 'renaming'
>;

/** What rooms allow that say nothing else. */
export const OPEN_POLICIES: Policies = {
  publishing: 'everyone',
  sharing: 'everyone',
  chatting: 'everyone',
  uploading: 'everyone',
  recording: 'hosts',
  renaming: 'everyone',
};

/**
 * The token sets the limit, and the settings of the room narrow it for those who are no hosts. Publishing, subscribing and
 * data are allowed unless the grant says no; data follows canPublish when it is not mentioned. A viewer sends nothing; data
 * only when the grant says so in words.
 */
export function permissionsOf(
  grant: VideoGrant,
  role: ActingRole,
  policies: Policies = OPEN_POLICIES,
): Permissions {
  const sources = role === 'viewer' || grant.canPublish === false ? [] : sourcesOf(grant);
  const canPublishSources = sources.filter((source) => mayPublish(source, role, policies));
  const may = (who: 'everyone' | 'hosts' | 'nobody'): boolean => who === 'everyone' || isHost(role);
  const data = grant.canPublishData ?? (role !== 'viewer' && grant.canPublish !== false);
  return {
    canPublish: canPublishSources.length > 0,
    canPublishSources,
    canPublishData: data,
    canSubscribe: grant.canSubscribe ?? true,
    canUpdateOwnMetadata: grant.canUpdateOwnMetadata ?? false,
    roomAdmin: isHost(role),
    canChat: policies.chatting !== 'nobody' && may(policies.chatting) && (grant.canPublishData ?? true),
    canUploadFiles: policies.uploading !== 'nobody' && may(policies.uploading) && role !== 'viewer',
    canRecord: may(policies.recording) && role !== 'viewer',
    canRename: may(policies.renaming) && (grant.canUpdateOwnMetadata ?? false),
    canAdmit: isHost(role) || role === 'successor',
    canDial: grant.canDial ?? isHost(role),
    hidden: grant.hidden ?? false,
  };
}

function mayPublish(source: Source, role: ActingRole, { publishing, sharing }: Policies): boolean {
  if (isHost(role)) return true;
  return source === 'screen' || source === 'screenAudio' ? sharing === 'everyone' : publishing === 'everyone';
}

function sourcesOf(grant: VideoGrant): Source[] {
  if (grant.canPublishSources === undefined) return [...SOURCES];
  const wanted = new Set<Source>(grant.canPublishSources.map((name) => TOKEN_SOURCES[name]));
  return SOURCES.filter((source) => wanted.has(source));
}

/** Hosts decide about everybody but owners; owners about everybody. */
export const mayActOn = (by: Role, target: Role): boolean =>
  by === 'owner' || (by === 'host' && target !== 'owner');

/** Who may give somebody a role: what one may take, one may give, and ownership only an owner. */
export const mayGiveRole = (by: Role, target: Role, role: Role): boolean =>
  mayActOn(by, target) && (by === 'owner' || role !== 'owner');
