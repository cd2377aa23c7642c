import { ParleyError, type StartRecordingBody } from '@parley/protocol';
import { hostIn } from './hostIn.ts';
import type { Desk, RoomFinder } from './HostDesk.ts';
import { nobodyMeets } from './nobodyMeets.ts';
import type { RecordingAction } from './ports.ts';

/** Recording by REST: as the host of a room, or as an integrator. Each method throws ROOM_NOT_FOUND and PERMISSION_DENIED, too. */
export class RecordingDesk {
  readonly #rooms: Pick<RoomFinder, 'room'>;

  constructor(rooms: Pick<RoomFinder, 'room'>) {
    this.#rooms = rooms;
  }

  /** MEETING_NOT_FOUND when nobody meets, BREAKOUT_NOT_FOUND, and the errors of `recording.start`. */
  async start({ room: name, by }: Desk, body: StartRecordingBody): Promise<string> {
    const room = this.#rooms.room(name);
    const { recordingId, started } = await room.run(() => {
      const actor = hostIn(room, by);
      const { breakoutId = null, ...params } = body;
      if (room.meetingId === null) throw nobodyMeets();
      const isThere =
        breakoutId === null || (room.breakouts.isOpen && room.breakouts.ids.includes(breakoutId));
      if (!isThere) throw new ParleyError('BREAKOUT_NOT_FOUND');
      return room.recording.begin(actor, { ...params, breakoutId });
    });
    // Outside the room's turn: the recorder comes in at the same door.
    await started;
    return recordingId;
  }

  /** RECORDING_NOT_RUNNING, WRONG_STATE. */
  control({ room: name, by }: Desk, recordingId: string, action: RecordingAction): Promise<void> {
    const room = this.#rooms.room(name);
    return room.run(() =>
      room.recording.control(hostIn(room, by), { recordingId, breakoutId: null }, action),
    );
  }
}
