import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { FileInfo, ParleyError, RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import type { FileDesk } from '../../room/FileDesk.ts';
import type { App } from '../appType.ts';
import { BYTES, headersOf } from '../attachment.ts';
import { annotate, errorResponses } from '../openApi.ts';
import { bearerToken } from '../plugins/auth.ts';

const tags = ['files'];

/** The bytes of files in the chat. The WebSocket gives the tickets (`chat.openUpload`, `chat.openFile`). */
export function fileRoutes(app: App, files: FileDesk): void {
  // Nothing of a body is read before the ticket is known to be good.
  void app.register((uploads: App) => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser(BYTES, (_request, payload, done) => done(null, payload));
    uploadFile(uploads, files);
    return Promise.resolve();
  });
  downloadFile(app, files);
}

function uploadFile(app: App, files: FileDesk): void {
  app.post(
    '/rooms/:name/files',
    {
      config: { isUpload: true },
      schema: {
        tags,
        operationId: 'uploadFile',
        summary: 'Upload a file',
        description:
          'Takes the bytes of a file that was asked for by `chat.openUpload`, with the ticket of its answer as bearer token. The file is on disk when the answer comes; send its `fileId` in `chat.send`.',
        consumes: [BYTES],
        params: Type.Object({ name: RoomName }),
        response: {
          201: annotate(FileInfo, { description: 'The file is kept.' }),
          ...errorResponses(
            'TOKEN_MISSING',
            'TOKEN_INVALID',
            'PERMISSION_DENIED',
            'ROOM_NOT_FOUND',
            'INVALID_REQUEST',
            'QUOTA_EXCEEDED',
          ),
        },
      },
    },
    async (request, reply) => {
      const body = request.raw;
      try {
        const ticket = bearerToken(request.headers.authorization);
        return await reply.code(201).send(await files.upload(request.params.name, ticket, chunksOf(body)));
      } catch (error) {
        // The rest of what is refused is not awaited by the answer; it is thrown away as it comes.
        void reply.header('connection', 'close');
        body.resume();
        throw body.complete || error instanceof ParleyError ? error : cutOff(error);
      }
    },
  );
}

/** Leaves the connection as it is where the reader stops early, so that an answer can be sent. */
const chunksOf = (body: IncomingMessage): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>,
});

const cutOff = (cause: unknown): ParleyError =>
  new ParleyError('INVALID_REQUEST', { message: 'The file did not come as a whole. Send it again.', cause });

function downloadFile(app: App, files: FileDesk): void {
  app.get(
    '/rooms/:name/files/:fileId',
    {
      schema: {
        tags,
        operationId: 'downloadFile',
        summary: 'Download a file',
        description:
          'Gives the content of a file, by a link that `chat.openFile` made. Pictures come with their type, so that `<img>` shows them; all else comes as bytes, and always to be saved and not opened.',
        params: Type.Object({ name: RoomName, fileId: Type.String({ maxLength: 64 }) }),
        querystring: Type.Object({ ticket: Type.String({ maxLength: 256 }) }),
        response: {
          200: {
            description: 'The content.',
            content: { [BYTES]: { schema: Type.Unsafe<Readable>(Type.String({ format: 'binary' })) } },
          },
          ...errorResponses('TOKEN_INVALID', 'TOKEN_EXPIRED', 'ROOM_NOT_FOUND', 'FILE_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { name, fileId } = request.params;
      const { file, content } = await files.download(name, fileId, request.query.ticket);
      return reply.headers(headersOf(file)).send(content);
    },
  );
}
