import type { Handlers } from '../handler.ts';
import { doInRoom } from './inRoom.ts';

export const lobbyHandlers: Handlers<'lobby'> = {
  'lobby.admit': doInRoom('lobby.admit', ({ room, by, params }) => room.lobby.admit(by, params.knockId)),
  'lobby.admitAll': doInRoom('lobby.admitAll', ({ room, by }) => room.lobby.admitAll(by)),
  'lobby.deny': doInRoom('lobby.deny', ({ room, by, params }) =>
    room.lobby.deny(by, params.knockId, params.ban === true),
  ),
  'lobby.message': doInRoom('lobby.message', ({ room, by, params }) => room.lobby.message(by, params)),
};
