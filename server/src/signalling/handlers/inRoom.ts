import type { MethodParams, MethodResult, SessionMethod } from '@parley/protocol';
import type { Participant } from '../../room/Participant.ts';
import type { Room } from '../../room/Room.ts';
import type { Handler } from '../handler.ts';

/** What somebody who is in a room asks of it. */
interface Asked<M extends SessionMethod> {
  room: Room;
  by: Participant;
  params: MethodParams<M>;
}

/** The handler of a method that changes the room: done in its turn, if the participant still may. */
export const inRoom =
  <M extends SessionMethod>(
    method: M,
    act: (asked: Asked<M>) => MethodResult<M> | Promise<MethodResult<M>>,
  ): Handler<M> =>
  ({ room, participant }, params) =>
    room.perform(participant, method, () => act({ room, by: participant, params }));

/** The same for a method whose answer says no more than that it was done. */
export const doInRoom =
  <M extends SessionMethod>(
    method: M & (Record<string, never> extends MethodResult<M> ? M : never),
    act: (asked: Asked<M>) => unknown,
  ): ((...args: Parameters<Handler<M>>) => Promise<Record<string, never>>) =>
  ({ room, participant }, params) =>
    room.perform(participant, method, async () => {
      await act({ room, by: participant, params });
      return {};
    });
