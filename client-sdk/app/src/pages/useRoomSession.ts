import { joinAsGuest, ParleyError, Room } from '@parley/client-sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JoinProblem } from '../lib/errorTexts.ts';
import { WEBRTC_SUPPORTED } from '../lib/support.ts';
import { startMedia, type MediaStart } from './meeting/startMedia.ts';
import type { DeviceChoices } from './prejoin/joinChoices.ts';

export type Phase =
  | { at: 'prejoin'; joining: boolean; problem: JoinProblem | null }
  | { at: 'meeting'; room: Room; start: MediaStart }
  | { at: 'ended'; reason: string; joining: boolean; problem: JoinProblem | null };

export interface JoinRequest {
  displayName: string;
  create: boolean;
  /** Asked for once the room is joined, so that what was switched meanwhile counts. */
  takeDevices: () => DeviceChoices;
}

export interface RoomSession {
  phase: Phase;
  join: (request: JoinRequest) => void;
  rejoin: () => void;
}

interface Invitation {
  /** Of an invitation link; null for guests. */
  token: string | null;
  nameOfToken: string;
}

/** What lasts while phases change. */
interface Memory {
  room: Room | null;
  rejoin: JoinRequest | null;
  /** The page shows another room or none: whatever is still on its way is to be left. */
  gone: boolean;
}

/** Takes a person from the pre-join page into the meeting and out again. */
export function useRoomSession(roomName: string, invitation: Invitation): RoomSession {
  const [phase, setPhase] = useState<Phase>({ at: 'prejoin', joining: false, problem: null });
  const memory = useRef<Memory>({ room: null, rejoin: null, gone: false });
  const { token, nameOfToken } = invitation;

  const join = useCallback(
    async (request: JoinRequest) => {
      setPhase((old) => (old.at === 'meeting' ? old : { ...old, joining: true, problem: null }));
      try {
        const room = await connect(roomName, { token, nameOfToken, ...request });
        if (memory.current.gone) return await room.leave();
        memory.current.room = room;
        watchEnd(room, (reason, devices) => {
          memory.current.room = null;
          // A room that was empty may be gone meanwhile; whoever was in it may open it again.
          memory.current.rejoin = { ...request, create: true, takeDevices: () => devices };
          setPhase({ at: 'ended', reason, joining: false, problem: null });
        });
        await startMedia(room, request.takeDevices(), (start) => {
          if (memory.current.room === room) setPhase({ at: 'meeting', room, start });
        });
      } catch (error) {
        const problem = problemOf(error);
        setPhase((old) => (old.at === 'meeting' ? old : { ...old, joining: false, problem }));
      }
    },
    [roomName, token, nameOfToken],
  );

  // Leaves when another page of the app is shown. The closing of the tab is seen by the SDK itself.
  useEffect(() => {
    const { current } = memory;
    current.gone = false;
    return () => {
      current.gone = true;
      void current.room?.leave();
    };
  }, []);
  return {
    phase,
    join: (request) => void join(request),
    rejoin: () => {
      if (memory.current.rejoin !== null) void join(memory.current.rejoin);
    },
  };
}

type ConnectOptions = Invitation & Pick<JoinRequest, 'displayName' | 'create'>;

async function connect(roomName: string, o: ConnectOptions): Promise<Room> {
  const { displayName, create } = o;
  if (o.token !== null) {
    return Room.connect(location.origin, o.token, displayName === o.nameOfToken ? {} : { displayName });
  }
  const { url, token } = await joinAsGuest(location.origin, roomName, { displayName, create });
  return Room.connect(url, token);
}

/** Calls back when the meeting is over for this person, with what was on then, to rejoin alike. */
function watchEnd(room: Room, ended: (reason: string, devices: DeviceChoices) => void): void {
  const choiceOf = (device: 'microphone' | 'camera') => ({
    on: room.localParticipant.isEnabled(device),
    track: null,
  });
  let devices: DeviceChoices = { microphone: choiceOf('microphone'), camera: choiceOf('camera') };
  room.on('stateChanged', () => {
    devices = { microphone: choiceOf('microphone'), camera: choiceOf('camera') };
  });
  room.on('disconnected', ({ reason }) => ended(reason, devices));
}

function problemOf(error: unknown): JoinProblem {
  if (!WEBRTC_SUPPORTED) return 'UNSUPPORTED';
  if (!(error instanceof ParleyError)) return 'INTERNAL';
  // The SDK calls a server that does not answer at all one that is shutting down.
  const unanswered = error.code === 'SHUTTING_DOWN' && error.cause !== undefined;
  return unanswered || !navigator.onLine ? 'NETWORK' : error.code;
}
