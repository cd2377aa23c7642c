/** Calls that ring for somebody, and those that they missed. */
import type { RingingCall } from '@parley/client-sdk';

export interface Bell {
  ringing: readonly RingingCall[];
  missed: readonly RingingCall[];
}
export const SILENT: Bell = { ringing: [], missed: [] };

type Event =
  | { type: 'rings'; call: RingingCall }
  | { type: 'stopped'; callId: string; why: 'answered' | 'declined' | 'missed' }
  | { type: 'putAside'; callId: string };

/** So many missed calls are told of. */
const MOST_MISSED = 3;

/** A call is told again when the connection comes back, so that each is there once. */
export function bellAfter({ ringing, missed }: Bell, event: Event): Bell {
  if (event.type === 'putAside') return { ringing, missed: without(missed, event.callId) };
  if (event.type === 'rings')
    return { ringing: [...without(ringing, event.call.callId), event.call], missed };
  const call = ringing.find(({ callId }) => callId === event.callId);
  const isMissed = call !== undefined && event.why === 'missed';
  return {
    ringing: without(ringing, event.callId),
    missed: isMissed ? [call, ...missed].slice(0, MOST_MISSED) : missed,
  };
}

const without = (calls: readonly RingingCall[], id: string): RingingCall[] =>
  calls.filter(({ callId }) => callId !== id);
