import { useEffect, useReducer } from 'react';
import type {
  Calls,
  Chat,
  ConnectionState,
  Knocker,
  LiveStreaming,
  Participant,
  Publication,
  Recording,
  Room,
  RoomEvents,
  Source,
} from '../src/index.ts';
import { useRoom } from './RoomContext.tsx';

/** Events after which a participant may look different. */
const PARTICIPANT_EVENTS = [
  'participantUpdated',
  'publicationAdded',
  'publicationRemoved',
  'publicationUpdated',
  'trackSubscribed',
  'trackUnsubscribed',
  'localPublicationAdded',
  'localPublicationRemoved',
  'activeSpeakersChanged',
] as const;

/** Renders again after any of these events. `events` must be the same list each time. */
function useRenderOn(events: readonly (keyof RoomEvents)[]): void {
  const room = useRoom();
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    for (const event of events) room.on(event, render);
    // Something may have happened between the first render and now.
    render();
    return () => {
      for (const event of events) room.off(event, render);
    };
  }, [room, events]);
}

const STATE_EVENTS = ['stateChanged'] as const;
export function useConnectionState(): ConnectionState {
  useRenderOn(STATE_EVENTS);
  return useRoom().state;
}

const ROSTER_EVENTS = ['participantJoined', 'participantLeft', 'roomUpdated', ...PARTICIPANT_EVENTS] as const;
/** Everybody, oneself first. Renders again when somebody comes, goes or changes. */
export function useParticipants(): Participant[] {
  useRenderOn(ROSTER_EVENTS);
  return useRoom().participants;
}

/** Renders again when the participant, or what they publish, changes. */
export function useParticipant(participant: Participant): Participant {
  useRenderOn(PARTICIPANT_EVENTS);
  return participant;
}

export function usePublication(participant: Participant, source: Source): Publication | undefined {
  return useParticipant(participant).getPublication(source);
}

const SPEAKER_EVENTS = ['activeSpeakersChanged'] as const;
/** Who speaks now, loudest first. */
export function useActiveSpeakers(): Participant[] {
  useRenderOn(SPEAKER_EVENTS);
  return useRoom().activeSpeakers;
}

const STATE_OF_ROOM_EVENTS = ['roomStateChanged', 'roomUpdated', 'moved', 'permissionsChanged'] as const;
/** Settings, spotlight, timer, breakout rooms and polls, and what one may do: renders again when one of them changes. */
export function useRoomState(): Room {
  useRenderOn(STATE_OF_ROOM_EVENTS);
  return useRoom();
}

const LOBBY_EVENTS = ['lobbyChanged', 'permissionsChanged'] as const;
/** Who waits in the lobby, for those who may admit. */
export function useLobby(): readonly Knocker[] {
  useRenderOn(LOBBY_EVENTS);
  const room = useRoom();
  return room.permissions.canAdmit ? room.lobby.people : [];
}

const CHAT_EVENTS = ['chatChanged', 'permissionsChanged', 'moved'] as const;
export function useChat(): Chat {
  useRenderOn(CHAT_EVENTS);
  return useRoom().chat;
}

const EGRESS_EVENTS = [
  'recordingChanged',
  'participantUpdated',
  'permissionsChanged',
  'roomUpdated',
  'moved',
] as const;
/** Whether one is recorded, and whether one agreed to it: renders again when that changes. */
export function useRecording(): Recording {
  useRenderOn(EGRESS_EVENTS);
  return useRoom().recording;
}

/** Whether the meeting is streamed to the world: renders again when that changes. */
export function useLive(): LiveStreaming {
  useRenderOn(EGRESS_EVENTS);
  return useRoom().live;
}

const CALL_EVENTS = [
  'callChanged',
  'roomStateChanged',
  'participantUpdated',
  'participantLeft',
  'permissionsChanged',
  'moved',
] as const;
/** Phones that are called from the room, or are in it: renders again when one of the calls changes. */
export function useCalls(): Calls {
  useRenderOn(CALL_EVENTS);
  return useRoom().calls;
}
