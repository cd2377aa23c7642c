import type { MethodParams } from '@parley/protocol';
import type { Participant } from '../../room/Participant.ts';
import type { RecordingAction } from '../../room/ports.ts';
import type { Room } from '../../room/Room.ts';
import type { Handlers } from '../handler.ts';
import { doInRoom } from './inRoom.ts';

interface Asked {
  room: Room;
  by: Participant;
  params: MethodParams<'recording.stop'>;
}

function control({ room, by, params }: Asked, action: RecordingAction): void {
  room.recording.assertMayRecord(by);
  room.recording.control(by, { ...params, breakoutId: by.breakoutId }, action);
}

export const recordingHandlers: Handlers<'recording'> = {
  'recording.start': async ({ room, participant }, params) => {
    const { recordingId, started } = await room.perform(participant, 'recording.start', () => {
      room.recording.assertMayRecord(participant);
      return room.recording.begin(participant, { ...params, breakoutId: participant.breakoutId });
    });
    // Outside the room's turn: the recorder comes in at the same door.
    await started;
    return { recordingId };
  },
  'recording.stop': doInRoom('recording.stop', (asked) => control(asked, { type: 'stop' })),
  'recording.pause': doInRoom('recording.pause', (asked) => control(asked, { type: 'pause' })),
  'recording.resume': doInRoom('recording.resume', (asked) => control(asked, { type: 'resume' })),
  'recording.setLayout': doInRoom('recording.setLayout', (asked) =>
    control(asked, { type: 'setLayout', layout: asked.params.layout }),
  ),
  'recording.mark': doInRoom('recording.mark', (asked) =>
    control(asked, { type: 'mark', title: asked.params.title }),
  ),
  'recording.consent': doInRoom('recording.consent', ({ room, by, params }) =>
    room.recording.consent(by, params.agreed),
  ),
};
