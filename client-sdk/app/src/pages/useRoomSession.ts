import { joinAsGuest, ParleyError, Room } from '@parley/client-sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JoinProblem } from '../lib/errorTexts.ts';
import { startMedia } from './meeting/startMedia.ts';
import type { MediaProblem } from './meeting/useMediaControls.ts';
import type { JoinChoices, PreviewTracks } from './prejoin/joinChoices.ts';

export type Phase =
  | { at: 'prejoin'; joining: boolean; problem: JoinProblem | null }
  | { at: 'meeting'; room: Room; startProblem: MediaProblem | null }
  | { at: 'ended'; reason: string; joining: boolean; problem: JoinProblem | null };

export interface JoinOptions {
  create: boolean;
  /** Gives the tracks of the preview away, once the room is joined. */
  takeTracks(): PreviewTracks;
}

export interface RoomSession {
  phase: Phase;
  join(choices: JoinChoices, options: JoinOptions): void;
  rejoin(): void;
}

interface Invitation {
  /** Of an invitation link; null for guests. */
  token: string | null;
  nameOfToken: string;
}

const NO_TRACKS = () => ({ microphone: null, camera: null });

/** Takes a person from the pre-join page into the meeting and out again. */
export function useRoomSession(roomName: string, invitation: Invitation): RoomSession {
  const [phase, setPhase] = useState<Phase>({ at: 'prejoin', joining: false, problem: null });
  const current = useRef<{ room: Room | null; choices: JoinChoices | null }>({ room: null, choices: null });
  const { token, nameOfToken } = invitation;

  const join = useCallback(
    async (choices: JoinChoices, { create, takeTracks }: JoinOptions) => {
      current.current.choices = choices;
      setPhase((old) => (old.at === 'meeting' ? old : { ...old, joining: true, problem: null }));
      try {
        const room = await connect(roomName, { token, nameOfToken, choices, create });
        current.current.room = room;
        room.on('disconnected', ({ reason }) => {
          current.current.room = null;
          setPhase({ at: 'ended', reason, joining: false, problem: null });
        });
        const tracks = takeTracks();
        setPhase({ at: 'meeting', room, startProblem: null });
        const startProblem = await startMedia(room, choices, tracks);
        if (startProblem !== null) {
          setPhase((old) => (old.at === 'meeting' && old.room === room ? { ...old, startProblem } : old));
        }
      } catch (error) {
        const problem = problemOf(error);
        setPhase((old) => (old.at === 'meeting' ? old : { ...old, joining: false, problem }));
      }
    },
    [roomName, token, nameOfToken],
  );

  useLeaveOnExit(current);
  return {
    phase,
    join: (choices, options) => void join(choices, options),
    rejoin: () => {
      const { choices } = current.current;
      // A room that was empty may be gone meanwhile; whoever was in it may open it again.
      if (choices !== null) void join(choices, { create: true, takeTracks: NO_TRACKS });
    },
  };
}

interface ConnectOptions extends Invitation {
  choices: JoinChoices;
  create: boolean;
}

async function connect(roomName: string, o: ConnectOptions): Promise<Room> {
  const { displayName } = o.choices;
  if (o.token !== null) {
    const renamed = displayName !== o.nameOfToken;
    return Room.connect(location.origin, o.token, renamed ? { displayName } : {});
  }
  const { url, token } = await joinAsGuest(location.origin, roomName, { displayName, create: o.create });
  return Room.connect(url, token);
}

function problemOf(error: unknown): JoinProblem {
  if (typeof RTCPeerConnection === 'undefined') return 'UNSUPPORTED';
  return error instanceof ParleyError ? error.code : 'NETWORK';
}

/** Leaves when the page is left, so that the others see it at once. */
function useLeaveOnExit(current: { current: { room: Room | null } }): void {
  useEffect(() => {
    const leave = () => void current.current.room?.leave();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [current]);
}
