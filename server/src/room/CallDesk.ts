import type { DialBody, MethodParams, PhoneCall } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type { Calls } from './Calls.ts';
import { hostIn } from './hostIn.ts';
import type { Desk, RoomFinder } from './HostDesk.ts';
import type { Actor } from './RoomCore.ts';

/** Phones of a room by REST: as its host, or as an integrator. Each method throws ROOM_NOT_FOUND and PERMISSION_DENIED, too. */
export class CallDesk {
  readonly #rooms: Pick<RoomFinder, 'room'>;

  constructor(rooms: Pick<RoomFinder, 'room'>) {
    this.#rooms = rooms;
  }

  /** Also where nobody meets yet: whoever answers is the first. BREAKOUT_NOT_FOUND, and the errors of `phone.dial`. */
  dial({ room: name, by }: Desk, { breakoutId = null, ...body }: DialBody): Promise<PhoneCall> {
    const room = this.#rooms.room(name);
    return room.run(() => {
      const actor = hostIn(room, by);
      const isThere =
        breakoutId === null || (room.breakouts.isOpen && room.breakouts.ids.includes(breakoutId));
      if (!isThere) throw new ParleyError('BREAKOUT_NOT_FOUND');
      return room.calls.dial(actor, { ...body, breakoutId });
    });
  }

  list(desk: Desk): Promise<PhoneCall[]> {
    return this.#do(desk, (calls) => calls.all);
  }

  /** CALL_NOT_FOUND. */
  cancel(desk: Desk, callId: string): Promise<void> {
    return this.#do(desk, (calls, by) => calls.cancel(by, callId));
  }

  /** CALL_NOT_FOUND, WRONG_STATE. */
  sendDigits(desk: Desk, callId: string, digits: string): Promise<void> {
    return this.#do(desk, (calls) => calls.sendDigits(callId, digits));
  }

  /** The errors of `phone.transfer`. */
  transfer(desk: Desk, params: MethodParams<'phone.transfer'>): Promise<void> {
    return this.#do(desk, (calls, by) => calls.transfer(by, params));
  }

  #do<T>({ room: name, by }: Desk, task: (calls: Calls, by: Actor) => T): Promise<T> {
    const room = this.#rooms.room(name);
    return room.run(() => task(room.calls, hostIn(room, by)));
  }
}
