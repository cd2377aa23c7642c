import {
  ParleyError,
  type CreateRecordingLinkBody,
  type RecordingInfo,
  type RoomInfo,
} from '@parley/protocol';
import type { PartInfo } from '@parley/protocol/recorder';
import type { Caller } from '../auth/grants.ts';
import { isHost } from '../auth/permissions.ts';
import type { Logger } from '../observability/logger.ts';
import type { Person } from '../room/actors.ts';
import { hostIn } from '../room/hostIn.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '../room/paging.ts';
import type { Room } from '../room/Room.ts';
import type { RoomFact, RoomNow, RoomObserver } from '../room/RoomEvents.ts';
import type { RecordingFileReader, RecordingFilter, RecordingFolder, RecordingStore } from './ports.ts';
import { CopyCleaner } from './CopyCleaner.ts';
import { badLink, RecordingLinks, type LinkClaims } from './RecordingLinks.ts';
import { filesOf, hasEnded, recordingInfoOf, type RecordingRecord } from './RecordingRecord.ts';

/** How long a link works at most, seconds. */
const LINK_SECONDS = 600;
const MAX_OF_MEETING = 200;

export interface LibraryRooms {
  find(name: string): Room | undefined;
  /** Those of one owner. */
  listRooms(page: PageRequest, ownedBy: string): Page<RoomInfo>;
}

export type LibraryQuery = PageRequest & { room?: string; meetingId?: string };

export interface LibraryOptions {
  rooms: LibraryRooms;
  store: RecordingStore;
  folder: RecordingFolder;
  /** Days that recordings are kept; 0 is for ever. */
  retention: number;
  observer: RoomObserver;
  logger: Logger;
  /** Pauses before a deletion in the bucket is tried again, ms; given in tests. */
  retryMs?: readonly number[];
}

/** Who wants to see a recording: somebody with a token or a session, or with a link. */
export type Viewer = { by: Caller } | { ticket: string };

/** A file that may be read, for as long as `assertAllowed` does not throw. */
export interface OpenedFile {
  reader: RecordingFileReader;
  mimeType: string;
  /** Changes when the content does. */
  etag: string;
  /** For people who save it. */
  name: string;
  /** Throws when they may not see it any more. */
  assertAllowed(): void;
}

type FileChoice = { number: number } | 'thumbnail' | 'sidecar';

/** What was recorded, for hosts and for those to whom they give links. It outlives the rooms. */
export class Library implements RoomObserver {
  readonly #options: LibraryOptions;
  readonly #links = new RecordingLinks();
  /** When somebody lost what they had in a room, ms since the epoch: links from before are void. By room and identity. */
  readonly #voidBefore = new Map<string, number>();

  /** In the bucket. */
  readonly #cleaner: CopyCleaner;

  constructor(options: LibraryOptions) {
    this.#options = options;
    const { folder, store, logger, retryMs } = options;
    this.#cleaner = new CopyCleaner({
      remove: async (recordingId, signal) => folder.copies?.delete(recordingId, signal),
      removed: (recordingId) => store.delete(recordingId),
      logger,
      ...(retryMs && { retryMs }),
    });
  }

  /** Name of its room. Throws RECORDING_NOT_FOUND. */
  roomOf(recordingId: string): string {
    return this.#get(recordingId).room.name;
  }

  /**
   * Newest first; of one room, of those that somebody owns, or of all for who may see all. Throws PERMISSION_DENIED,
   * INVALID_PARAMS.
   */
  list(by: Caller, { room, meetingId, limit = 50, cursor }: LibraryQuery): Page<RecordingInfo> {
    const { records, nextBefore } = this.#options.store.list(
      { ...this.#whose(by, room), ...(meetingId !== undefined && { meetingId }) },
      { limit, ...(cursor !== undefined && { before: numberIn(cursor) }) },
    );
    const nextCursor = nextBefore === null ? null : encodeCursor(String(nextBefore));
    return { items: records.map((record) => this.#infoOf(record)), nextCursor };
  }

  /** Of one meeting, first ones first. Whoever asks has been looked at. */
  ofMeeting(meetingId: string): RecordingInfo[] {
    const { records } = this.#options.store.list({ meetingId }, { limit: MAX_OF_MEETING });
    return records.map((record) => this.#infoOf(record)).reverse();
  }

  /** Throws RECORDING_NOT_FOUND, PERMISSION_DENIED, TOKEN_INVALID, TOKEN_EXPIRED. */
  get(recordingId: string, viewer: Viewer): RecordingInfo {
    return this.#infoOf(this.#getVisible(recordingId, viewer));
  }

  /** Throws RECORDING_NOT_FOUND, PERMISSION_DENIED, RECORDING_UNFINISHED. */
  async delete(recordingId: string, by: Caller): Promise<void> {
    const record = this.#getVisible(recordingId, { by });
    if (!hasEnded(record) || record.isResumable) throw new ParleyError('RECORDING_UNFINISHED');
    await this.remove(record, { identity: by.identity, displayName: by.displayName });
  }

  /** With its files. */
  async remove(record: RecordingRecord, by: Person | null): Promise<void> {
    const { store, folder, observer, logger } = this.#options;
    // Nobody finds it from here on, whatever becomes of the files.
    store.save({ ...record, isDeleted: true });
    const { room, meetingId, recordingId } = record;
    const info = this.#options.rooms.find(room.name)?.info ?? room;
    if (!record.isDeleted)
      observer.handleFact(
        { info, meetingId },
        { type: 'recordingDeleted', recording: this.#infoOf(record), by },
      );
    logger.info({ recordingId, by: by?.identity }, 'recording deleted');
    await folder.delete(recordingId);
    if (folder.copies) void this.#cleaner.clean(recordingId);
    else store.delete(recordingId);
  }

  /** Frees the disk of what lies in the bucket as well, where the configuration says so. Rejects when the bucket is away. */
  async tidy(): Promise<void> {
    const { folder, store } = this.#options;
    for (const recordingId of (await folder.copies?.freeable()) ?? []) {
      const record = store.find(recordingId);
      // What is brought there later is made of all its files.
      if (record && hasEnded(record) && !record.isResumable && !record.notCopied)
        await folder.copies?.free(recordingId, allOf(record));
    }
  }

  /** What is still to be deleted is deleted after the next start. */
  close(): Promise<void> {
    return this.#cleaner.close();
  }

  /** A link for one person. Throws RECORDING_NOT_FOUND, PERMISSION_DENIED, RECORDING_UNFINISHED. */
  link(
    recordingId: string,
    by: Caller,
    { identity = by.identity, file, seconds = LINK_SECONDS }: CreateRecordingLinkBody,
  ): { ticket: string; identity: string; expiresAt: number } {
    const record = this.#getVisible(recordingId, { by });
    fileOf(record, { number: file ?? 1 });
    const issuedAt = Date.now();
    const { displayName, role, inviteId, isIntegrator, ownsThisOnly = false } = by;
    const claims: LinkClaims = {
      ...{ to: identity, issuedAt, expiresAt: issuedAt + Math.min(seconds, LINK_SECONDS) * 1000 },
      ...(file !== undefined && { file }),
      by: {
        ...{ identity: by.identity, displayName, role, isIntegrator, ownsThisOnly },
        ...(inviteId !== undefined && { inviteId }),
      },
    };
    return { ticket: this.#links.sign(recordingId, claims), identity, expiresAt: claims.expiresAt };
  }

  /** Close its reader. Throws as `get` does, RECORDING_UNFINISHED, RECORDING_FAILED when it cannot be read. */
  async open(recordingId: string, choice: FileChoice, viewer: Viewer): Promise<OpenedFile> {
    const record = this.#getVisible(recordingId, viewer, choice);
    const { file, mimeType, name } = fileOf(record, choice);
    const reader = await this.#options.folder.open(recordingId, file);
    return {
      ...{ reader, mimeType, name },
      etag: `"${recordingId}/${file}/${reader.size}"`,
      assertAllowed: () => void this.#getVisible(recordingId, viewer, choice),
    };
  }

  /** Whoever is removed, or is no host any more, has no use of the links they were given. */
  handleFact({ info: { roomId } }: RoomNow, fact: RoomFact): void {
    // It ended before: what has changed is that the bucket has it.
    if (fact.type === 'egressUpdated' && hasEnded(fact.recording)) this.#tidySoon();
    const isGone = fact.type === 'left' && (fact.reason === 'removed' || fact.reason === 'banned');
    const isDemoted = fact.type === 'roleChanged' && !isHost(fact.participant.role);
    if (isGone || isDemoted) this.#void(roomId, fact.participant.identity);
  }

  #tidySoon(): void {
    this.tidy().catch((err: unknown) => {
      this.#options.logger.warn({ err }, 'recordings stay on the disk until the bucket is there again');
    });
  }

  #whose(by: Caller, room: string | undefined): RecordingFilter {
    if (room !== undefined) return { room, since: this.#assertMaySee(room, by) };
    if (!by.ownsThisOnly) return {};
    const roomIds: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const request = { limit: 100, ...(cursor !== undefined && { cursor }) };
      const page = this.#options.rooms.listRooms(request, by.identity);
      roomIds.push(...page.items.map(({ roomId }) => roomId));
      cursor = page.nextCursor;
    }
    return { roomIds };
  }

  #void(roomId: string, identity: string): void {
    const now = Date.now();
    for (const [key, at] of this.#voidBefore)
      if (at < now - LINK_SECONDS * 1000) this.#voidBefore.delete(key);
    this.#voidBefore.set(`${roomId} ${identity}`, now);
  }

  #get(recordingId: string): RecordingRecord {
    const record = this.#options.store.find(recordingId);
    if (!record) throw new ParleyError('RECORDING_NOT_FOUND');
    return record;
  }

  /** `choice`: what of it is wanted, where that is a file. */
  #getVisible(recordingId: string, viewer: Viewer, choice?: FileChoice): RecordingRecord {
    const record = this.#get(recordingId);
    if ('by' in viewer) {
      this.#assertMayHave(record, viewer.by);
      return record;
    }
    const claims = this.#links.verify(recordingId, viewer.ticket);
    this.#assertLink(record, claims);
    const wanted = typeof choice === 'object' ? choice.number : undefined;
    if (claims.file !== undefined && wanted !== claims.file) throw badLink('TOKEN_INVALID');
    return record;
  }

  #assertLink(record: RecordingRecord, { to, by, issuedAt }: LinkClaims): void {
    const { roomId, name } = record.room;
    for (const identity of [to, by.identity])
      if (issuedAt <= (this.#voidBefore.get(`${roomId} ${identity}`) ?? 0)) throw badLink('TOKEN_EXPIRED');
    const room = this.#options.rooms.find(name);
    const isBanned =
      room?.roomId === roomId && room.bans.isBanned({ identity: to, isGuest: false, network: undefined });
    if (isBanned) throw badLink('TOKEN_EXPIRED');
    const { inviteId, ...caller } = by;
    this.#assertMayHave(record, { ...caller, inviteId, isGuest: false, roomCreate: false });
  }

  /** One of a former room of the name is not there for hosts of the present one. */
  #assertMayHave({ room: { roomId, name } }: RecordingRecord, by: Caller): void {
    this.#assertMaySee(name, by);
    const isOfThisRoom = this.#options.rooms.find(name)?.roomId === roomId;
    if (!isOfThisRoom && (by.ownsThisOnly || !by.isIntegrator)) throw new ParleyError('RECORDING_NOT_FOUND');
  }

  /** Gives the time from which on they may know. Throws PERMISSION_DENIED. */
  #assertMaySee(name: string, by: Caller): number {
    const room = this.#options.rooms.find(name);
    if (room) hostIn(room, by);
    else if (!by.isIntegrator) throw new ParleyError('PERMISSION_DENIED');
    return room && (by.ownsThisOnly || !by.isIntegrator) ? room.record.createdAt : 0;
  }

  #infoOf(record: RecordingRecord): RecordingInfo {
    return recordingInfoOf(record, this.#options.retention);
  }
}

/** Names of all its files. */
const allOf = ({ parts, thumbnail, sidecar }: RecordingRecord): string[] =>
  [...parts.map(({ file }) => file), thumbnail, sidecar].filter((file) => file !== null);

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  json: 'application/json',
  vtt: 'text/vtt',
};
const BYTES = 'application/octet-stream';

/** Throws RECORDING_UNFINISHED, NOT_FOUND. */
function fileOf(
  record: RecordingRecord,
  choice: FileChoice,
): { file: string; mimeType: string; name: string } {
  if (!hasEnded(record)) throw new ParleyError('RECORDING_UNFINISHED');
  if (typeof choice === 'object') {
    const part = filesOf(record)[choice.number - 1];
    if (!part) throw new ParleyError('NOT_FOUND', { message: 'The recording has no such file.' });
    return { file: part.file, mimeType: mimeTypeOf(part), name: nameOf(record, part) };
  }
  const file = record[choice];
  if (file === null) throw new ParleyError('NOT_FOUND', { message: `The recording has no ${choice}.` });
  const extension = extensionOf(file);
  return { file, mimeType: TYPES[extension] ?? BYTES, name: `${titleOf(record)} ${choice}.${extension}` };
}

const mimeTypeOf = ({ mimeType }: PartInfo): string =>
  /^(video|audio)\/[\w.+-]{1,64}$/.test(mimeType) ? mimeType : BYTES;
const extensionOf = (file: string): string => /\.(\w{1,8})$/.exec(file)?.[1] ?? 'bin';

function nameOf(record: RecordingRecord, { file, name, part }: PartInfo): string {
  const what = name === 'composite' ? '' : ` ${name}`;
  const which = record.lastPart > 1 ? ` part ${part}` : '';
  return `${titleOf(record)}${what}${which}.${extensionOf(file)}`;
}

function titleOf({ room, breakoutName, startedAt }: RecordingRecord): string {
  const when = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
  return [room.settings.title || room.name, breakoutName, when].filter((text) => text !== '').join(' ');
}

function numberIn(cursor: string): number {
  const key = decodeCursor(cursor);
  if (/^\d{1,15}$/.test(key)) return Number(key);
  throw new ParleyError('INVALID_PARAMS', {
    details: { path: 'cursor', reason: 'not a cursor of this list' },
  });
}
