/** What somebody who comes in, or is in, is shown of the room. */
import type { EgressState, JoinedRoom, RoomInfo, RoomState } from '@parley/protocol';
import type { Calls } from './Calls.ts';
import type { BreakoutRooms } from './BreakoutRooms.ts';
import type { LiveStreaming } from './LiveStreaming.ts';
import type { Participant } from './Participant.ts';
import type { Polls } from './Polls.ts';
import type { Recording } from './Recording.ts';
import type { Roster } from './Roster.ts';
import type { Stage } from './Stage.ts';

/** As much of a room as is shown. */
export interface ShownRoom {
  readonly info: RoomInfo;
  readonly roster: Roster;
  readonly stage: Stage;
  readonly breakouts: BreakoutRooms;
  readonly polls: Polls;
  readonly recording: Recording;
  readonly live: LiveStreaming;
  readonly calls: Calls;
}

type Rest = Pick<JoinedRoom, 'roomState' | 'iceServers' | 'rtpCapabilities' | 'mediaGeneration'>;

export function snapshotFor(room: ShownRoom, participant: Participant, rest: Rest): JoinedRoom {
  const { info, roster } = room;
  const { breakoutId } = participant;
  return {
    state: 'joined',
    room: info,
    self: participant.info,
    permissions: participant.permissions,
    egress: egressFor(room, participant),
    breakoutId,
    participants: roster
      .visibleIn(breakoutId)
      .filter((other) => other !== participant)
      .map((other) => other.info),
    ...rest,
  };
}

/** What somebody sees of recordings and the live stream. */
export function egressFor(
  { recording, live }: Pick<ShownRoom, 'recording' | 'live'>,
  participant: Participant,
): EgressState {
  return { ...recording.stateFor(participant), live: live.stateFor(participant) };
}

export function stateFor(
  { stage, roster, breakouts, polls, calls }: ShownRoom,
  participant: Participant,
  endsAt: number | null,
): RoomState {
  return {
    ...stage.state,
    endsAt,
    hostPresent: roster.hostPresent,
    breakouts: breakouts.stateFor(participant),
    polls: polls.stateFor(participant),
    calls: calls.stateFor(participant),
  };
}
