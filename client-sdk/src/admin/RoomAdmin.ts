import type {
  AuditEntryInfo,
  BanInfo,
  CreatedInvite,
  CreateInviteBody,
  HistoryMessage,
  InviteInfo,
  MeetingDetails,
  MeetingInfo,
  ParticipantInfo,
  RoomInfo,
  RoomSettingsPatch,
} from '@parley/protocol';
import { pathOf, RestClient, type Access, type Page, type PageRequest } from './RestClient.ts';

/**
 * A room as its hosts run it, without being in it: settings, invitations, bans, and what was. Each method rejects with
 * ParleyError; TOKEN_MISSING where nobody is signed in, PERMISSION_DENIED for those who are no hosts of it, ROOM_NOT_FOUND.
 */
export class RoomAdmin {
  readonly name: string;
  readonly #rest: RestClient;
  readonly #path: string;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, roomName: string, access: Access = {}) {
    this.name = roomName;
    this.#rest = new RestClient(serverUrl, access);
    this.#path = pathOf('rooms', roomName);
  }

  get(): Promise<RoomInfo> {
    return this.#rest.get(this.#path);
  }

  /** Changes settings; those who are in the room are told. Needs the grant roomCreate. */
  update(settings: RoomSettingsPatch): Promise<RoomInfo> {
    return this.#rest.send('PATCH', this.#path, { settings });
  }

  /** Deletes the room; everybody in it leaves. Needs the grant roomCreate. */
  delete(): Promise<void> {
    return this.#rest.order('DELETE', this.#path);
  }

  /** Ends the meeting for everybody. MEETING_NOT_FOUND when nobody meets. */
  end(): Promise<void> {
    return this.#rest.order('POST', `${this.#path}/end`);
  }

  /** Who is in it now. */
  listParticipants(page: PageRequest = {}): Promise<Page<ParticipantInfo>> {
    return this.#list('participants', page);
  }

  /** Makes a link that gives whoever opens it a role. Its `url` and `code` are told this once. LIMIT_REACHED. */
  createInvite(invite: CreateInviteBody = {}): Promise<CreatedInvite> {
    return this.#rest.send('POST', `${this.#path}/invites`, invite);
  }

  listInvites(page: PageRequest = {}): Promise<Page<InviteInfo>> {
    return this.#list('invites', page);
  }

  /** Nobody comes in by it any more; who is in stays. INVITE_NOT_FOUND. */
  revokeInvite(inviteId: string): Promise<void> {
    return this.#rest.order('DELETE', this.#path + pathOf('invites', inviteId));
  }

  /** Removes whoever is in with this identity, and keeps them out. */
  ban(identity: string): Promise<BanInfo> {
    return this.#rest.send('POST', `${this.#path}/bans`, { identity });
  }

  listBans(page: PageRequest = {}): Promise<Page<BanInfo>> {
    return this.#list('bans', page);
  }

  /** They may come in again. BAN_NOT_FOUND. */
  liftBan(identity: string): Promise<void> {
    return this.#rest.order('DELETE', this.#path + pathOf('bans', identity));
  }

  /** Meetings that were, and the one that goes on; newest first. */
  listMeetings(page: PageRequest = {}): Promise<Page<MeetingInfo>> {
    return this.#list('meetings', page);
  }

  /** Who was in a meeting, when, and how well it went. MEETING_NOT_FOUND. */
  getMeeting(meetingId: string): Promise<MeetingDetails> {
    return this.#rest.get(this.#path + pathOf('meetings', meetingId));
  }

  /** What was said to all, oldest first. MEETING_NOT_FOUND. */
  listMessages(meetingId: string, page: PageRequest = {}): Promise<Page<HistoryMessage>> {
    return this.#rest.get(this.#path + pathOf('meetings', meetingId, 'messages'), { ...page });
  }

  /** Where a file that was shared with all can be saved from; as a link in a page it works for who is signed in. */
  meetingFileUrl(meetingId: string, fileId: string): string {
    return this.#rest.url(this.#path + pathOf('meetings', meetingId, 'files', fileId)).href;
  }

  /** What hosts did, newest first. */
  listAudit(page: PageRequest = {}): Promise<Page<AuditEntryInfo>> {
    return this.#list('audit', page);
  }

  #list<T>(what: string, page: PageRequest): Promise<Page<T>> {
    return this.#rest.get(this.#path + pathOf(what), { ...page });
  }
}
