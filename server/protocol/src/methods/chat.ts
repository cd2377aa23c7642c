/** Requests about chat. */
import { Type } from 'typebox';
import { ChatMessage, ChatText, Emoji, FileName, Moment } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

export const chatMethods = {
  'chat.send': {
    summary:
      'Sends a message to the room that one is in, or to one participant. The answer comes when it is on disk: it is not lost any more.',
    params: Type.Object(
      {
        text: ChatText,
        to: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 64,
            description: 'participantId of the one who may read it; everybody when absent.',
          }),
        ),
        replyTo: Type.Optional(Id),
        fileIds: Type.Optional(Type.Array(Id, { maxItems: 10 })),
      },
      strict,
    ),
    result: Type.Object({ message: ChatMessage }),
  },
  'chat.openUpload': {
    summary:
      'Asks to upload a file. POST its bytes to `path` of the server by HTTP, as `application/octet-stream` and with the ticket as bearer token; the answer has the `fileId` to send in a message. A file that no message has after an hour is deleted.',
    params: Type.Object(
      { name: FileName, size: Type.Integer({ minimum: 0, description: 'Bytes; that many have to come.' }) },
      strict,
    ),
    result: Type.Object({
      ticket: Type.String({ description: 'Good for one upload, and while one is in the room.' }),
      path: Type.String(),
      expiresAt: Moment,
    }),
  },
  'chat.openFile': {
    summary:
      'Asks for a link to a file of a message that one may read. The link works for some minutes, and while one is in the room.',
    params: Type.Object({ fileId: Id }, strict),
    result: Type.Object({
      path: Type.String({ description: 'Path and query of the server; GET gives the content.' }),
      expiresAt: Moment,
    }),
  },
  'chat.edit': {
    summary: 'Changes the text of a message of one’s own.',
    params: Type.Object({ messageId: Id, text: ChatText }, strict),
    result: Nothing,
  },
  'chat.delete': {
    summary: 'Deletes a message of one’s own; a host may delete any that they can read.',
    params: Type.Object({ messageId: Id }, strict),
    result: Nothing,
  },
  'chat.react': {
    summary: 'Puts an emoji on a message, or takes it back.',
    params: Type.Object({ messageId: Id, emoji: Emoji, on: Type.Boolean() }, strict),
    result: Nothing,
  },
  'chat.history': {
    summary: 'The messages that one may read, oldest first: those before `before`, or the latest.',
    params: Type.Object(
      {
        before: Type.Optional(
          Type.Integer({ minimum: 1, description: '`seq` of the oldest message one has.' }),
        ),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
      },
      strict,
    ),
    result: Type.Object({ messages: Type.Array(ChatMessage), more: Type.Boolean() }),
  },
  'chat.clear': {
    summary: 'Deletes all messages that were sent to everybody in this meeting.',
    params: Nothing,
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
