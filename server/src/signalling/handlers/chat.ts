import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

export const chatHandlers: Handlers<'chat'> = {
  'chat.send': inRoom('chat.send', ({ room, by, params }) => ({ message: room.chat.send(by, params) })),
  'chat.openUpload': inRoom('chat.openUpload', ({ room, by, params }) =>
    room.chat.files.openUpload(by, params),
  ),
  'chat.openFile': inRoom('chat.openFile', ({ room, by, params }) =>
    room.chat.files.openFile(by, params.fileId),
  ),
  'chat.edit': doInRoom('chat.edit', ({ room, by, params }) => room.chat.edit(by, params)),
  'chat.delete': doInRoom('chat.delete', ({ room, by, params }) => room.chat.delete(by, params.messageId)),
  'chat.react': doInRoom('chat.react', ({ room, by, params }) => room.chat.react(by, params)),
  'chat.history': inRoom('chat.history', ({ room, by, params }) => room.chat.history(by, params)),
  'chat.clear': doInRoom('chat.clear', ({ room, by }) => room.chat.clear(by)),
};
