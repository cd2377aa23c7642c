import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

export const liveHandlers: Handlers<'live'> = {
  'live.start': async ({ room, participant }, params) => {
    const { liveId, page, started } = await room.perform(participant, 'live.start', () =>
      room.live.begin(participant, params),
    );
    // Outside the room's turn: the recorder comes in at the same door.
    await started;
    return { liveId, page };
  },
  'live.stop': doInRoom('live.stop', ({ room, by }) => room.live.stop(by)),
  'live.addTarget': inRoom('live.addTarget', ({ room, by, params }) => ({
    targetId: room.live.addTarget(by, params),
  })),
  'live.removeTarget': doInRoom('live.removeTarget', ({ room, by, params }) =>
    room.live.removeTarget(by, params.targetId),
  ),
  'live.setLayout': doInRoom('live.setLayout', ({ room, params }) => room.live.setLayout(params.layout)),
};
