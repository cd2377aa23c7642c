import { useEffect, useReducer } from 'react';
import type { ConnectionState, Participant, Publication, RoomEvents, Source } from '../src/index.ts';
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
