import {
  ParleyError,
  type ActingRole,
  type AnyNotification,
  type Attributes,
  type LeaveReason,
  type MethodParams,
  type MethodResult,
  type ParticipantInfo,
  type PhoneLink,
  type Permissions,
  type PublicationInfo,
  type Role,
  type Source,
} from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Endpoint } from '../media/Endpoint.ts';
import type { Uplink } from '../media/EndpointTransports.ts';
import { SentQuality } from '../media/SentQuality.ts';
import { MAIN_ZONE } from '../media/zones.ts';
import { newId } from '../util/ids.ts';
import { mergeAttributes } from './mergeAttributes.ts';
import type { Ear } from './phonePorts.ts';
import type { Outlet, Place, SessionEnd } from './ports.ts';
import { Publication } from './Publication.ts';

/** How long a publication whose producer is gone waits for its owner to publish it again, in ms. */
const REPUBLISH_WINDOW_MS = 15_000;

/** What a participant tells its room. */
export interface ParticipantHost {
  changed(participant: Participant): void;
  publicationAdded(participant: Participant, publication: PublicationInfo): void;
  publicationUpdated(participant: Participant, publication: PublicationInfo, by?: string): void;
  publicationRemoved(participant: Participant, publication: PublicationInfo, by?: string): void;
  leave(participant: Participant, reason: LeaveReason): Promise<void>;
}

/** What somebody may do at the moment. */
export interface Rights {
  role: Role;
  /** May admit from the lobby because no host is there. */
  isSuccessor: boolean;
  permissions: Permissions;
  /** A host has to allow it before they unmute. */
  mustAskToUnmute: boolean;
  /** Where the room asks: whether they agree to be recorded. */
  recordingConsent: ParticipantInfo['recordingConsent'];
}

export interface ParticipantOptions {
  outlet: Outlet;
  displayName: string;
  rights: Rights;
  /** The breakout room they are in; null is the main room. */
  breakoutId: string | null;
  raisedHandAt: number | null;
}

/** Somebody in a room. One method for each wire method; what is allowed for media is checked by the endpoint. */
export class Participant implements Place {
  readonly participantId = newId('PA');
  readonly grants: JoinGrants;
  /** How well arrives what they send, through all their endpoints. */
  readonly quality = new SentQuality();
  readonly #host: ParticipantHost;
  readonly #outlet: Outlet;
  readonly #publications = new Map<Source, Publication>();
  readonly #joinedAt = Date.now();
  #endpoint: Endpoint | undefined;
  #displayName: string;
  #rights: Rights;
  #breakoutId: string | null;
  #raisedHandAt: number | null;
  #asksToUnmute = false;
  #metadata: string;
  #attributes: Attributes;
  #connection: ParticipantInfo['connection'] = 'connected';
  #republishTimer: NodeJS.Timeout | undefined;
  #phone: PhoneLink | undefined;
  #ear: Ear | undefined;
  #left = false;

  constructor(grants: JoinGrants, host: ParticipantHost, options: ParticipantOptions) {
    this.grants = grants;
    this.#host = host;
    this.#outlet = options.outlet;
    this.#displayName = options.displayName;
    this.#rights = options.rights;
    this.#breakoutId = options.breakoutId;
    this.#raisedHandAt = options.raisedHandAt;
    this.#metadata = grants.metadata;
    this.#phone = grants.phone;
    this.#attributes = { ...grants.attributes };
  }

  get identity(): string {
    return this.grants.identity;
  }

  get displayName(): string {
    return this.#displayName;
  }

  get role(): Role {
    return this.#rights.role;
  }

  /** The role that the permission table knows them by. */
  get actingRole(): ActingRole {
    return this.#rights.isSuccessor ? 'successor' : this.#rights.role;
  }

  get permissions(): Permissions {
    return this.#rights.permissions;
  }

  get breakoutId(): string | null {
    return this.#breakoutId;
  }

  get joinedAt(): number {
    return this.#joinedAt;
  }

  get connected(): boolean {
    return this.#connection === 'connected';
  }

  /** No longer in the room. */
  get left(): boolean {
    return this.#left;
  }

  get raisedHandAt(): number | null {
    return this.#raisedHandAt;
  }

  /** Whether recorders may have what they send. */
  get isRecordable(): boolean {
    const { recordingConsent } = this.#rights;
    return recordingConsent === undefined || recordingConsent === 'agreed';
  }

  get hidden(): boolean {
    return this.permissions.hidden;
  }

  /** Records, and is nobody: it takes no place, and keeps no meeting going. */
  get isRecorder(): boolean {
    return this.grants.kind === 'recorder';
  }

  get info(): ParticipantInfo {
    return {
      participantId: this.participantId,
      identity: this.identity,
      displayName: this.#displayName,
      kind: this.grants.kind,
      role: this.role,
      metadata: this.#metadata,
      attributes: this.#attributes,
      joinedAt: this.#joinedAt,
      connection: this.#connection,
      publications: [...this.#publications.values()].map((publication) => publication.info),
      raisedHandAt: this.#raisedHandAt,
      unmuting: !this.#rights.mustAskToUnmute ? 'free' : this.#asksToUnmute ? 'requested' : 'needsApproval',
      ...(this.#phone && { phone: this.#phone }),
      ...(this.#rights.recordingConsent && { recordingConsent: this.#rights.recordingConsent }),
    };
  }

  notify(notification: AnyNotification): void {
    this.#outlet.notify(notification);
    this.#ear?.notify(notification);
  }

  setConnection(connection: ParticipantInfo['connection']): void {
    if (this.#left || this.#connection === connection) return;
    this.#connection = connection;
    this.#host.changed(this);
  }

  /** Leaves the room. Calling it again does nothing. */
  leave(reason: LeaveReason): Promise<void> {
    return this.#host.leave(this, reason);
  }

  /** The room's part of leaving: nothing of the participant is left behind. Gives the publications there were. */
  close(end: SessionEnd | undefined): PublicationInfo[] {
    const publications = this.info.publications;
    this.#left = true;
    clearTimeout(this.#republishTimer);
    this.#endpoint?.close();
    this.#endpoint = undefined;
    this.#publications.clear();
    if (end) this.#outlet.end(end);
    this.#ear?.left();
    return publications;
  }

  /** Their session waits in the lobby from now on. */
  sendToLobby(waiting: Place): void {
    this.#outlet.sentToLobby(waiting);
  }

  /** How one speaks to them; for who takes their place elsewhere. */
  get outlet(): Outlet {
    return this.#outlet;
  }

  /** What they may no longer send ends, which they are told: their camera is not to go on filming. Gives whether others see a difference. */
  setRights(rights: Rights): boolean {
    const before = this.#rights;
    this.#rights = rights;
    if (!rights.mustAskToUnmute) this.#asksToUnmute = false;
    for (const publication of [...this.#publications.values()])
      if (!rights.permissions.canPublishSources.includes(publication.source))
        this.#remove(publication, 'room');
    this.#endpoint?.setPermissions(rights.permissions);
    this.#endpoint?.setRecordable(this.isRecordable);
    if (rights.role === 'viewer' && before.role !== 'viewer') this.#asksToUnmute = false;
    return (
      before.role !== rights.role ||
      before.mustAskToUnmute !== rights.mustAskToUnmute ||
      before.recordingConsent !== rights.recordingConsent
    );
  }

  setDisplayName(displayName: string): void {
    this.#displayName = displayName;
    this.#host.changed(this);
  }

  setRaisedHand(raisedAt: number | null): void {
    if (this.#raisedHandAt !== null && raisedAt !== null) return;
    this.#raisedHandAt = raisedAt;
    this.#host.changed(this);
  }

  setAsksToUnmute(asks: boolean): void {
    this.#asksToUnmute = asks;
    this.#host.changed(this);
  }

  /** The phone that they speak by; undefined when they do so no longer. */
  setPhone(phone: PhoneLink | undefined): void {
    if (this.#left) return;
    this.#phone = phone;
    this.#host.changed(this);
  }

  /** Whether a phone is their sound, in place of their computer; what they were told in sound, and said, ends. */
  setEar(ear: Ear | undefined): void {
    this.#ear = ear;
    const microphone = this.#publications.get('microphone');
    if (microphone) this.#remove(microphone, this.identity);
    this.#endpoint?.setDeaf(ear !== undefined);
  }

  /** Goes to another place of the same meeting: media goes with them. */
  moveTo(breakoutId: string | null): void {
    this.#breakoutId = breakoutId;
    this.#endpoint?.moveTo(breakoutId ?? MAIN_ZONE);
  }

  /** Mutes what sounds, or ends what shows: what a host may do to a source of somebody else. */
  async silence(source: Source, by: string): Promise<void> {
    const publication = this.#publications.get(source);
    if (!publication) return;
    if (publication.info.kind === 'video') this.#remove(publication, by);
    else await this.setMuted({ publicationId: publication.publicationId, muted: true }, by);
  }

  /** Gives the participant its place in a media room; a former one is gone, and its publications wait to be published again. */
  setEndpoint(endpoint: Endpoint): void {
    this.#endpoint?.close();
    this.#endpoint = endpoint;
    endpoint.setDeaf(this.#ear !== undefined);
    this.#detachPublications();
  }

  updateSelf(params: MethodParams<'participant.updateSelf'>): Promise<void> {
    if (!this.permissions.canUpdateOwnMetadata) throw new ParleyError('PERMISSION_DENIED');
    if (params.displayName !== undefined && params.displayName.trim() !== this.#displayName) {
      if (!this.permissions.canRename) throw new ParleyError('PERMISSION_DENIED');
      this.#displayName = params.displayName.trim();
    }
    if (params.metadata !== undefined) this.#metadata = params.metadata;
    if (params.attributes !== undefined)
      this.#attributes = mergeAttributes(this.#attributes, params.attributes);
    this.#host.changed(this);
    return Promise.resolve();
  }

  createTransport(
    params: MethodParams<'media.createTransport'>,
  ): Promise<MethodResult<'media.createTransport'>> {
    // NOTE: a new send transport closes the former one, and with it the producers on it.
    if (params.direction === 'send') this.#detachPublications();
    const made = this.media.createTransport(params);
    if (params.direction === 'send') this.#ear?.soundLost();
    return made;
  }

  /** For a phone that speaks as them: its sound takes the place of their microphone. Throws WRONG_STATE, MEDIA_UNAVAILABLE. */
  createUplink(): Promise<Uplink> {
    const { media } = this;
    this.#publications.get('microphone')?.detach();
    return media.createUplink();
  }

  /** Throws PERMISSION_DENIED to all but recorders. */
  createPlainTransport(
    params: MethodParams<'media.createPlainTransport'>,
  ): Promise<MethodResult<'media.createPlainTransport'>> {
    if (!this.isRecorder) throw new ParleyError('PERMISSION_DENIED');
    return this.media.createPlainTransport(params);
  }

  async publish(params: MethodParams<'media.publish'>): Promise<MethodResult<'media.publish'>> {
    if (this.hidden) throw new ParleyError('PERMISSION_DENIED');
    const former = this.#publications.get(params.source);
    if (former?.attached) throw new ParleyError('SOURCE_TAKEN');
    if (params.source === 'microphone' && params.muted !== true) this.#assertMayUnmute();
    const publicationId = former?.publicationId ?? newId('PU');
    const { producerId, ...media } = await this.media.publish(publicationId, params);
    if (this.#left) throw new ParleyError('WRONG_STATE');
    if (former && this.#publications.get(params.source) === former) {
      former.attach(params, media);
      this.#host.publicationUpdated(this, former.info);
    } else {
      const publication = new Publication(publicationId, params, media);
      this.#publications.set(params.source, publication);
      this.#host.publicationAdded(this, publication.info);
    }
    return { publicationId, producerId };
  }

  unpublish({ publicationId }: MethodParams<'media.unpublish'>): Promise<void> {
    this.#remove(this.#getPublication(publicationId));
    return Promise.resolve();
  }

  /** `by` names who did it, when it was not the participant. */
  async setMuted({ publicationId, muted }: MethodParams<'media.setMuted'>, by?: string): Promise<void> {
    const publication = this.#getPublication(publicationId);
    if (publication.muted === muted) return;
    if (!muted && publication.source === 'microphone') this.#assertMayUnmute();
    // A publication without a producer only remembers the wish: publishing again says anew whether it is muted.
    if (publication.attached) await this.media.setMuted(publicationId, muted);
    publication.setMuted(muted);
    this.#host.publicationUpdated(this, publication.info, by);
  }

  /** Their media, for whatever concerns nobody but the worker. Throws WRONG_STATE, MEDIA_UNAVAILABLE. */
  get media(): Endpoint {
    if (this.#left) throw new ParleyError('WRONG_STATE');
    if (!this.#endpoint) throw new ParleyError('MEDIA_UNAVAILABLE');
    return this.#endpoint;
  }

  #getPublication(publicationId: string): Publication {
    for (const publication of this.#publications.values()) {
      if (publication.publicationId === publicationId) return publication;
    }
    throw new ParleyError('PUBLICATION_NOT_FOUND');
  }

  /** `by` names who did it, when it was not the participant: then they are told, too. */
  #remove(publication: Publication, by?: string): void {
    this.#publications.delete(publication.source);
    if (publication.attached) this.#endpoint?.unpublish(publication.publicationId);
    this.#host.publicationRemoved(this, publication.info, by);
  }

  #assertMayUnmute(): void {
    if (this.#rights.mustAskToUnmute) throw new ParleyError('UNMUTE_NEEDS_APPROVAL');
  }

  #detachPublications(): void {
    for (const publication of this.#publications.values()) publication.detach();
    clearTimeout(this.#republishTimer);
    if (this.#publications.size === 0) return;
    this.#republishTimer = setTimeout(() => this.#removeDetached(), REPUBLISH_WINDOW_MS).unref();
  }

  #removeDetached(): void {
    // Somebody who is away cannot publish again; their publications stay as long as they do.
    if (this.#connection === 'interrupted') {
      this.#republishTimer?.refresh();
      return;
    }
    for (const publication of [...this.#publications.values()])
      if (!publication.attached) this.#remove(publication);
  }
}
