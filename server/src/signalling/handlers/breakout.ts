import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

export const breakoutHandlers: Handlers<'breakout'> = {
  'breakout.create': inRoom('breakout.create', ({ room, by, params }) => ({
    breakoutIds: room.breakouts.create(by, params.names),
  })),
  'breakout.rename': doInRoom('breakout.rename', ({ room, by, params }) => room.breakouts.rename(by, params)),
  'breakout.delete': doInRoom('breakout.delete', ({ room, by, params }) =>
    room.breakouts.delete(by, params.breakoutId),
  ),
  'breakout.assign': doInRoom('breakout.assign', ({ room, by, params }) =>
    room.breakouts.assign(by, params.assignments),
  ),
  'breakout.assignRandomly': doInRoom('breakout.assignRandomly', ({ room, by }) =>
    room.breakouts.assignRandomly(by),
  ),
  'breakout.open': doInRoom('breakout.open', ({ room, by, params }) => room.breakouts.open(by, params)),
  'breakout.setTime': doInRoom('breakout.setTime', ({ room, by, params }) =>
    room.breakouts.setTime(by, params.seconds),
  ),
  'breakout.close': doInRoom('breakout.close', ({ room, by }) => room.breakouts.close(by)),
  'breakout.visit': doInRoom('breakout.visit', ({ room, by, params }) =>
    room.breakouts.visit(by, params.breakoutId),
  ),
  'breakout.broadcast': doInRoom('breakout.broadcast', ({ room, by, params }) =>
    room.breakouts.broadcast(by, params.text),
  ),
  'breakout.askForHelp': doInRoom('breakout.askForHelp', ({ room, by, params }) =>
    room.breakouts.askForHelp(by, params.withdraw === true),
  ),
};
