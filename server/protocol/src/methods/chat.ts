/** Requests about chat. */
import { Type } from 'typebox';
import { ChatMessage, ChatText, Emoji } from '../models.ts';
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
