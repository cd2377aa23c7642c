/** Chat and its files. */
import { Type, type Static } from 'typebox';
import { BreakoutId, Identity, Moment, MomentOrNull } from './basics.ts';

export const ChatText = Type.String({ maxLength: 4000, description: 'Plain text; never HTML.' });

export const FileName = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Name of a file; folders and characters that do not show are taken out of it.',
});

export const FileInfo = Type.Object({
  fileId: Type.String(),
  name: Type.String({ description: 'Name that the sender gave it; never used as a path.' }),
  type: Type.String({ description: 'Media type, as found in its content.' }),
  size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  isImage: Type.Boolean({ description: 'May be shown as a picture.' }),
  width: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
    description: 'Pixels, before it is turned as its camera was held; null for what is no picture.',
  }),
  height: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Likewise.' }),
});
export type FileInfo = Static<typeof FileInfo>;

const Person = Type.Object({ identity: Identity, displayName: Type.String() });

export const ChatMessage = Type.Object({
  messageId: Type.String(),
  seq: Type.Integer({ minimum: 1, description: 'Order of the messages of a room.' }),
  from: Person,
  to: Type.Union([Person, Type.Null()], { description: 'The one who may read it; null is everybody.' }),
  breakoutId: BreakoutId,
  text: Type.String({ description: 'Plain text; empty when the message was deleted.' }),
  sentAt: Moment,
  editedAt: MomentOrNull,
  deletedAt: MomentOrNull,
  replyTo: Type.Union([Type.String(), Type.Null()], { description: 'messageId of the message it answers.' }),
  reactions: Type.Array(Type.Object({ emoji: Type.String(), identities: Type.Array(Identity) })),
  files: Type.Array(FileInfo),
});
export type ChatMessage = Static<typeof ChatMessage>;
