import { ParleyError, type FileInfo, type MethodParams, type MethodResult } from '@parley/protocol';
import { newId, newSecret } from '../util/ids.ts';
import { cleanFileName } from './fileNames.ts';
import { badLink, FileLinks } from './FileLinks.ts';
import type { FileSpace } from './FileSpace.ts';
import { HEAD_BYTES, imageFormatOf } from './imageFormat.ts';
import type { Participant } from './Participant.ts';
import type { FileRecord } from './ports.ts';
import type { RoomCore } from './RoomCore.ts';

/** How long one may wait before one sends what one asked to upload, ms. */
const TICKET_TTL_MS = 60_000;
/** Uploads that one participant may have under way. */
const MAX_UPLOADS = 10;

interface Upload {
  by: Participant;
  name: string;
  size: number;
  expiresAt: number;
  isRunning: boolean;
}

/** The files of a room’s messages. Each goes with the one message that has it, and is for those who may read that. */
export class ChatFiles {
  readonly #room: RoomCore;
  readonly #space: FileSpace;
  readonly #mayRead: (by: Participant, messageId: string) => boolean;
  readonly #links = new FileLinks();
  /** By ticket. */
  readonly #uploads = new Map<string, Upload>();

  constructor(room: RoomCore, space: FileSpace, mayRead: (by: Participant, messageId: string) => boolean) {
    this.#room = room;
    this.#space = space;
    this.#mayRead = mayRead;
  }

  /** Throws PERMISSION_DENIED, FILE_REFUSED, FILE_TOO_LARGE, QUOTA_EXCEEDED, LIMIT_REACHED. */
  openUpload(by: Participant, params: MethodParams<'chat.openUpload'>): MethodResult<'chat.openUpload'> {
    assertMayUpload(by);
    const name = cleanFileName(params.name);
    this.#space.assertShareable(name, params.size);
    this.#space.assertFits(this.#room.roomId, params.size);
    this.#forgetExpired();
    if ([...this.#uploads.values()].filter((upload) => upload.by === by).length >= MAX_UPLOADS)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'uploads', max: MAX_UPLOADS } });
    const ticket = newSecret();
    const expiresAt = Date.now() + TICKET_TTL_MS;
    this.#uploads.set(ticket, { by, name, size: params.size, expiresAt, isRunning: false });
    return { ticket, path: this.#path, expiresAt };
  }

  /**
   * Takes the bytes of a file that was asked for. It is kept, and on disk, when this resolves; nothing is when it rejects.
   * Rejects with TOKEN_INVALID, PERMISSION_DENIED, INVALID_REQUEST (more or fewer bytes than were announced),
   * QUOTA_EXCEEDED.
   */
  async receive(ticket: string, content: AsyncIterable<Uint8Array>): Promise<FileInfo> {
    const upload = this.#uploads.get(ticket);
    if (!upload || upload.isRunning || Date.now() >= upload.expiresAt)
      throw new ParleyError('TOKEN_INVALID', { message: 'The ticket is unknown, used or too old.' });
    upload.isRunning = true;
    let release: (() => void) | undefined;
    try {
      assertMayUpload(upload.by);
      release = this.#space.reserve(this.#room.roomId, upload.size);
      return await this.#keep(upload, content);
    } finally {
      release?.();
      this.#uploads.delete(ticket);
    }
  }

  /** A link to a file. Throws FILE_NOT_FOUND, also for one that is not for them. */
  openFile(by: Participant, fileId: string): MethodResult<'chat.openFile'> {
    this.#getReadable(by, fileId);
    const { ticket, expiresAt } = this.#links.sign(fileId, by.participantId);
    return { path: `${this.#path}/${fileId}?ticket=${encodeURIComponent(ticket)}`, expiresAt };
  }

  /** The file that a link is for. Throws TOKEN_INVALID, TOKEN_EXPIRED, FILE_NOT_FOUND. */
  getByLink(fileId: string, ticket: string): FileRecord {
    const participantId = this.#links.verify(fileId, ticket);
    const by = this.#room.roster.all.find((participant) => participant.participantId === participantId);
    if (!by) throw badLink('TOKEN_EXPIRED');
    return this.#getReadable(by, fileId);
  }

  /** Throws PERMISSION_DENIED, FILE_NOT_FOUND for what they did not upload here, or have sent already. */
  assertMaySend(by: Participant, fileIds: readonly string[]): void {
    if (fileIds.length === 0) return;
    assertMayUpload(by);
    for (const fileId of fileIds) {
      const file = this.#find(fileId);
      if (file?.uploader !== by.identity || file.messageId !== null) throw new ParleyError('FILE_NOT_FOUND');
    }
  }

  /** Messages were deleted: what was in their files is, too. */
  messagesDeleted(): void {
    void this.#space.sweep();
  }

  async #keep({ by, name, size }: Upload, content: AsyncIterable<Uint8Array>): Promise<FileInfo> {
    const fileId = newId('FI');
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    await this.#space.contents.write(fileId, counted(content, { by, size, head }));
    const format = imageFormatOf(head);
    const file: FileInfo = {
      ...{ fileId, name, size },
      type: format?.type ?? 'application/octet-stream',
      isImage: format !== undefined,
      width: format?.width ?? null,
      height: format?.height ?? null,
    };
    try {
      await this.#room.run(() => {
        assertMayUpload(by);
        const { roomId, meetingId } = this.#room;
        if (meetingId === null) throw new ParleyError('WRONG_STATE');
        const createdAt = Date.now();
        this.#space.store.add({ ...file, roomId, meetingId, uploader: by.identity, createdAt });
      });
    } catch (error) {
      await this.#space.contents.delete(fileId);
      throw error;
    }
    this.#room.logger.info({ participantId: by.participantId, fileId, size }, 'file uploaded');
    return file;
  }

  get #path(): string {
    return `/api/v1/rooms/${encodeURIComponent(this.#room.name)}/files`;
  }

  /** A file of the meeting that goes on. */
  #find(fileId: string): FileRecord | undefined {
    const file = this.#space.store.find(fileId);
    return file?.roomId === this.#room.roomId && file.meetingId === this.#room.meetingId ? file : undefined;
  }

  #getReadable(by: Participant, fileId: string): FileRecord {
    const file = this.#find(fileId);
    const mayRead =
      file?.messageId === null ? file.uploader === by.identity : file && this.#mayRead(by, file.messageId);
    if (!file || !mayRead) throw new ParleyError('FILE_NOT_FOUND');
    return file;
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [ticket, { expiresAt, isRunning }] of this.#uploads)
      if (!isRunning && now >= expiresAt) this.#uploads.delete(ticket);
  }
}

/** Who is no longer in the room may do nothing, whatever they were allowed before. */
function assertMayUpload(by: Participant): void {
  if (by.left || !by.permissions.canUploadFiles) throw new ParleyError('PERMISSION_DENIED');
}

/** Lets through as many bytes as were announced, as long as who sends them may, and copies the first ones to `head`. */
async function* counted(
  content: AsyncIterable<Uint8Array>,
  { by, size, head }: { by: Participant; size: number; head: Buffer },
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  for await (const chunk of content) {
    assertMayUpload(by);
    if (received + chunk.byteLength > size) throw wrongSize(size);
    if (received < head.length) head.set(chunk.subarray(0, head.length - received), received);
    received += chunk.byteLength;
    yield chunk;
  }
  if (received < size) throw wrongSize(size);
}

const wrongSize = (size: number): ParleyError =>
  new ParleyError('INVALID_REQUEST', {
    message: 'The file did not come as a whole. Send it again.',
    details: { announcedBytes: size },
  });
