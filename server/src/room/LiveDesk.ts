import { ParleyError, type LiveStream, type LiveTarget, type PictureLayout } from '@parley/protocol';
import type { NewLiveTargetBody, StartLiveBody } from '@parley/protocol';
import { hostIn } from './hostIn.ts';
import type { Desk, RoomFinder } from './HostDesk.ts';
import type { LiveStreaming } from './LiveStreaming.ts';
import { nobodyMeets } from './nobodyMeets.ts';
import type { Actor } from './RoomCore.ts';

/** Streaming by REST: as the host of a room, or as an integrator. Each method throws ROOM_NOT_FOUND and PERMISSION_DENIED, too. */
export class LiveDesk {
  readonly #rooms: Pick<RoomFinder, 'room'>;

  constructor(rooms: Pick<RoomFinder, 'room'>) {
    this.#rooms = rooms;
  }

  /** MEETING_NOT_FOUND when nobody meets, and the errors of `live.start`. */
  async start({ room: name, by }: Desk, body: StartLiveBody): Promise<LiveStream> {
    const room = this.#rooms.room(name);
    const { started } = await room.run(() => {
      const actor = hostIn(room, by);
      if (room.meetingId === null) throw nobodyMeets();
      return room.live.begin(actor, body);
    });
    // Outside the room's turn: the recorder comes in at the same door.
    await started;
    return stateOf(room.live);
  }

  /** LIVE_NOT_RUNNING. */
  get(desk: Desk): Promise<LiveStream> {
    return this.#do(desk, stateOf);
  }

  /** LIVE_NOT_RUNNING. */
  stop(desk: Desk): Promise<void> {
    return this.#do(desk, (live, by) => live.stop(by));
  }

  /** LIVE_NOT_RUNNING. */
  setLayout(desk: Desk, layout: PictureLayout): Promise<void> {
    return this.#do(desk, (live) => live.setLayout(layout));
  }

  /** LIVE_NOT_RUNNING, LIVE_TARGET_INVALID, LIVE_TOO_MANY_TARGETS. */
  addTarget(desk: Desk, target: NewLiveTargetBody): Promise<LiveTarget> {
    return this.#do(desk, (live, by) => {
      const targetId = live.addTarget(by, target);
      const added = stateOf(live).targets.find((one) => one.targetId === targetId);
      if (!added) throw new ParleyError('LIVE_NOT_RUNNING');
      return added;
    });
  }

  /** LIVE_NOT_RUNNING, LIVE_TARGET_NOT_FOUND. */
  removeTarget(desk: Desk, targetId: string): Promise<void> {
    return this.#do(desk, (live, by) => live.removeTarget(by, targetId));
  }

  #do<T>({ room: name, by }: Desk, task: (live: LiveStreaming, by: Actor) => T): Promise<T> {
    const room = this.#rooms.room(name);
    return room.run(() => task(room.live, hostIn(room, by)));
  }
}

function stateOf({ state }: LiveStreaming): LiveStream {
  if (!state) throw new ParleyError('LIVE_NOT_RUNNING');
  return state;
}
