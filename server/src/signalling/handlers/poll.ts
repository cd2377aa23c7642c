import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

export const pollHandlers: Handlers<'poll'> = {
  'poll.create': inRoom('poll.create', ({ room, by, params }) => ({ poll: room.polls.create(by, params) })),
  'poll.vote': doInRoom('poll.vote', ({ room, by, params }) => room.polls.vote(by, params)),
  'poll.close': doInRoom('poll.close', ({ room, by, params }) => room.polls.close(by, params.pollId)),
  'poll.showResults': doInRoom('poll.showResults', ({ room, by, params }) =>
    room.polls.showResults(by, params),
  ),
  'poll.delete': doInRoom('poll.delete', ({ room, by, params }) => room.polls.delete(by, params.pollId)),
};
