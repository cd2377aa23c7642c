/** What somebody who comes in, or is in, is shown of the room. */
import type { JoinedRoom, RoomInfo, RoomState } from '@parley/protocol';
import type { BreakoutRooms } from './BreakoutRooms.ts';
import type { Participant } from './Participant.ts';
import type { Polls } from './Polls.ts';
import type { Roster } from './Roster.ts';
import type { Stage } from './Stage.ts';

/** As much of a room as is shown. */
interface ShownRoom {
  readonly info: RoomInfo;
  readonly roster: Roster;
  readonly stage: Stage;
  readonly breakouts: BreakoutRooms;
  readonly polls: Polls;
}

type Rest = Pick<JoinedRoom, 'roomState' | 'iceServers' | 'rtpCapabilities' | 'mediaGeneration'>;

export function snapshotFor({ info, roster }: ShownRoom, participant: Participant, rest: Rest): JoinedRoom {
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
  { stage, roster, breakouts, polls }: ShownRoom,
  participant: Participant,
  endsAt: number | null,
): RoomState {
  return {
    ...stage.state,
    endsAt,
    hostPresent: roster.hostPresent,
    breakouts: breakouts.stateFor(participant),
    polls: polls.stateFor(participant),
  };
}
