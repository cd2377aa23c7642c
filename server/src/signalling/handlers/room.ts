import { ParleyError } from '@parley/protocol';
import { sessionEndOf } from '../../room/sessionEnds.ts';
import type { Handler } from '../handler.ts';

export const roomHandlers = {
  'room.join': async (session, { displayName }) => {
    if (session.state.kind !== 'open') throw new ParleyError('WRONG_STATE');
    const { participant, joined } = await session.rooms.join(session.grants, {
      outlet: session,
      ...(displayName !== undefined && { displayName }),
    });
    session.joinedAs(participant);
    return joined;
  },
  'room.leave': async (session) => {
    if (session.state.kind === 'joined') await session.state.participant.leave('left');
    session.endAfterResponse(sessionEndOf('left'));
    return {};
  },
} satisfies { 'room.join': Handler<'room.join'>; 'room.leave': Handler<'room.leave'> };
