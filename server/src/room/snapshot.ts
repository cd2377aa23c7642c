/** What somebody who comes in, or is in, is shown of the room. */
import type { JoinedRoom, RoomState } from '@parley/protocol';
import type { Participant } from './Participant.ts';
import type { Room } from './Room.ts';

type Rest = Pick<JoinedRoom, 'roomState' | 'iceServers' | 'rtpCapabilities' | 'mediaGeneration'>;

export function snapshotFor({ info, roster }: Room, participant: Participant, rest: Rest): JoinedRoom {
  const { breakoutId } = participant;
  return {
    state: 'joined',
    room: info,
    self: participant.info,
    permissions: participant.permissions,
    breakoutId,
    participants: roster
      .visibleIn(breakoutId)
      .filter((other) => other !== participant)
      .map((other) => other.info),
    ...rest,
  };
}

export function stateFor(
  { stage, hostPresent, breakouts, polls }: Room,
  participant: Participant,
  endsAt: number | null,
): RoomState {
  return {
    ...stage.state,
    endsAt,
    hostPresent,
    breakouts: breakouts.stateFor(participant),
    polls: polls.stateFor(participant),
  };
}
