import type {
  AuditEntryInfo,
  BanInfo,
  CreatedInvite,
  CreatedPin,
  CreateInviteBody,
  CreatePinBody,
  HistoryMessage,
  InviteInfo,
  MeetingDetails,
  MeetingInfo,
  ParticipantInfo,
  PinInfo,
  RecordingInfo,
  RoomInfo,
  RoomPhone,
  RoomSettingsPatch,
} from '@parley/protocol';
import { LiveAdmin } from './LiveAdmin.ts';
import { pathOf, RestClient, type Access, type Page, type PageRequest } from './RestClient.ts';

/**
 * A room as its hosts run it, without being in it: settings, invitations, bans, and what was. Each method rejects with
 * ParleyError; TOKEN_MISSING where nobody is signed in, PERMISSION_DENIED for those who are no hosts of it, ROOM_NOT_FOUND.
 */
export class RoomAdmin {
  readonly name: string;
  /** Streaming it to the world. */
  readonly live: LiveAdmin;
  readonly #rest: RestClient;
  readonly #path: string;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, roomName: string, access: Access = {}) {
    this.name = roomName;
    this.live = new LiveAdmin(serverUrl, roomName, access);
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

  /** Numbers and PIN by which people come in by phone; the PIN is null where there are no phones. */
  getPhone(): Promise<RoomPhone> {
    return this.#rest.get(`${this.#path}/phone`);
  }

  /** Gives it another PIN: the former one opens nothing any more. PHONES_OFF. */
  renewPin(): Promise<RoomPhone> {
    return this.#rest.send('POST', `${this.#path}/phone/renew`);
  }

  /** Gives somebody a PIN of their own. Its digits are told this once. PHONES_OFF, LIMIT_REACHED. */
  createPin(pin: CreatePinBody): Promise<CreatedPin> {
    return this.#rest.send('POST', `${this.#path}/pins`, pin);
  }

  listPins(page: PageRequest = {}): Promise<Page<PinInfo>> {
    return this.#list('pins', page);
  }

  /** PIN_NOT_FOUND. */
  revokePin(pinId: string): Promise<void> {
    return this.#rest.order('DELETE', this.#path + pathOf('pins', pinId));
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

  /** What was recorded in it, newest first; for more, see `ServerAdmin.recordings`. */
  listRecordings(page: PageRequest & { meetingId?: string } = {}): Promise<Page<RecordingInfo>> {
    return this.#rest.get('/recordings', { ...page, room: this.name });
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
