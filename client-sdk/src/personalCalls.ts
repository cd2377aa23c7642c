import type { CallRoomResult, PersonalCallEvent } from '@parley/protocol';
import { askServer } from './askServer.ts';

/** A call that rings. */
export type RingingCall = Extract<PersonalCallEvent, { type: 'ringing' }>;

export interface CallBell {
  /** A call rings: show it, with a way to take and to decline it. */
  ringing(call: RingingCall): void;
  /** It rings no more: `answered` or `declined` in one of one's apps, or `missed`. */
  stopped(callId: string, why: 'answered' | 'declined' | 'missed'): void;
}

const post = (body: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const urlOf = (serverUrl: string, path = ''): URL => new URL(`/api/v1/me/calls${path}`, serverUrl);

/** The pauses between attempts double from the first to the last of these, ms. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 30_000;
/** How long after a connection came back calls that still ring are told again, ms. */
const TOLD_AGAIN_MS = 2000;
/** How long a call rings on while nothing can be heard of it, ms. */
const UNHEARD_MS = 15_000;

/**
 * Hears of calls that ring for whoever is signed in in this browser; only on pages of the server itself. When the connection is
 * lost, or the server refuses it (as a proxy does while it restarts), it is opened again and again, 1 s later and at last
 * every 30 s. Calls that stopped meanwhile are told as missed once it is back, and all of them when it is not back
 * within 15 s. Gives what ends it.
 */
export function listenToCalls(serverUrl: string, bell: CallBell): () => void {
  const url = urlOf(serverUrl, '/events');
  /** Those that ring, and whether that was told since the connection stands. */
  const ringing = new Map<string, boolean>();
  let source: EventSource;
  let pause = FIRST_PAUSE_MS;
  let again: ReturnType<typeof setTimeout> | undefined;
  let settled: ReturnType<typeof setTimeout> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;

  const stopped = (callId: string, why: Parameters<CallBell['stopped']>[1]): void => {
    ringing.delete(callId);
    bell.stopped(callId, why);
  };
  const hear = ({ data }: MessageEvent<string>): void => {
    const event = JSON.parse(data) as PersonalCallEvent;
    if (event.type === 'stopped') return stopped(event.callId, event.why);
    ringing.set(event.callId, true);
    bell.ringing(event);
  };
  const missUntold = (): void => {
    for (const [callId, told] of ringing) if (!told) stopped(callId, 'missed');
  };
  const handleOpen = (): void => {
    pause = FIRST_PAUSE_MS;
    clearTimeout(settled);
    clearTimeout(lost);
    lost = undefined;
    settled = setTimeout(missUntold, TOLD_AGAIN_MS);
  };
  const handleError = (): void => {
    clearTimeout(settled);
    for (const callId of ringing.keys()) ringing.set(callId, false);
    lost ??= setTimeout(missUntold, UNHEARD_MS);
    // A lost connection the browser opens again by itself; one that was refused it does not.
    if (source.readyState !== source.CLOSED) return;
    again = setTimeout(open, pause);
    pause = Math.min(2 * pause, LAST_PAUSE_MS);
  };
  const open = (): void => {
    source = new EventSource(url, { withCredentials: true });
    for (const type of ['ringing', 'stopped'] as const) source.addEventListener(type, hear);
    source.addEventListener('open', handleOpen);
    source.addEventListener('error', handleError);
  };
  open();
  return () => {
    clearTimeout(again);
    clearTimeout(settled);
    clearTimeout(lost);
    source.close();
  };
}

/** Takes a call: join its room with what this gives, by `Room.connect`, within 30 s. Rejects with CALL_NOT_FOUND. */
export function answerCall(serverUrl: string, callId: string): Promise<CallRoomResult> {
  return askServer<CallRoomResult>(urlOf(serverUrl, `/${encodeURIComponent(callId)}/answer`), post());
}

/** Rejects with CALL_NOT_FOUND. */
export async function declineCall(serverUrl: string, callId: string): Promise<void> {
  await askServer<undefined>(urlOf(serverUrl, `/${encodeURIComponent(callId)}/decline`), post());
}

/**
 * A room for a call to this number: join it, and call `room.calls.dial` with the same number. Rejects with PHONES_OFF,
 * PHONE_NUMBER_INVALID, PHONE_NUMBER_REFUSED, PHONE_LIMIT_REACHED.
 */
export function prepareCall(serverUrl: string, target: string): Promise<CallRoomResult> {
  return askServer<CallRoomResult>(urlOf(serverUrl), post({ target }));
}
