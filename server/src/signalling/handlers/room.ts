import { ParleyError } from '@parley/protocol';
import { sessionEndOf } from '../../room/sessionEnds.ts';
import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

export const roomHandlers: Handlers<'room'> = {
  'room.join': async (session, { displayName, password }) => {
    const { kind } = session.state;
    if (kind !== 'open' && kind !== 'knocking') throw new ParleyError('WRONG_STATE');
    const outcome = await session.rooms.join(session.grants, {
      outlet: session,
      network: session.network,
      ...(displayName !== undefined && { displayName }),
      ...(password !== undefined && { password }),
    });
    session.handleJoinOutcome(outcome);
    return outcome.answer;
  },
  'room.leave': async (session) => {
    const { state } = session;
    if (state.kind === 'joined') await state.participant.leave('left');
    if (state.kind === 'knocking') await state.waiting.leave('left');
    session.endAfterResponse(sessionEndOf('left'));
    return {};
  },
  'room.update': inRoom('room.update', async ({ room, by, params }) => {
    await room.update(by, params.settings);
    return { room: room.info };
  }),
  'room.end': (session) => {
    const { room, participant } = session;
    return room.perform(participant, 'room.end', () => {
      // Who ends it is ended with all others, and is told first that it was done.
      session.answerBeforeEnd();
      room.end(participant);
      return {};
    });
  },
  'room.setTimer': doInRoom('room.setTimer', ({ room, by, params }) => room.stage.setTimer(by, params)),
  'room.spotlight': doInRoom('room.spotlight', ({ room, by, params }) =>
    room.stage.setSpotlight(by, params.participantIds),
  ),
  'room.muteAll': doInRoom('room.muteAll', ({ room, by, params }) => room.moderation.muteAll(by, params)),
};
