import type { Handlers } from '../handler.ts';
import { doInRoom } from './inRoom.ts';

export const participantHandlers: Handlers<'participant'> = {
  'participant.updateSelf': async (session, params) => {
    await session.participant.updateSelf(params);
    return {};
  },
  'participant.mute': doInRoom('participant.mute', ({ room, by, params }) =>
    room.moderation.mute(by, params),
  ),
  'participant.askToUnmute': doInRoom('participant.askToUnmute', ({ room, by, params }) =>
    room.moderation.askToUnmute(by, params.participantId),
  ),
  'participant.setRole': doInRoom('participant.setRole', ({ room, by, params }) =>
    room.moderation.setRole(by, params),
  ),
  'participant.rename': doInRoom('participant.rename', ({ room, by, params }) =>
    room.moderation.rename(by, params),
  ),
  'participant.remove': doInRoom('participant.remove', ({ room, by, params }) =>
    room.moderation.remove(by, params),
  ),
  'participant.sendToLobby': doInRoom('participant.sendToLobby', ({ room, by, params }) =>
    room.moderation.sendToLobby(by, params.participantId),
  ),
  'participant.raiseHand': doInRoom('participant.raiseHand', ({ room, by }) => room.floor.raiseHand(by)),
  'participant.lowerHand': doInRoom('participant.lowerHand', ({ room, by, params }) =>
    room.floor.lowerHand(by, params),
  ),
  'participant.requestUnmute': doInRoom('participant.requestUnmute', ({ room, by, params }) =>
    room.floor.requestUnmute(by, params.withdraw === true),
  ),
  'participant.answerUnmute': doInRoom('participant.answerUnmute', ({ room, by, params }) =>
    room.moderation.answerUnmute(by, params),
  ),
  'participant.react': doInRoom('participant.react', ({ room, by, params }) =>
    room.floor.react(by, params.emoji),
  ),
};
