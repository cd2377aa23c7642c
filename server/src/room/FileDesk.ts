import type { Readable } from 'node:stream';
import type { FileInfo } from '@parley/protocol';
import type { RoomFinder } from './HostDesk.ts';
import type { FileContents, FileRecord } from './ports.ts';

/** Where the bytes of files come and go by HTTP. Whether they may was decided on the WebSocket, and is looked at again. */
export class FileDesk {
  readonly #rooms: Pick<RoomFinder, 'room'>;
  readonly #contents: Pick<FileContents, 'read'>;

  constructor(rooms: Pick<RoomFinder, 'room'>, contents: Pick<FileContents, 'read'>) {
    this.#rooms = rooms;
    this.#contents = contents;
  }

  /** Rejects with ROOM_NOT_FOUND and what `ChatFiles.receive` rejects with. */
  async upload(room: string, ticket: string, content: AsyncIterable<Uint8Array>): Promise<FileInfo> {
    return this.#rooms.room(room).chat.files.receive(ticket, content);
  }

  /** Rejects with ROOM_NOT_FOUND, FILE_NOT_FOUND, TOKEN_INVALID, TOKEN_EXPIRED. */
  async download(
    room: string,
    fileId: string,
    ticket: string,
  ): Promise<{ file: FileRecord; content: Readable }> {
    const file = this.#rooms.room(room).chat.files.getByLink(fileId, ticket);
    return { file, content: await this.#contents.read(fileId) };
  }
}
