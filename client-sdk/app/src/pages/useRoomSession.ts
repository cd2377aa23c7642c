import { ParleyError, type LobbyVisit, type Room, type RoomNotice } from '@parley/client-sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JoinProblem } from '../lib/errorTexts.ts';
import { WEBRTC_SUPPORTED } from '../lib/support.ts';
import { enterRoom } from './enterRoom.ts';
import { NoticeFirst } from './NoticeFirst.ts';
import { startMedia, type MediaStart } from './meeting/startMedia.ts';
import type { DeviceChoices } from './prejoin/joinChoices.ts';

export type Phase =
  | { at: 'prejoin'; joining: boolean; problem: JoinProblem | null; notice: RoomNotice | null }
  | { at: 'lobby'; visit: LobbyVisit }
  | { at: 'meeting'; room: Room; start: MediaStart }
  | { at: 'ended'; reason: string; joining: boolean; problem: JoinProblem | null };

export interface JoinRequest {
  displayName: string;
  create: boolean;
  /** Empty when none was typed. */
  password: string;
  /** What the page has told of recording and streaming; null when it need not. */
  told: RoomNotice | null;
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
  /** Code of an invitation link; empty when there is none. */
  invite: string;
}

/** What lasts while phases change. */
interface Memory {
  room: Room | null;
  /** One’s stay in the lobby, before one is in. */
  visit: LobbyVisit | null;
  rejoin: JoinRequest | null;
  /** The page shows another room or none: whatever is still on its way is to be left. */
  gone: boolean;
}

/** Takes a person from the pre-join page into the meeting and out again. */
export function useRoomSession(roomName: string, invitation: Invitation): RoomSession {
  const [phase, setPhase] = useState<Phase>({ at: 'prejoin', joining: false, problem: null, notice: null });
  const memory = useRef<Memory>({ room: null, visit: null, rejoin: null, gone: false });
  const { token, nameOfToken, invite } = invitation;

  const join = useCallback(
    async (request: JoinRequest) => {
      setPhase((old) => (isForm(old) ? { ...old, joining: true, problem: null } : old));
      try {
        const onKnocking = (visit: LobbyVisit): void => {
          memory.current.visit = visit;
          if (memory.current.gone) void visit.leave();
          else setPhase({ at: 'lobby', visit });
        };
        const room = await enterRoom(roomName, { token, nameOfToken, invite, ...request, onKnocking });
        memory.current.visit = null;
        if (memory.current.gone) return await room.leave();
        watchLobby(room, setPhase);
        memory.current.room = room;
        watchEnd(room, (reason, devices) => {
          memory.current.room = null;
          // A room that was empty may be gone meanwhile; whoever was in it may open it again.
          memory.current.rejoin = { ...request, create: true, told: null, takeDevices: () => devices };
          setPhase({ at: 'ended', reason, joining: false, problem: null });
        });
        await startMedia(room, request.takeDevices(), (start) => {
          if (memory.current.room === room) setPhase({ at: 'meeting', room, start });
        });
      } catch (error) {
        if (error instanceof NoticeFirst) return setPhase((old) => withNotice(old, error.notice));
        const problem = problemOf(error);
        const wasWaiting = memory.current.visit !== null;
        memory.current.visit = null;
        memory.current.rejoin = { ...request, told: null, takeDevices: () => OFF };
        if (wasWaiting && !memory.current.gone)
          setPhase({ at: 'ended', reason: reasonOf(error), joining: false, problem: null });
        else setPhase((old) => (isForm(old) ? { ...old, joining: false, problem } : old));
      }
    },
    [roomName, token, nameOfToken, invite],
  );

  // Leaves when another page of the app is shown. The closing of the tab is seen by the SDK itself.
  useEffect(() => {
    const { current } = memory;
    current.gone = false;
    return () => {
      current.gone = true;
      void current.visit?.leave();
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

const OFF: DeviceChoices = { microphone: { on: false, track: null }, camera: { on: false, track: null } };

const isForm = (phase: Phase): phase is Extract<Phase, { joining: boolean }> => 'joining' in phase;

const withNotice = (phase: Phase, notice: RoomNotice): Phase =>
  phase.at === 'prejoin' ? { ...phase, joining: false, notice } : phase;

/** Why one is no longer in the lobby: a host said no, or one left by oneself. */
function reasonOf(error: unknown): string {
  const reason = error instanceof ParleyError ? error.details?.['reason'] : undefined;
  return typeof reason === 'string' ? reason : 'left';
}

/** A host may send one back to the lobby, and let one in again. */
function watchLobby(room: Room, setPhase: (change: (old: Phase) => Phase) => void): void {
  let meeting: Phase | undefined;
  room.on('sentToLobby', (visit) => {
    setPhase((old) => {
      if (old.at === 'meeting') meeting = old;
      return { at: 'lobby', visit };
    });
  });
  room.on('stateChanged', (state) => {
    if (state === 'connected') setPhase((old) => (old.at === 'lobby' ? (meeting ?? old) : old));
  });
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
